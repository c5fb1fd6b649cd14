import ArgumentParser
import BuiltInPlugins
import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

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
    RunCommand.self, ScanCommand.self, CheckCommand.self, ListCommand.self, ShowCommand.self, ModelsCommand.self,
    CrossSectionCommand.self, EventsCommand.self, MeasurementCommand.self, OscillateCommand.self, EnsembleCommand.self,
    CoverageCommand.self, SensitivityCommand.self,
    ReportCommand.self,
    CompareCommand.self, BoardCommand.self,
    PresentCommand.self, ImportCommand.self, ExportCommand.self, CiteCommand.self, SchemaCommand.self,
    PluginCommand.self,
  ]

  /// Ends the program at once. Cleanup in libraries may wait for threads that never started, as in OpenBLAS when memory
  /// is short; all files of NuTune are written before this is called.
  static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }

  /// Throws when too few files may be open, or too little memory is left: libraries would stop the process there, or
  /// wait forever.
  static func checkLimits() throws {
    if let left = AddressSpace.left, left < AddressSpace.least {
      throw NuTuneError(
        .runtime, key: "ulimit -v", found: "\(left >> 20) MB of memory left",
        expected: "\(AddressSpace.least >> 20) MB or more")
    }
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < leastDescriptors else {
      return
    }
    throw NuTuneError(
      .runtime, key: "ulimit -n", found: "\(limit.rlim_cur) files that may be open",
      expected: "\(leastDescriptors) or more")
  }

  private static let leastDescriptors: rlim_t = 32

  /// Throws for empty words: an empty word names no file, and in front of a slash it would be the root.
  static func checkWords(_ words: ArraySlice<String>) throws {
    for (index, word) in words.enumerated() where word.isEmpty {
      let before = index > 0 ? " after “\(words[words.startIndex + index - 1].prefix(80))”" : ""
      throw NuTuneError(.usage, found: "an empty word\(before)", expected: "a value, or none")
    }
  }

  /// Throws for an unknown verb, or a word after it that is none of its subcommands, with the nearest one.
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
