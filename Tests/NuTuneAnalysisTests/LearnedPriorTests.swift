import FittedTheory
import GaussianProcessStructureFunctions
import NuTuneCore
import TestSupport
import Testing
import ToyStructureFunctions

/// A Gaussian process whose prior learns from the same data first.
@Suite struct LearnedPriorTests {
  private func fitted() throws -> FittedTheory {
    var configuration = PluginConfiguration(
      parameters: FittedTheory.descriptor.parameters.defaults().setting([
        "free": .texts(["quasi_elastic.energy_shift = 0.015 ± 0.02", "dis.scale = 0.8 ± 0.3"])
      ]))
    try configuration.addComponent(
      "theory", ToyStructureFunctions.self,
      from: PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    return try FittedTheory(configuration)
  }

  private func process(_ prior: any CrossSectionModel) throws -> GaussianProcessStructureFunctions {
    var configuration = PluginConfiguration(
      parameters: GaussianProcessStructureFunctions.descriptor.parameters.defaults())
    configuration.components["prior"] = prior
    return try GaussianProcessStructureFunctions(configuration)
  }

  /// It is the process around the prior tuned by itself, and is read back with it.
  @Test func isTheProcessAroundTheTunedPrior() throws {
    let small = try SmallNearProblem(events: 1e5)
    let untuned = try process(try fitted())
    let nested = try untuned.tuned(on: small.problem)
    let first = try fitted().tunedAfresh(on: small.problem)
    // The same fit, made alone and as a prior, to the last bit.
    #expect(nested.state.card["prior.values"] == first.state.card["values"])
    let prior = try #require(first.model as? any StructureFunctionModel)
    let parameters = try #require(first.record.parameters)
    #expect(abs(try #require(parameters["quasi_elastic.energy_shift"]).value - 0.015) > 0.005)
    // Tuned already, the same theory as a prior that is fixed.
    var theory = ToyStructureFunctions.descriptor.parameters.defaults()
    for (name, estimate) in parameters { theory = theory.setting([name: .number(estimate.value)]) }
    let fixed = try process(try ToyStructureFunctions(PluginConfiguration(parameters: theory))).tuned(on: small.problem)
    let points = small.problem.nodes
    func functions(_ model: any CrossSectionModel) throws -> [[Double]] {
      try #require(model as? any StructureFunctionModel).structureFunctions(of: small.reaction, at: points).w
    }
    let (found, expected, before) = (try functions(nested.model), try functions(fixed.model), try functions(prior))
    let restored = try functions(try untuned.restored(from: nested.state))
    var moved = 0.0
    for index in 0..<3 {
      for i in 0..<points.count {
        #expect(abs(found[index][i] - expected[index][i]) <= 1e-6 * abs(expected[index][i]) + 1e-12)
        #expect(abs(found[index][i] - restored[index][i]) <= 1e-5 * abs(found[index][i]) + 1e-12)
        if before[index][i] != 0 { moved = max(moved, abs(found[index][i] / before[index][i] - 1)) }
      }
    }
    #expect(moved > 1e-3)
    #expect(nested.record.verdict.contains("prior: "))
  }
}
