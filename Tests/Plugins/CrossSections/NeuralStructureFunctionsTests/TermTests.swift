import Foundation
import NeuralStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// A net is tuned on numbers of events or on values with a covariance without knowing it: it learns the size, too.
@Suite struct TermTests {
  @Test(arguments: ["poisson", "gaussian"])
  func learnsTheSizeWhereATermHasOne(kind: String) throws {
    let small = try SmallNearProblem(threads: 2)
    let toy = try SmallNearProblem.toy()
    let truth = try small.rates(of: toy, small.problem.samples[0])
    let normalization = 2e5 / truth.reduce(0, +)
    let events = truth.map { max($0, 0) * normalization }
    var problem = small.problem
    if kind == "poisson" {
      problem.samples[0].term = try PoissonTerm(counts: events, normalization: normalization)
    } else {
      // Statistical errors and a common one of half a per cent, which the net reaches last.
      var covariance = Matrix(rows: events.count, columns: events.count)
      for i in events.indices {
        for j in events.indices { covariance[i, j] = (i == j ? events[i] + 1 : 0) + 2.5e-5 * events[i] * events[j] }
      }
      problem.samples[0].term = try GaussianTerm(
        values: events, covariance: covariance, normalization: normalization)
    }
    let model = try NeuralStructureFunctions(
      PluginConfiguration(
        parameters: NeuralStructureFunctions.descriptor.parameters.defaults().setting([
          "network.hidden": .numbers([24, 24]), "training.steps": .integer(2500),
          "training.learning_rate": .number(0.02),
        ])))
    let tuned = try #require(try model.tuned(on: problem).model as? any StructureFunctionModel)
    let rates = try small.rates(of: tuned, small.problem.samples[0])
    let (found, expected) = (rates.reduce(0, +), truth.reduce(0, +))
    #expect(abs(found / expected - 1) < 0.01, "\(found) of \(expected)")
    let distance = zip(rates, truth).reduce(0) { $0 + 0.5 * abs($1.0 / found - $1.1 / expected) }
    #expect(distance < 0.01, "\(distance)")
  }
}
