import Foundation
import NuTuneCore
import NuTuneFiles
import NuTunePluginABI

/// The plugins of one library, loaded into this process.
///
/// Loading a library runs its code with the rights of this process; ``PluginProbe`` tests first, in another process,
/// whether that process survives it.
struct LoadedPlugins {
  /// The library.
  let library: PluginLibrary
  /// The plugins of the library, in the order in which it registers them.
  let types: [any Plugin.Type]

  /// The ABI tag of this program, which a library must share.
  static var hostTag: String { String(cString: nutune_abi_tag()) }

  private typealias Tag = @convention(c) () -> UnsafePointer<CChar>
  private typealias Register = @convention(c) (UnsafeMutableRawPointer) -> Void

  /// Loads a library, checks its tag, and lets it register. A file that is no library of plugins for this program is an
  /// exit-65 error.
  init(path: String) throws {
    let place = SourceLocation(file: path)
    func refuse(_ found: String, expected: String) -> NuTuneError {
      NuTuneError(.badData, at: place, found: found, expected: expected)
    }
    guard let sha256 = Digest.sha256(ofFile: path) else {
      throw NuTuneError(.missingInput, at: place, found: "a file that cannot be read", expected: "a library of plugins")
    }
    let image = try DynamicLibrary(path: path)
    guard let tag = image.function("nutune_plugin_abi", as: Tag.self) else {
      throw refuse(
        "a library without the function nutune_plugin_abi",
        expected: "a library of plugins, which says what it was compiled for: @c(nutune_plugin_abi)")
    }
    let found = String(cString: tag())
    guard found == Self.hostTag else {
      throw refuse(
        "a library with the tag “\(found)”",
        expected:
          "“\(Self.hostTag)”, that of this nutune: rebuild the plugin with the NuTune and the Swift compiler that "
          + "this nutune was built with")
    }
    guard let register = image.function("nutune_plugin_register", as: Register.self) else {
      throw refuse(
        "a library without the function nutune_plugin_register",
        expected: "a library of plugins, which says what it has: @c(nutune_plugin_register)")
    }
    let registrar = PluginRegistrar()
    registrar.hand { register($0) }
    guard !registrar.types.isEmpty else {
      throw refuse("a library that registers no plugin", expected: "at least one: PluginRegistrar.at(host).add(…)")
    }
    library = PluginLibrary(path: path, sha256: sha256)
    types = try registrar.types.map { type in
      guard let plugin = type as? any Plugin.Type else {
        throw refuse(
          "the type \(type), a plugin of a second copy of NuTuneCore that the library brought",
          expected:
            "a library that has NuTune from one of the dynamic products NuTuneCore and NuTunePluginKit alone; every "
            + "other product brings a core")
      }
      return plugin
    }
  }

  /// Adds the plugins to a registry, all or none; a taken name or a wrong kind is an exit-65 error.
  func register(in registry: inout Registry) throws {
    var extended = registry
    var problems = NuTuneErrors()
    for type in types {
      problems.attempt {
        do {
          try extended.register(type, from: library)
        } catch let error as NuTuneError {
          throw error.located(at: SourceLocation(file: library.path))
        }
      }
    }
    try problems.throwIfAny()
    registry = extended
  }
}
