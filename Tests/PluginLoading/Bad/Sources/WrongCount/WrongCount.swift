import NuTuneCore
import Sound

struct WrongCount: SoundModel {
  static let descriptor = described("wrong-count")
  init(_ configuration: PluginConfiguration) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    sound(reaction, points) + [0]
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(WrongCount.self)
}
