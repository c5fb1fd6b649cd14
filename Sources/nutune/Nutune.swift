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
    PresentCommand.self, ImportCommand.self, CiteCommand.self, SchemaCommand.self, PluginCommand.self,
  ]

  /// Refuses an unknown verb, or a word after it that is none of its subcommands, with the nearest one.
  static func checkVerb(_ arguments: ArraySlice<String>) throws {
    guard let verb = arguments.first, !verb.hasPrefix("-") else { return }
    guard verb != "help" else { return }
    try check(verb, among: verbs, after: "")
    let subcommands = verbs.first { $0._commandName == verb }?.configuration.subcommands ?? []
    guard !subcommands.isEmpty, let word = arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    try check(word, among: subcommands, after: "\(verb) ")
  }

  private static func check(_ word: String, among commands: [any ParsableCommand.Type], after verb: String) throws {
    let names = commands.map { $0._commandName }
    guard !names.contains(word) else { return }
    throw NuTuneError(
      .usage, found: "the unknown command “\(verb)\(word)”", expected: "one of \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: word, among: names))
  }
}
