import ArgumentParser
import BuiltInPlugins
import NuTuneCatalog
import NuTuneCore
import NuTunePlugins
import NuTuneResults
import NuTuneTesting

extension PluginCommand {
  /// `nutune plugin check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Tests whether the plugins of a library keep the promises of their protocols.",
      discussion: """
        The suite is that of the product NuTuneTesting, which a plugin's own tests can run too. It runs in a process of its \
        own: a plugin that crashes or never comes back (NUTUNE_PLUGIN_TIMEOUT is the limit in seconds) has failed the check \
        that it did so in. Exit code 0 when every check passed, 65 otherwise.

        Example:
          nutune plugin check ./Superscaling --set fermi_momentum=0.22
        """)

    @Argument(
      help: "The library, a built plugin package's folder, or a name that is found in NUTUNE_PLUGIN_PATH.",
      completion: .file())
    var library: String

    @Option(
      name: .customLong("set"), parsing: .singleValue,
      help: ArgumentHelp("A value for a parameter; may be repeated.", valueName: "parameter=value"))
    var changes: [String] = []

    func run() throws {
      let examination = PluginExamination(probe: try PluginProbe())
      let (path, reports) = try examination.reports(
        on: PluginReference(library), beside: try BuiltInPlugins.registry(), changes: changes)
      try StandardOutput.write("\(path)\n" + reports.map(Self.page).joined())
      guard reports.allSatisfy(\.conforms) else { throw ExitCode(NuTuneError.Category.badData.rawValue) }
    }

    /// Lists the checks of a plugin, with the number of each outcome.
    private static func page(_ report: ConformanceReport) -> String {
      func count(_ isCounted: (ConformanceReport.Outcome) -> Bool) -> Int {
        report.checks.count { isCounted($0.outcome) }
      }
      let passed = count { $0 == .passed }
      let warned = count { if case .warned = $0 { true } else { false } }
      let skipped = count { if case .skipped = $0 { true } else { false } }
      let lines = report.description.split(separator: "\n").map { "  \($0)\n" }.joined()
      return "\n\(report.name) (\(report.kind.rawValue))\n\(lines)"
        + "  \(passed) passed, \(report.failures.count) failed, \(warned) warnings, \(skipped) skipped\n"
    }
  }

  /// `nutune plugin probe`, the other process of `PluginProbe`.
  struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "probe", abstract: "Loads a library and says whether the program survived it.", shouldDisplay: false)

    @Argument(help: "The library.")
    var library: String

    func run() throws {
      PluginProbe.load(library)
      try StandardOutput.write("\n\(PluginProbe.lastLine)\n")
    }
  }

  /// `nutune plugin examine`, the other process of `PluginExamination`.
  struct Examine: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "examine", abstract: "Runs the conformance suite in this process.", shouldDisplay: false)

    @Argument(help: "The library.")
    var library: String

    @Option(name: .customLong("set"), parsing: .singleValue, help: "A value for a parameter.")
    var changes: [String] = []

    func run() throws {
      // A line begins on a line of its own, whatever the plugin prints.
      try PluginExamination.examine(library, changes: changes) { try? StandardOutput.write("\n\($0)\n") }
      try StandardOutput.write("\n\(PluginProbe.lastLine)\n")
    }
  }
}
