import NuTuneCore
import Sound

@_silgen_name("nutune_symbol_that_nobody_has")
private func missing()

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  missing()
}
