import NuTunePluginABI

/// Says what it was compiled for, and no more.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }
