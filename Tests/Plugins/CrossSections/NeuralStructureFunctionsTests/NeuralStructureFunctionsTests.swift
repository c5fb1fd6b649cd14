import Foundation
import NeuralStructureFunctions
import NuTuneCore
import NuTuneNumerics
import Synchronization
import TestSupport
import Testing

@Suite struct NeuralStructureFunctionsTests {
  func model(_ changes: [String: ParameterValue] = [:], prior: (any CrossSectionModel)? = nil) throws
    -> NeuralStructureFunctions
  {
    var configuration = PluginConfiguration(
      parameters: NeuralStructureFunctions.descriptor.parameters.defaults().setting(changes))
    configuration.components["prior"] = prior
    return try NeuralStructureFunctions(configuration)
  }

  /// The gradient of net → fold → deviance against central differences in double precision, along random directions and
  /// for single parameters. Central differences with step h err as h²/6 |L‴| + ε|L|/h ≈ 10⁻⁹ at h = 10⁻⁴.
  @Test(arguments: ["ratio", "independent", "total"], [[NeutrinoSpecies.numu], [.numu, .numubar]])
  func gradientOfTheWholeChain(longitudinal: String, species: [NeutrinoSpecies]) throws {
    let problem = try SmallNearProblem(species: species).problem
    let model = try model([
      "network.longitudinal": .text(longitudinal), "network.hidden": .numbers([16, 16]),
    ])
    let stream = try RandomStream(seed: 3, purpose: "directions", member: 0)
    let check = try GradientCheck(model, problem: problem)
    for _ in 0..<3 { try check.along(stream.gaussians(check.parameters.count)) }
    for _ in 0..<8 { try check.along(parameter: Int(stream.uniform() * Double(check.parameters.count))) }
  }

  /// The gradient with bins of hadronic energy, through the transposed fold in parts.
  @Test func gradientWithHadronicEnergy() throws {
    let small = try SmallNearProblem(hadronic: [0, 0.15, 0.3, 0.6, 1.2, 3])
    #expect(small.problem.samples[0].nodeOperator.binCount == 200)
    let model = try model(["network.hidden": .numbers([12, 12])])
    let stream = try RandomStream(seed: 5, purpose: "directions", member: 0)
    let check = try GradientCheck(model, problem: small.problem)
    for _ in 0..<3 { try check.along(stream.gaussians(check.parameters.count)) }
    for _ in 0..<6 { try check.along(parameter: Int(stream.uniform() * Double(check.parameters.count))) }
    let single = try model.singlePrecisionGradient(on: small.problem, parameters: check.parameters)
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(norm(zip(single, check.gradient).map { Double($0) - $1 }) < 1e-3 * norm(check.gradient))
  }

  @Test func learnsAndDoesNotDependOnThreads() throws {
    let changes: [String: ParameterValue] = [
      "network.hidden": .numbers([16, 16]), "training.steps": .integer(400),
    ]
    let one = try model(changes).tuned(on: try SmallNearProblem(threads: 1).problem)
    let three = try model(changes).tuned(on: try SmallNearProblem(threads: 3).problem)
    #expect(one.state == three.state)
    #expect(one.record == three.record)
    let first = try #require(one.record.history.first)
    #expect(one.record.loss < first.loss / 100)
    let other = try model(changes).tuned(on: try SmallNearProblem(threads: 2, seed: 2).problem)
    #expect(other.state != one.state)
  }

  /// Two targets of one neutrino sign have a net each: data of one do not move the other's, and states know them.
  @Test func eachTargetHasItsNet() throws {
    var small = try SmallNearProblem(beams: [2, 3])
    let targets = try ["H2O", "CH"].map { try Target(named: $0) }
    for index in 0..<2 { small.problem.samples[index].sample.reaction.target = targets[index] }
    let model = try model(["network.hidden": .numbers([8]), "training.steps": .integer(10)])
    let result = try model.tuned(on: small.problem)
    let again = try #require(try model.restored(from: result.state) as? NeuralStructureFunctions)
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let functions = try targets.map { target in
      let reaction = Reaction(species: .numu, target: target)
      let tuned = try #require(result.model as? NeuralStructureFunctions)
      let functions = try tuned.structureFunctions(of: reaction, at: points).w
      #expect(try again.structureFunctions(of: reaction, at: points).w == functions)
      return functions
    }
    #expect(functions[0][0] != functions[1][0])
    #expect(result.state.card["helicities"] == .texts(["neutrino-CH", "neutrino-H2O"]))
    let error = #expect(throws: NuTuneError.self) {
      try again.check([Reaction(species: .numu, target: small.reaction.target)])
    }
    #expect(error?.found == "the channel numu on Ar40")
    // The gradient of one sample with respect to the other's net is zero, and its own is not.
    var one = small.problem
    one.samples[0].probabilities = one.samples[0].probabilities.reversed()
    let (before, after) = (try model.deviance(on: small.problem), try model.deviance(on: one))
    let half = before.gradient.count / 2
    #expect(before.gradient[..<half] == after.gradient[..<half])
    #expect(before.gradient[half...] != after.gradient[half...])
  }

  @Test func stateRoundTrip() throws {
    let small = try SmallNearProblem()
    let model = try model(["network.hidden": .numbers([8]), "training.steps": .integer(10)])
    let result = try model.tuned(on: small.problem)
    let again = try #require(try model.restored(from: result.state) as? NeuralStructureFunctions)
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let tuned = try #require(result.model as? NeuralStructureFunctions)
    #expect(
      try again.structureFunctions(of: small.reaction, at: points).w
        == tuned.structureFunctions(of: small.reaction, at: points).w)
    #expect(throws: NuTuneError.self) { try model.structureFunctions(of: small.reaction, at: points) }
    #expect(throws: NuTuneError.self) {
      try again.check([Reaction(species: .numubar, target: small.reaction.target)])
    }
  }

  /// A net that learned muons predicts electrons of the same sign: the same functions with another lepton mass.
  @Test func muonsPredictElectrons() throws {
    let small = try SmallNearProblem()
    let tuned = try model(["network.hidden": .numbers([8]), "training.steps": .integer(5)]).tuned(on: small.problem)
    let functions = try #require(tuned.model as? any StructureFunctionModel)
    let electron = Reaction(species: .nue, target: small.reaction.target)
    try functions.check([small.reaction, electron])
    let points = small.problem.nodes
    #expect(
      try functions.structureFunctions(of: electron, at: points).w
        == functions.structureFunctions(of: small.reaction, at: points).w)
  }

  /// The hadron tensor of any net is positive: W_T, W_L ≥ 0 and |W₃||q|/2M ≤ W₁.
  @Test func structureFunctionsArePositive() throws {
    let small = try SmallNearProblem()
    let model = try model(["network.hidden": .numbers([8]), "training.steps": .integer(5)])
    let tuned = try #require(try model.tuned(on: small.problem).model as? NeuralStructureFunctions)
    let stream = try RandomStream(seed: 5, purpose: "points", member: 0)
    let points = InvariantPoints(
      omega: (0..<1000).map { _ in 0.01 + 5 * stream.uniform() },
      q2: (0..<1000).map { _ in 0.001 + 8 * stream.uniform() })
    let w = try tuned.structureFunctions(of: small.reaction, at: points).w
    for i in 0..<1000 {
      let (omega, q2) = (points.omega[i], points.q2[i])
      #expect(w[0][i] > 0)
      #expect((1 + omega * omega / q2) * w[1][i] - w[0][i] >= -1e-6 * w[0][i])
      #expect(
        abs(w[2][i]) * (q2 + omega * omega).squareRoot() / (2 * PhysicalConstants.nucleonMass) <= w[0][i] * (1 + 1e-6))
    }
  }

  /// With a prior whose ratio is learned: the gradient of the whole chain, and an untrained model that is the prior.
  @Test func learnsTheRatioToAPrior() throws {
    let small = try SmallNearProblem()
    let prior = try SmallNearProblem.detunedToy()
    let untrained = try model(["network.hidden": .numbers([16])], prior: prior)
    let start = try untrained.deviance(on: small.problem)
    let stream = try RandomStream(seed: 4, purpose: "direction", member: 0)
    let direction = stream.gaussians(start.parameters.count)
    let h = 1e-5
    let up = try untrained.deviance(on: small.problem, parameters: zip(start.parameters, direction).map { $0 + h * $1 })
    let down = try untrained.deviance(
      on: small.problem, parameters: zip(start.parameters, direction).map { $0 - h * $1 })
    let along = zip(start.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    let difference = (up.loss - down.loss) / (2 * h)
    #expect(abs(along - difference) < 1e-5 * abs(difference), "\(along) against \(difference)")

    // A step so small that nothing is learned leaves the prior: W_T and W₃ as they are, W_L where it is positive.
    let still = try model(
      [
        "network.hidden": .numbers([16]), "training.steps": .integer(1), "training.learning_rate": .number(1e-8),
        "training.final_learning_rate": .number(1e-9),
      ], prior: prior)
    let same = try #require(try still.tuned(on: small.problem).model as? NeuralStructureFunctions)
    let points = InvariantPoints(omega: [0.3, 1, 2], q2: [0.5, 0.6, 1.5])
    let expected = prior.structureFunctions(of: small.reaction, at: points)
    let found = try same.structureFunctions(of: small.reaction, at: points)
    for index in [0, 2] {
      for i in 0..<points.count {
        #expect(abs(found.w[index][i] / expected.w[index][i] - 1) < 1e-5, "W\(index + 1) at \(i)")
      }
    }

    // Half right from the start: the same few steps end closer to the data.
    let few: [String: ParameterValue] = ["network.hidden": .numbers([16, 16]), "training.steps": .integer(60)]
    let without = try model(few).tuned(on: small.problem).record.loss
    let with = try model(few, prior: prior).tuned(on: small.problem).record.loss
    #expect(with < without / 3)
  }

  @Test func startsFromANetFittedToThePrior() throws {
    let small = try SmallNearProblem()
    let prior = try SmallNearProblem.detunedToy()
    let settings: [String: ParameterValue] = [
      "network.hidden": .numbers([32, 32]), "prior_use": .text("pretrain"),
      "training.pretraining_steps": .integer(1500), "training.steps": .integer(1),
      "training.learning_rate": .number(1e-2), "training.final_learning_rate": .number(1e-9),
    ]
    let tuned = try #require(
      try model(settings, prior: prior).tuned(on: small.problem).model as? NeuralStructureFunctions)
    func distance(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) / 2 } }
    let fitted = try small.probabilities(of: tuned)[0]
    // What the outputs of a net can say of the prior: where it learns the ratio, zero outputs are the prior with
    // W₄ = 0 and 2xF₅ = F₂. Quasi-elastic scattering has another W₅, which the most forward bins see.
    let ratio: [String: ParameterValue] = [
      "network.hidden": .numbers([8]), "training.steps": .integer(1), "training.learning_rate": .number(1e-8),
      "training.final_learning_rate": .number(1e-8),
    ]
    let said = try #require(
      try model(ratio, prior: prior).tuned(on: small.problem).model as? NeuralStructureFunctions)
    let theory = try small.probabilities(of: said)[0]
    // The detuned prior is 0.05 from the truth; the net says what the prior says, up to what one step changes.
    #expect(distance(fitted, theory) < 0.25 * distance(theory, small.problem.samples[0].probabilities))
  }

  @Test func refusesAPriorThatHasToBeTuned() throws {
    let error = #expect(throws: NuTuneError.self) { try model(prior: try model()) }
    #expect(error?.key == "prior")
  }

  /// Near data with the fluctuations of 2·10⁵ events.
  private func drawn(threads: Int = 1) throws -> SmallNearProblem {
    var small = try SmallNearProblem(threads: threads)
    let truth = small.problem.samples[0].probabilities
    let stream = try RandomStream(seed: 8, purpose: "drawn", member: 0)
    let counts = try truth.map { Double(try stream.poisson(mean: 2e5 * $0)) }
    let events = counts.reduce(0, +)
    small.problem.samples[0].events = events
    small.problem.samples[0].probabilities = counts.map { $0 / events }
    return small
  }

  /// On data with fluctuations a training ends when their deviance comes down to the stated share of its expectation, not
  /// far below; held-out events are a fifth, and what they say is kept.
  @Test func stopsBeforeItLearnsNoise() throws {
    let small = try drawn()
    func record(_ stopping: String) throws -> TuningRecord {
      try model([
        "network.hidden": .numbers([32, 32]), "training.steps": .integer(3000), "training.stopping": .text(stopping),
        "training.noise_level": .number(1),
      ]).tuned(on: small.problem).record
    }
    let (none, noise, heldOut) = (try record("none"), try record("noise"), try record("held-out"))
    #expect(noise.converged && noise.steps < 3000)
    let level = try #require(small.problem.judgingSet).noise()
    #expect(noise.loss <= level && noise.loss > 0.8 * level)
    #expect(none.loss < 0.8 * noise.loss)
    #expect(none.judgement == nil && noise.judgement == nil)
    let judgement = try #require(heldOut.judgement)
    let events = try #require(small.problem.samples[0].events)
    #expect(abs(judgement.events / events - 0.2) < 0.01)
    #expect((20...40).contains(judgement.expected))
    #expect(judgement.step <= heldOut.steps)
  }

  /// A training that was killed between two judgements goes on to the same bits.
  @Test func resumesWithItsJudgements() throws {
    for stopping in ["held-out", "noise"] {
      let model = try model([
        "network.hidden": .numbers([8]), "training.steps": .integer(150), "training.stopping": .text(stopping),
        "training.judging_interval": .integer(10), "training.checkpoint_interval": .number(0),
      ])
      let whole = try model.tuned(on: try drawn().problem)
      let kept = KilledAt(saves: 77)
      var problem = try drawn(threads: 3).problem
      problem.checkpoint = kept
      #expect(throws: KilledAt.Killed.self) { try model.tuned(on: problem) }
      let resumed = try model.tuned(on: problem)
      #expect(resumed.state == whole.state)
      #expect(resumed.record == whole.record)
    }
  }
}

/// Keeps the last checkpoint and ends the tuning once, after so many.
private final class KilledAt: CheckpointStore {
  struct Killed: Error {}
  private let kept: Mutex<(bytes: [UInt8]?, saves: Int)>
  private let limit: Int

  init(saves: Int) {
    limit = saves
    kept = Mutex((nil, 0))
  }

  func load() -> [UInt8]? { kept.withLock { $0.bytes } }

  func save(_ bytes: [UInt8]) throws {
    let count = kept.withLock {
      $0.bytes = bytes
      $0.saves += 1
      return $0.saves
    }
    if count == limit { throw Killed() }
  }
}
