/// Collects the plugins of a library that is loaded at run time.
///
/// The entry of a library, in full apart from its plugins:
///
///     import NuTuneCore
///     import NuTunePluginABI
///
///     @c(nutune_plugin_abi)
///     public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }
///
///     @c(nutune_plugin_register)
///     public func registerPlugins(_ host: UnsafeMutableRawPointer) {
///       PluginRegistrar.at(host).add(MyModel.self)
///     }
public final class PluginRegistrar {
  /// The types, in the order in which they were added. They are plugins only if they conform to the host's protocol;
  /// types of a library with its own copy of the core do not.
  public private(set) var types: [Any.Type] = []

  /// Creates a registrar without types.
  public init() {}

  /// Adds a plugin of the library.
  public func add(_ type: any Plugin.Type) { types.append(type) }

  /// The registrar that the host hands to the register function of a library; valid during that call.
  public static func at(_ host: UnsafeMutableRawPointer) -> PluginRegistrar {
    Unmanaged<PluginRegistrar>.fromOpaque(host).takeUnretainedValue()
  }

  /// Calls a register function with a pointer to this registrar.
  public func hand(to register: (UnsafeMutableRawPointer) -> Void) {
    withExtendedLifetime(self) { register(Unmanaged.passUnretained(self).toOpaque()) }
  }
}
