import NuTuneCore
import NuTunePluginABI

/// The tag of every library here that is to have the right one.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }

/// A cross-section model that does nothing wrong, unless whoever adopts it does.
public protocol SoundModel: CrossSectionModel {}

extension SoundModel {
  /// A description with a name.
  public static func described(_ name: String, _ parameters: [ParameterDeclaration] = []) -> PluginDescriptor {
    PluginDescriptor(
      kind: .crossSection, name: name, summary: "A plugin that breaks a promise.", parameters: parameters, citations: []
    )
  }

  /// Serves everything.
  public func check(_ reactions: [Reaction]) throws {}

  /// One wherever a lepton can be made.
  public func sound(_ reaction: Reaction, _ points: KinematicPoints) -> [Double] {
    (0..<points.count).map {
      points.leptonEnergy[$0] > reaction.species.leptonMass && points.leptonEnergy[$0] < points.neutrinoEnergy[$0]
        ? 1 : 0
    }
  }

  /// One wherever a lepton can be made.
  public func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    sound(reaction, points)
  }
}
