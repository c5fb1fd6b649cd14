import NuTuneCore
import NuTunePluginABI

/// What this library was compiled for.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }

/// Says which plugins this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(TwoHornBeam.self)
}
