import NuTuneCore
import Sound

struct ReturnsNaN: SoundModel {
  static let descriptor = described("nan")
  init(_ configuration: PluginConfiguration) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    zip(sound(reaction, points), points.cosTheta).map { $1 == 1 ? .nan : $0 }
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(ReturnsNaN.self)
}
