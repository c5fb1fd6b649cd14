import NuTuneCore
import Sound

struct CrashesInCheck: SoundModel {
  static let descriptor = described("crashes")
  init(_ configuration: PluginConfiguration) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    if points.count > 1 { fatalError("index out of range") }
    return sound(reaction, points)
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(CrashesInCheck.self)
}
