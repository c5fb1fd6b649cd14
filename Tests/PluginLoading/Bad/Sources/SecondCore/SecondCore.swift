import NuTuneCore
import NuTuneFolding
import NuTunePluginABI

/// Depends on a static product that has the core in it.
struct SecondCore: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "second-core", summary: "A model of another core.", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) {}
  func check(_ reactions: [Reaction]) {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) -> [Double] {
    points.neutrinoEnergy.map { NodeGrid.coordinates(omega: $0, q2: $0).t }
  }
}

/// What this library was compiled for.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(SecondCore.self)
}
