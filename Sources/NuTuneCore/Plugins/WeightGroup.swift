import NuTuneNumerics

/// Weights of a model that are correlated with each other and with no others.
public struct WeightGroup: Sendable {
  /// Name, `neutrino`.
  public var name: String
  /// F, where F Fᵀ is the covariance of the weights, shape [weights × weights].
  public var factor: Matrix

  /// Number of weights.
  public var count: Int { factor.rows }

  /// Creates a group with the square root of its covariance.
  public init(name: String, factor: Matrix) {
    self.name = name
    self.factor = factor
  }
}
