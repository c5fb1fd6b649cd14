/// A model of the inclusive charged-current cross section d²σ/(dE_l dcosθ).
public protocol CrossSectionModel: Plugin {
  /// Throws when the model has no cross section for one of these reactions, or not for all together; called before
  /// anything is computed.
  func check(_ reactions: [Reaction]) throws

  /// Computes d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon on a batch of points, shape [points].
  ///
  /// Zero outside the allowed region; never negative, never NaN.
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double]

  /// Range of neutrino energies of the model in GeV; nil, the default, for all. Outside, ``crossSection(of:at:)``
  /// throws.
  var energyRange: ClosedRange<Double>? { get }
}

extension CrossSectionModel {
  /// All neutrino energies.
  public var energyRange: ClosedRange<Double>? { nil }
}
