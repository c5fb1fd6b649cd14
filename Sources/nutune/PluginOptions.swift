import ArgumentParser
import BuiltInPlugins
import NuTuneCatalog
import NuTuneCore
import NuTunePlugins

/// `--plugin`, and the registry of a command: built-in plugins, and the plugins that the user named.
struct PluginOptions: ParsableArguments {
  @Option(
    name: .customLong("plugin"), parsing: .singleValue,
    help: ArgumentHelp(
      "A library of plugins to load: its file, a built plugin package's folder, or a name that is found in "
        + "NUTUNE_PLUGIN_PATH; may be repeated. It runs with your rights.", valueName: "PATH"))
  var plugins: [String] = []

  /// Returns the registry of a command without a study.
  func registry() throws -> Registry { try registry(with: []) }

  /// Returns the registry for a study, which may name libraries itself.
  func registry(forStudy study: String, overrides: [String]) throws -> Registry {
    try registry(with: try StudyConfiguration.plugins(of: study, overrides: overrides))
  }

  private func registry(with others: [PluginReference]) throws -> Registry {
    var registry = try BuiltInPlugins.registry()
    let references = others + plugins.map { PluginReference($0) }
    if !references.isEmpty { try PluginLoader().load(references, into: &registry) }
    return registry
  }

  /// Returns the registry for a folder that was planned with some libraries. The folder may be foreign, so none of them
  /// is loaded unless the user names it; a missing library, or another one than planned, is an error.
  func registry(forFolder folder: String, plannedWith libraries: [PluginLibrary]) throws -> Registry {
    let registry = try registry()
    for library in libraries where !registry.libraries.contains(where: { $0.sha256 == library.sha256 }) {
      let isOther = registry.libraries.contains { $0.path == library.path }
      throw NuTuneError(
        isOther ? .badData : .usage, at: SourceLocation(file: isOther ? library.path : folder),
        key: isOther ? nil : "--plugin",
        found: isOther
          ? "another library than the run was made with"
          : "a plan with the library \(library.path), which was not named here",
        expected: isOther
          ? "the file with SHA-256 \(library.sha256)"
          : "--plugin \(library.path), if you trust it: plugins run with your rights")
    }
    return registry
  }
}
