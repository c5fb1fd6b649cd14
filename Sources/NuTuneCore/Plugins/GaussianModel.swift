/// A structure-function model with a Gaussian posterior of its weights, and so with an uncertainty after tuning:
///
///     W(x; η̂ + δ) ≈ W(x) + Σ_i δ_i φ_i(x),   δ = F z,   z ~ N(0, 1)
///
/// W are the structure functions at the most probable weights η̂; φ_i = ∂W/∂η_i there, and F Fᵀ is the posterior
/// covariance of the weights. The model may depend on its weights in any smooth way: the far rates are approximated as
/// exponential in z, and ``displaced(by:)`` tests that approximation.
public protocol GaussianModel: StructureFunctionModel {
  /// Weights in groups that are independent of each other; empty when the posterior has no uncertainty.
  var weightGroups: [WeightGroup] { get }

  /// The posterior of numbers of the detectors' response that were fitted with the weights, over which the covariances of
  /// ``weightGroups`` are marginal; nil, as by default, where none were.
  var responsePosterior: ResponsePosterior? { get }

  /// Returns φ_i of some weights of a group, one element for each weight in `range`; nil when the group does not belong
  /// to the reaction.
  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]?

  /// Returns the model with the weights η̂ + δ.
  ///
  /// - Parameter weights: δ, shape [groups][weights].
  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel
}

extension GaussianModel {
  /// None: all numbers of the response are known.
  public var responsePosterior: ResponsePosterior? { nil }
}
