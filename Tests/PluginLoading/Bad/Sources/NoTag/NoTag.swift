/// Registers, but does not say what it was compiled for.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {}
