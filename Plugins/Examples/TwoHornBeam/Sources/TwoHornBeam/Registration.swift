import NuTuneCore
import NuTunePluginABI

/// Returns the tag of the NuTune for which this library was compiled.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }

/// Registers the plugins of this library.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(TwoHornBeam.self)
}
