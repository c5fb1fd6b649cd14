import NeuralStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// Near samples whose leptons are not told apart by sign: sums of neutrinos and antineutrinos.
@Suite struct SumTests {
  private func model(_ signs: String, _ changes: [String: ParameterValue] = [:]) throws -> NeuralStructureFunctions {
    try NeuralStructureFunctions(
      PluginConfiguration(
        parameters: NeuralStructureFunctions.descriptor.parameters.defaults().setting(
          changes.merging(["network.signs": .text(signs), "network.hidden": .numbers([16, 16])]) { $1 })))
  }

  /// A neutrino beam that is pure and an antineutrino beam with as many neutrinos as antineutrinos.
  ///
  /// - Parameter isTold: whether the model is told of the neutrinos in the second one.
  private func contaminated(_ small: SmallNearProblem, isTold: Bool) throws -> TuningProblem {
    var problem = small.problem
    let (neutrinos, antineutrinos) = (problem.samples[0], problem.samples[1])
    let truth = try SmallNearProblem.toy()
    let sum = zip(try small.rates(of: truth, neutrinos), try small.rates(of: truth, antineutrinos)).map { $0 + $1 }
    let total = sum.reduce(0, +)
    problem.samples[1].probabilities = sum.map { max($0, 0) / total }
    if isTold {
      problem.samples[1].others = [
        TuningSample.Component(reaction: neutrinos.sample.reaction, nodeOperator: neutrinos.nodeOperator)
      ]
    }
    return problem
  }

  /// The gradient of both nets, or of both parts of one, through a sum against central differences; which of the components
  /// comes first does not matter.
  @Test(arguments: ["separate", "shared"]) func gradientOfASum(signs: String) throws {
    let problem = try contaminated(try SmallNearProblem(species: [.numu, .numubar]), isTold: true)
    let model = try model(signs)
    let stream = try RandomStream(seed: 14, purpose: "directions", member: 0)
    let check = try GradientCheck(model, problem: problem)
    for _ in 0..<5 { try check.along(stream.gaussians(check.parameters.count)) }
    for _ in 0..<20 { try check.along(parameter: Int(stream.uniform() * Double(check.parameters.count))) }
    var other = problem
    let (first, second) = (problem.samples[1].components[0], problem.samples[1].components[1])
    other.samples[1].sample.reaction = second.reaction
    other.samples[1].nodeOperator = second.nodeOperator
    other.samples[1].others = [first]
    let swapped = try model.deviance(on: other, parameters: check.parameters)
    let loss = try model.deviance(on: problem, parameters: check.parameters).loss
    #expect(abs(swapped.loss - loss) <= 1e-12 * loss)
    let largest = check.gradient.map(abs).max() ?? 0
    #expect(zip(swapped.gradient, check.gradient).allSatisfy { abs($0 - $1) <= 1e-10 * largest })
  }

  /// The shape of antineutrinos is learned from the sum, where a model that takes all leptons for theirs learns the mixture.
  @Test func aSumIsNotTakenForItsFirstComponent() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar])
    let truth = small.problem.samples[1].probabilities
    func distance(isTold: Bool) throws -> Double {
      let tuned = try model("separate", ["training.steps": .integer(800)])
        .tuned(on: try contaminated(small, isTold: isTold)).model
      let learned = try #require(tuned as? any StructureFunctionModel)
      return 0.5 * zip(try small.probabilities(of: learned)[1], truth).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let (pure, sum) = (try distance(isTold: false), try distance(isTold: true))
    #expect(pure > 0.05 && sum < pure / 2, "\(pure), \(sum)")
  }
}
