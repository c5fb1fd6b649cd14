import ArgumentParser
import BuiltInPlugins
import NuTuneCore
import NuTunePlugins

extension PluginCommand {
  /// `nutune plugin new`.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "Writes a plugin package that builds and works, to be changed into yours.",
      discussion: """
        The package has one small model, a test that runs the conformance suite, and a README with its commands.

        Example:
          nutune plugin new cross-section Superscaling
          nutune plugin new detector Argon --out plugins/Argon --nutune ../nutune
        """)

    @Argument(help: "cross-section, flux, detector or oscillation.")
    var kind: String

    @Argument(help: "Name of the package, as in Superscaling; studies call the plugin superscaling.")
    var name: String

    @Option(help: "The folder to write; the name by default.")
    var out: String?

    @Option(
      help: ArgumentHelp(
        "NuTune's package, a folder or the address of a repository; that which this nutune was built from by default.",
        valueName: "PATH-or-URL"))
    var nutune: String?

    func run() throws {
      let kinds = PluginKind.allCases.map(\.rawValue)
      guard let kind = PluginKind(rawValue: kind) else {
        throw NuTuneError(
          .usage, key: "kind", found: "“\(kind)”", expected: "one of \(kinds.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: kind, among: kinds))
      }
      let taken = try BuiltInPlugins.registry().descriptors(of: kind).map(\.name)
      let scaffold = PluginScaffold(
        kind: kind, name: try PluginName(name, taken: taken), nutune: try NuTuneDependency(nutune))
      let folder = out ?? name
      try scaffold.write(to: folder)
      try StandardOutput.write(
        """
        \(folder): the \(kind.rawValue) plugin \(scaffold.name.plugin)
          swift build -c release --package-path \(folder)
          nutune plugin check \(folder.contains("/") ? folder : "./\(folder)")

        """)
    }
  }
}
