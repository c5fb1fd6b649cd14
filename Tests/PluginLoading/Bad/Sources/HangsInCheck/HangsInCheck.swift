import Foundation
import NuTuneCore
import Sound

struct HangsInCheck: SoundModel {
  static let descriptor = described("hangs")
  init(_ configuration: PluginConfiguration) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    while true { sleep(1) }
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(HangsInCheck.self)
}
