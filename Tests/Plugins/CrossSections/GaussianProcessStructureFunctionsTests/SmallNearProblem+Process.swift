import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

extension SmallNearProblem {
  /// An untuned process with longer correlations than the default: a hundred weights, which 40 bins can do with.
  static func process(_ changes: [String: ParameterValue] = [:], prior: (any CrossSectionModel)?) throws
    -> GaussianProcessStructureFunctions
  {
    let longer: [String: ParameterValue] = ["kernel.length_w2": .number(1), "kernel.length_q2": .number(1.5)]
    var configuration = PluginConfiguration(
      parameters: GaussianProcessStructureFunctions.descriptor.parameters.defaults().setting(longer).setting(changes))
    configuration.components["prior"] = prior
    return try GaussianProcessStructureFunctions(configuration)
  }

  /// The same, tuned to this problem.
  func tunedProcess(_ changes: [String: ParameterValue] = [:], prior: (any CrossSectionModel)?) throws
    -> GaussianProcessStructureFunctions
  {
    try #require(
      try Self.process(changes, prior: prior).tuned(on: problem).model as? GaussianProcessStructureFunctions)
  }

  /// Changes of the rates of the first sample with each weight, from basis functions that are folded one by one, shape
  /// [bins × weights].
  func design(_ model: GaussianProcessStructureFunctions) throws -> Matrix {
    let (sample, nodes) = (problem.samples[0], problem.nodes)
    let basis = try #require(
      try model.basis(ofGroup: 0, weights: 0..<model.weightGroups[0].count, reaction: reaction, at: nodes))
    return try Matrix(basis.map { Self.rates(of: $0, sample, at: nodes) }).transposed
  }

  /// The rate in each bin of the first sample as a linear function of the structure functions at the nodes.
  func functionalsOfBins() -> [StructureFunctions] {
    let (sample, nodes) = (problem.samples[0], problem.nodes)
    return (0..<sample.nodeOperator.binCount).map { bin in
      var unit = [Double](repeating: 0, count: sample.nodeOperator.binCount)
      unit[bin] = 1
      var values = [Double](repeating: 0, count: 3 * nodes.count)
      values.withUnsafeMutableBufferPointer { values in
        unit.withUnsafeBufferPointer { sample.nodeOperator.applyTranspose($0, values: values, threads: 1) }
      }
      return LeptonTensor(reaction.species).functional(ofNodeValues: values, at: nodes)
    }
  }
}
