import NuTuneNumerics

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

  /// Returns Σ_points Σ_k functional_k φ_ik, what linear functionals of the structure functions change by with each weight of
  /// a group; shape [functionals × weights], zeros when the group does not belong to the reaction. Nil, as by default, for a
  /// model that knows no faster way than ``basis(ofGroup:weights:reaction:at:)``, which suits one of few weights.
  ///
  /// - Parameters:
  ///   - group: position in ``weightGroups``.
  ///   - functionals: coefficients of W₁…W₅ at each point.
  ///   - reaction: neutrino species and target.
  ///   - points: nodes of a fold, which lie on a grid in W² and Q².
  func slopes(
    ofGroup group: Int, of functionals: [StructureFunctions], reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix?

  /// Returns the model with the weights η̂ + δ.
  ///
  /// - Parameter weights: δ, shape [groups][weights].
  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel
}

extension GaussianModel {
  /// Nil: its basis functions say all.
  public func slopes(
    ofGroup group: Int, of functionals: [StructureFunctions], reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix? { nil }

  /// None: all numbers of the response are known.
  public var responsePosterior: ResponsePosterior? { nil }
}
