import NuTuneCore
import Sound

struct TakesName: SoundModel {
  static let descriptor = described("toy-sf")
  init(_ configuration: PluginConfiguration) {}
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(TakesName.self)
}
