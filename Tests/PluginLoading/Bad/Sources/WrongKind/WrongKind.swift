import NuTuneCore
import Sound

struct WrongKind: SoundModel {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "wrong-kind", summary: "A model that says it is a flux.", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) {}
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(WrongKind.self)
}
