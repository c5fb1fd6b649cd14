import ArgumentParser
import BuiltInPlugins
import NuTuneCore
import NuTunePlugins
import NuTuneStudy

/// `--plugin`, and the registry that a command works with: built-in plugins, and those that its user named.
struct PluginOptions: ParsableArguments {
  @Option(
    name: .customLong("plugin"), parsing: .singleValue,
    help: ArgumentHelp(
      "A library of plugins to load: its file, a built plugin package's folder, or a name that is found in "
        + "NUTUNE_PLUGIN_PATH; may be repeated. It runs with your rights.", valueName: "PATH"))
  var plugins: [String] = []

  /// The registry of a command without a study.
  func registry() throws -> Registry { try registry(with: []) }

  /// The registry for a study, which may name libraries itself.
  func registry(forStudy study: String, overrides: [String]) throws -> Registry {
    try registry(with: try StudyConfiguration.plugins(of: study, overrides: overrides))
  }

  private func registry(with others: [PluginReference]) throws -> Registry {
    var registry = try BuiltInPlugins.registry()
    let references = others + plugins.map { PluginReference($0) }
    if !references.isEmpty { try PluginLoader().load(references, into: &registry) }
    return registry
  }

  /// The registry that an ensemble was planned with; a library that has changed since is an error.
  static func registry(of libraries: [PluginLibrary]) throws -> Registry {
    var registry = try BuiltInPlugins.registry()
    if !libraries.isEmpty { try PluginLoader().load(libraries, into: &registry) }
    return registry
  }
}
