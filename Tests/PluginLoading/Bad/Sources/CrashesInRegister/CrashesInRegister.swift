import NuTuneCore
import Sound

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  fatalError("no licence found")
}
