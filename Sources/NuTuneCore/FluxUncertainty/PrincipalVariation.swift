/// One of the independent variations of a flux, shifted by one standard deviation.
public struct PrincipalVariation: Sendable, Equatable {
  /// The change by one standard deviation, for all spectra at both detectors together.
  public var variation: FluxVariation
  /// The variance of this variation, summed over the bins (weighted if weights were given), dimensionless.
  public var variance: Double
  /// The share of this variation in the total variance, 0 to 1; the shares of all principal variations add up to 1.
  public var share: Double

  /// Creates a variation with its variance and share.
  public init(variation: FluxVariation, variance: Double, share: Double) {
    self.variation = variation
    self.variance = variance
    self.share = share
  }
}
