import NuTuneCore
import Sound

struct BatchDependent: SoundModel {
  static let descriptor = described("batch-dependent")
  init(_ configuration: PluginConfiguration) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    sound(reaction, points).map { $0 / Double(points.count) }
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(BatchDependent.self)
}
