/// One of the independent ways in which a flux may differ from the nominal one, shifted by one standard deviation.
public struct PrincipalVariation: Sendable, Equatable {
  /// The change by one standard deviation, for ν_μ and every other spectrum at both detectors together.
  public var variation: FluxVariation
  /// The variance that it carries, summed over the bins (with their weights where there are some), dimensionless.
  public var variance: Double
  /// The part of the total variance that it carries, 0 to 1; the parts of all principal variations add up to 1.
  public var share: Double

  /// A variation with its part in the whole.
  public init(variation: FluxVariation, variance: Double, share: Double) {
    self.variation = variation
    self.variance = variance
    self.share = share
  }
}
