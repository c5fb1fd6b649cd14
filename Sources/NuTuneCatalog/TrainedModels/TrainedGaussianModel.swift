import NuTuneCore
import NuTuneNumerics

/// A trained model with the Gaussian posterior of its weights, or the members of an ensemble, which travel with them: what
/// its own near data left open is in the bands and fits of every study that uses it.
struct TrainedGaussianModel: TrainedFunctions, GaussianModel {
  let model: any GaussianModel
  let scope: TrainedScope

  var functions: any StructureFunctionModel { model }

  init(model: any GaussianModel, scope: TrainedScope) {
    self.model = model
    self.scope = scope
  }

  init(_ configuration: PluginConfiguration) throws { throw Self.withoutWeights }

  var weightGroups: [WeightGroup] { model.weightGroups }

  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    try model.basis(ofGroup: group, weights: range, reaction: reaction, at: points)
  }

  func slopes(
    ofGroup group: Int, of functionals: [StructureFunctions], reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix? {
    try model.slopes(ofGroup: group, of: functionals, reaction: reaction, at: points)
  }

  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel { try model.displaced(by: weights) }
}
