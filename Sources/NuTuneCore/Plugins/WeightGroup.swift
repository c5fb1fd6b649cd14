import NuTuneNumerics

/// Weights of a model that are correlated with each other and with no others.
public struct WeightGroup: Sendable {
  /// Name, `neutrino`.
  public var name: String
  /// F, where F Fᵀ is the covariance of the weights, shape [weights × weights].
  public var factor: Matrix
  /// Whether the weights were independent and of unit variance before any data, so that posterior widths can be compared
  /// with prior ones.
  public var hasUnitPrior: Bool

  /// Number of weights.
  public var count: Int { factor.rows }

  /// Creates a group with the square root of its covariance.
  public init(name: String, factor: Matrix, hasUnitPrior: Bool = false) {
    self.name = name
    self.factor = factor
    self.hasUnitPrior = hasUnitPrior
  }
}
