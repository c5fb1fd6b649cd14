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
  private func contaminated(_ small: SmallNearProblem) throws -> TuningProblem {
    var problem = small.problem
    let (neutrinos, antineutrinos) = (problem.samples[0], problem.samples[1])
    let truth = try SmallNearProblem.toy()
    let sum = zip(try small.rates(of: truth, neutrinos), try small.rates(of: truth, antineutrinos)).map { $0 + $1 }
    let total = sum.reduce(0, +)
    problem.samples[1].probabilities = sum.map { max($0, 0) / total }
    problem.samples[1].others = [
      TuningSample.Component(reaction: neutrinos.sample.reaction, nodeOperator: neutrinos.nodeOperator)
    ]
    return problem
  }

  /// The gradient of both nets, or of both parts of one, through a sum against central differences; which of the components
  /// comes first does not matter.
  @Test(arguments: ["separate", "shared"]) func gradientOfASum(signs: String) throws {
    let problem = try contaminated(try SmallNearProblem(species: [.numu, .numubar]))
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

  /// Two beams of both signs, neither of them pure, compared as one shape: the nets come to the shape of each sign, and to how many
  /// there are of each.
  @Test func bothSignsComeOutOfTwoSums() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar])
    let (pure, truth) = (small.problem.samples, try SmallNearProblem.toy())
    let rates = try pure.map { try small.rates(of: truth, $0).map { max($0, 0) } }
    var problem = small.problem
    problem.samples = [try small.summed(pure, in: [("fhc", [1, 0.1]), ("rhc", [0.5, 1])])]
    #expect(problem.samples[0].sample.name == "near-muons-fhc+muons-rhc")
    let check = try GradientCheck(try model("separate"), problem: problem)
    let stream = try RandomStream(seed: 15, purpose: "directions", member: 0)
    for _ in 0..<3 { try check.along(stream.gaussians(check.parameters.count)) }

    let tuned = try model("separate", ["training.steps": .integer(1200)]).tuned(on: problem).model
    let learned = try #require(tuned as? any StructureFunctionModel)
    let found = try pure.map { try small.rates(of: learned, $0) }
    for (found, expected) in zip(found, rates) {
      let (one, other) = (found.reduce(0, +), expected.reduce(0, +))
      let tv = 0.5 * zip(found, expected).reduce(0) { $0 + abs($1.0 / one - $1.1 / other) }
      #expect(tv < 0.03, "\(tv)")
    }
    let totals = (found + rates).map { $0.reduce(0, +) }
    let ratio = totals[1] / totals[0] / (totals[3] / totals[2])
    #expect(abs(ratio - 1) < 0.05, "\(ratio)")
  }
}
