import ArgumentParser
import BuiltInPlugins
import NuTuneCore
import NuTuneStudy

/// The executable: one verb, one file.
struct Nutune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nutune",
    abstract: "Learns neutrino-nucleus cross sections from near-detector data.",
    discussion: """
      Results go to standard output or the output folder, messages to standard error.

      Example:
        nutune check catalogs/studies/dune-closure.yaml
        nutune show toy-sf
      """,
    version: NuTuneVersion.current, subcommands: verbs)

  /// The verbs, in the order of `--help`.
  static let verbs: [any ParsableCommand.Type] = [
    RunCommand.self, CheckCommand.self, ListCommand.self, ShowCommand.self, CrossSectionCommand.self,
    OscillateCommand.self, EnsembleCommand.self, CoverageCommand.self, ReportCommand.self, CompareCommand.self,
    PresentCommand.self, CiteCommand.self, SchemaCommand.self, PluginCommand.self,
  ]

  /// Refuses an unknown verb with the nearest one.
  static func checkVerb(_ arguments: ArraySlice<String>) throws {
    guard let verb = arguments.first, !verb.hasPrefix("-") else { return }
    let names = verbs.compactMap { $0.configuration.commandName }
    guard !names.contains(verb), verb != "help" else { return }
    throw NuTuneError(
      .usage, found: "the unknown command “\(verb)”", expected: "one of \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: verb, among: names))
  }
}
