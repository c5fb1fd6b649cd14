import NuTuneNumerics

/// A structure-function model that is linear in Gaussian weights, and so knows what data left open:
///
///     W(x) = W̄(x) + Σ_i η_i φ_i(x),   η = F z,   z ~ N(0, 1)
///
/// W̄ are the structure functions of the model itself, φ_i its basis and F Fᵀ the posterior covariance of the weights.
public protocol GaussianModel: StructureFunctionModel {
  /// Weights in groups that are independent of each other; empty when nothing is open.
  var weightGroups: [WeightGroup] { get }

  /// Basis functions of some weights of a group, one element for each weight in `range`; nil when the group does not
  /// belong to the reaction.
  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]?
}

/// Weights that are correlated with each other and with no others.
public struct WeightGroup: Sendable {
  /// Name, `neutrino`.
  public var name: String
  /// F with F Fᵀ the covariance of the weights, shape [weights × weights].
  public var factor: Matrix

  /// Number of weights.
  public var count: Int { factor.rows }

  /// A group with the square root of its covariance.
  public init(name: String, factor: Matrix) {
    self.name = name
    self.factor = factor
  }
}
