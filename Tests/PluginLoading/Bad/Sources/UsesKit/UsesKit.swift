import NuTuneCore
import NuTuneFolding
import NuTuneLearning
import NuTunePluginABI

/// Does rightly what SecondCore does wrongly: uses folding and learning, and has no core of its own.
struct UsesKit: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "uses-kit", summary: "A model that uses more than the core.", parameters: [],
    citations: [])
  private let schedule: CosineSchedule

  init(_ configuration: PluginConfiguration) throws {
    schedule = try CosineSchedule(initial: 1, final: 0.5, steps: 10)
  }

  func check(_ reactions: [Reaction]) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) -> [Double] {
    (0..<points.count).map { i in
      let (energy, lepton) = (points.neutrinoEnergy[i], points.leptonEnergy[i])
      guard lepton > reaction.species.leptonMass, lepton < energy else { return 0 }
      let place = NodeGrid.coordinates(omega: energy - lepton, q2: 0.1)
      return schedule.learningRate(step: 1) * place.t * place.t
    }
  }
}

/// What this library was compiled for.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(UsesKit.self)
}
