import NuTuneCore
import Sound

struct First: SoundModel {
  static let descriptor = described("twin")
  init(_ configuration: PluginConfiguration) {}
}

struct Second: SoundModel {
  static let descriptor = described("twin")
  init(_ configuration: PluginConfiguration) {}
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(First.self)
  PluginRegistrar.at(host).add(Second.self)
}
