import NuTuneCore
import Sound

struct IgnoresRange: SoundModel {
  static let descriptor = described(
    "ignores-range",
    [
      ParameterDeclaration("scale", default: .number(1), .number(0...10), "factor")
    ])
  let scale: Double

  init(_ configuration: PluginConfiguration) { scale = configuration.parameters.number("scale") }

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    sound(reaction, points).map { scale > 5 ? .infinity : $0 * scale }
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(IgnoresRange.self)
}
