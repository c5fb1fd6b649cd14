import ArgumentParser
import NuTuneCatalog
import NuTuneCore

/// `nutune check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validates a study before anything is computed.",
    discussion: """
      Reads the study, its catalog entries and flux tables, makes every plugin, and reports every mistake with \
      file, line, key, what was found and what was expected.

      Example:
        nutune check catalogs/studies/dune-closure.yaml --set far.events=12000
      """)

  @Argument(help: "A study file, or the name of a study in the catalog.", completion: .file())
  var study: String

  @OptionGroup var overrides: StudyChanges

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let registry = try plugins.registry(forStudy: study, overrides: overrides.changes)
    let study = try StudyConfiguration.load(study, overrides: overrides.changes, registry: registry)
    try study.check(registry)
    study.warnOfUnusedValues()
    let models = study.models.map { "\($0.label) (\($0.trained?.reference ?? $0.name))" }.joined(separator: ", ")
    try StandardOutput.write(
      """
      \(shown(study.path)): ok
        \(shown(study.title)): \(shown(study.experiment.title)), \(study.channels.map(\.rawValue).joined(separator: ", ")), \
      \(study.modes.joined(separator: ", ")); \(study.truth.map { "truth \(shown($0.title))" } ?? "data \(study.measurements.map(\.name).joined(separator: ", "))"); models \(models)\(flux(of: study))

      """)
  }

  private func shown(_ text: String) -> String { PrintableText.line(text, limit: 200) }

  /// Returns the flux of every far prediction.
  private func flux(of study: StudyConfiguration) -> String {
    study.farDetectors.map {
      "; \(shown($0.title)) with \(study.usesOwnFlux($0) ? "its own flux" : "the near flux")"
    }.joined()
  }
}

extension StudyConfiguration {
  /// Warns of given values that have no effect.
  func warnOfUnusedValues() {
    for value in unusedValues { StandardError.warn("\(value)") }
  }
}
