/// A structure-function model with weights whose posterior is Gaussian, and so knows what data left open:
///
///     W(x; η̂ + δ) ≈ W(x) + Σ_i δ_i φ_i(x),   δ = F z,   z ~ N(0, 1)
///
/// W are the structure functions of the model itself, those of the most probable weights η̂; φ_i = ∂W/∂η_i there, and F Fᵀ the
/// posterior covariance of the weights. The model may depend on its weights in any smooth way: what the far rates do is taken
/// as exponential in z, and ``displaced(by:)`` tells whether that is good enough.
public protocol GaussianModel: StructureFunctionModel {
  /// Weights in groups that are independent of each other; empty when nothing is open.
  var weightGroups: [WeightGroup] { get }

  /// φ_i of some weights of a group, one element for each weight in `range`; nil when the group does not belong to the
  /// reaction.
  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]?

  /// The model of the weights η̂ + δ.
  ///
  /// - Parameter weights: δ, shape [groups][weights].
  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel
}
