import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

/// Near samples whose leptons are not told apart by sign: sums of neutrinos and antineutrinos.
@Suite struct SumTests {
  /// A neutrino and an antineutrino beam, neither of them pure.
  private static let beams: [(mode: String, shares: [Double])] = [("fhc", [1, 0.1]), ("rhc", [0.5, 1])]

  /// One sum of ν_μ and ν̄_μ in both beams.
  private func summed(threads: Int = 1, events: Double? = nil) throws -> SmallNearProblem {
    var small = try SmallNearProblem(threads: threads, species: [.numu, .numubar], events: events)
    small.problem.samples = [try small.summed(small.problem.samples, in: Self.beams)]
    return small
  }

  /// Rates of a sum, its components folded one after the other.
  private func rates(of model: any StructureFunctionModel, _ small: SmallNearProblem) throws -> [Double] {
    try added(small) { try model.structureFunctions(of: $0, at: small.problem.nodes) }
  }

  /// Rates of the components of the sum with structure functions of their reactions, added.
  private func added(_ small: SmallNearProblem, _ functions: (Reaction) throws -> StructureFunctions) throws -> [Double]
  {
    let sum = small.problem.samples[0]
    var rates = [Double](repeating: 0, count: sum.nodeOperator.binCount)
    for component in sum.components {
      var alone = sum
      (alone.sample.reaction, alone.nodeOperator, alone.others) = (component.reaction, component.nodeOperator, [])
      let own = SmallNearProblem.rates(of: try functions(component.reaction), alone, at: small.problem.nodes)
      for bin in rates.indices { rates[bin] += own[bin] }
    }
    return rates
  }

  /// Changes of the rates of the sum with each weight, from basis functions of every component, shape [bins × weights].
  private func design(_ model: GaussianProcessStructureFunctions, _ small: SmallNearProblem) throws -> Matrix {
    let range = 0..<model.weightGroups[0].count
    var basis: [Reaction: [StructureFunctions]] = [:]
    for reaction in small.problem.reactions {
      basis[reaction] = try model.basis(ofGroup: 0, weights: range, reaction: reaction, at: small.problem.nodes)
    }
    return try Matrix(range.map { weight in try added(small) { try #require(basis[$0])[weight] } }).transposed
  }

  private func weights(_ state: ModelState) throws -> [Double] {
    try ["neutrino", "antineutrino"].flatMap { sign in
      let parts = try ["", ".remainder"].map { ending in
        try #require(state.tensors.first { $0.name == "\(sign).weights\(ending)" }).elements.map { Double($0) }
      }
      return zip(parts[0], parts[1]).map { $0 + $1 }
    }
  }

  /// The largest difference of two matrices of one size, element by element.
  private func largestDifference(_ one: Matrix, _ other: Matrix) -> Double {
    zip(one.elements, other.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  private func distance(_ p: [Double], _ q: [Double]) -> Double {
    let (one, other) = (p.reduce(0, +), q.reduce(0, +))
    return zip(p, q).reduce(0) { $0 + abs($1.0 / one - $1.1 / other) / 2 }
  }

  /// Near sums of two beams, infinitely many events: the shape of each sign, and how many there are of each, in another beam. The
  /// prior is off by 0.04 there, and the shapes of both signs differ by 0.26, so that neither a sum whose second component is
  /// overlooked nor one whose signs are taken for each other comes near.
  @Test func bothSignsComeOutOfTwoSums() throws {
    let pure = try SmallNearProblem(species: [.numu, .numubar], beams: [2, 2.5])
    let (near, far) = ([0, 2].map { pure.problem.samples[$0] }, [1, 3].map { pure.problem.samples[$0] })
    var small = pure
    small.problem.samples = [try pure.summed(near, in: Self.beams)]
    let (truth, prior) = (try SmallNearProblem.toy(), try SmallNearProblem.detunedToy())
    let result = try SmallNearProblem.process(prior: prior).tuned(on: small.problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    let tuned = try #require(result.model as? GaussianProcessStructureFunctions)
    #expect(distance(try rates(of: tuned, small), small.problem.samples[0].probabilities) < 1e-3)
    func totals(_ model: any StructureFunctionModel) throws -> [Double] {
      try far.map { try pure.rates(of: model, $0).reduce(0, +) }
    }
    for sample in far {
      let expected = try pure.rates(of: truth, sample)
      let (before, after) = (
        distance(try pure.rates(of: prior, sample), expected), distance(try pure.rates(of: tuned, sample), expected)
      )
      #expect(before > 0.02 && after < 0.005, "\(sample.sample.name): \(before) → \(after)")
    }
    #expect(
      distance(try pure.rates(of: truth, far[0]), try pure.rates(of: truth, far[1])) > 0.2)
    let (found, expected) = (try totals(tuned), try totals(truth))
    #expect(abs(found[1] / found[0] / (expected[1] / expected[0]) - 1) < 0.01, "\(found), \(expected)")
  }

  /// A component without flux leaves functions, covariance and evidence of the other as they are without it, and its own as
  /// they are before any data.
  @Test func aComponentWithoutFluxChangesNothing() throws {
    let small = try SmallNearProblem(species: [.numu, .numubar], events: 1e4)
    var (alone, both) = (small, small)
    alone.problem.samples = [small.problem.samples[0]]
    let other = small.problem.samples[1]
    both.problem.samples = [small.problem.samples[0]]
    both.problem.samples[0].others = [
      TuningSample.Component(
        reaction: other.sample.reaction, nodeOperator: ScaledOperator(other.nodeOperator, times: 0))
    ]
    let untuned = try SmallNearProblem.process(prior: try SmallNearProblem.detunedToy())
    let results = try [alone, both].map { try untuned.tuned(on: $0.problem) }
    let models = try results.map { try #require($0.model as? GaussianProcessStructureFunctions) }
    let nodes = small.problem.nodes
    let functions = try models.map { try $0.structureFunctions(of: small.reaction, at: nodes).w.flatMap { $0 } }
    #expect(zip(functions[0], functions[1]).allSatisfy { abs($0 - $1) <= 1e-9 * abs($0) })
    let factors = models.map { $0.weightGroups[0].factor }
    let expected = Matrix(blocks: [factors[0], .identity(factors[0].rows)])
    #expect(factors[1].rows == expected.rows && largestDifference(factors[1], expected) < 1e-9)
    #expect(try weights(results[1].state).suffix(factors[0].rows).allSatisfy { $0 == 0 })
    let evidences = results.compactMap(\.record.logEvidence)
    #expect(evidences.count == 2 && abs(evidences[0] - evidences[1]) < 1e-7)
    let parameters = try results.map { try #require($0.record.effectiveParameters?.values.first) }
    #expect(abs(parameters[0].trace - parameters[1].trace) < 1e-7)
  }

  /// −2lnL + |η|² does not fall along any of the weights of either sign, by differences of the folded sum.
  @Test func theMostProbableWeightsAreAMaximum() throws {
    let events = 1e6
    let small = try summed(events: events)
    let sample = small.problem.samples[0]
    let result = try SmallNearProblem.process(prior: try SmallNearProblem.detunedToy()).tuned(on: small.problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    let model = try #require(result.model as? GaussianProcessStructureFunctions)
    let weights = try weights(result.state)
    #expect(weights.count == model.weightGroups[0].factor.rows)
    try MostProbableWeights.check(of: model, weights, sample, events: events, count: 30) { try rates(of: $0, small) }
  }

  /// The design of a sum is the sum of those of its components: F Fᵀ (1 + AᵀA) = 1 with A from basis functions of both signs that
  /// are folded one by one; data of both make them depend on each other.
  @Test func theDesignIsTheSumOfThoseOfTheComponents() throws {
    let events = 1e5
    let small = try summed(events: events)
    let model = try small.tunedProcess(prior: try SmallNearProblem.detunedToy())
    #expect(model.weightGroups.map(\.name) == ["neutrino+antineutrino"])
    let (rates, changes) = (try rates(of: model, small), try design(model, small))
    let total = rates.reduce(0, +)
    let sums = (0..<changes.columns).map { changes.column($0).reduce(0, +) }
    let whitened = try Matrix(
      rates.indices.filter { rates[$0] > 1e-10 * total }.map { bin in
        (0..<changes.columns).map {
          (changes[bin, $0] - rates[bin] / total * sums[$0]) * (events / total / rates[bin]).squareRoot()
        }
      })
    var information = try whitened.gram()
    for i in 0..<information.rows { information[i, i] += 1 }
    let factor = model.weightGroups[0].factor
    let product = try factor.transposed.multiplied(by: try information.multiplied(by: factor))
    #expect(largestDifference(product, .identity(product.rows)) < 1e-6)
    let covariance = try factor.multiplied(by: factor.transposed)
    let count = factor.rows / 2
    #expect((0..<count).contains { i in (count..<2 * count).contains { abs(covariance[i, $0]) > 1e-3 } })
  }

  /// Slopes by sums over the grid are basis functions that are folded, of either sign; basis functions are derivatives of the
  /// displaced model, and weights of one sign do nothing to the other.
  @Test(arguments: [NeutrinoSpecies.numu, .numubar]) func weightsOfBothSigns(species: NeutrinoSpecies) throws {
    let small = try summed(events: 1e5)
    let model = try small.tunedProcess(prior: try SmallNearProblem.detunedToy())
    let (nodes, count) = (small.problem.nodes, model.weightGroups[0].count)
    let reaction = Reaction(species: species, target: small.reaction.target)
    let own = species == .numu ? 0..<count / 2 : count / 2..<count
    let basis = try #require(try model.basis(ofGroup: 0, weights: 0..<count, reaction: reaction, at: nodes))
    // W₂ has all parts.
    #expect(basis.indices.allSatisfy { own.contains($0) == basis[$0].w[1].contains { $0 != 0 } })
    // A batch that has weights of both.
    let across = count / 2 - 2..<count / 2 + 3
    let batch = try #require(try model.basis(ofGroup: 0, weights: across, reaction: reaction, at: nodes))
    #expect(zip(batch, across).allSatisfy { $0.w == basis[$1].w })
    let functionals = small.functionalsOfBins()[10..<13]
    let slopes = try #require(try model.slopes(ofGroup: 0, of: Array(functionals), reaction: reaction, at: nodes))
    let scale = slopes.elements.reduce(0) { max($0, abs($1)) }
    #expect(slopes.columns == count && scale > 0)
    for (row, functional) in functionals.enumerated() {
      for weight in stride(from: 0, to: count, by: 11) {
        let folded = zip(functional.w, basis[weight].w).reduce(0.0) { sum, pair in
          sum + zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(slopes[row, weight] - folded) < 1e-10 * scale)
      }
    }
    let points = InvariantPoints(omega: [0.3, 1, 2], q2: [0.5, 0.6, 1.5])
    for weight in stride(from: 3, to: count, by: count / 9) {
      let slope = try #require(
        try model.basis(ofGroup: 0, weights: weight..<weight + 1, reaction: reaction, at: points))[0]
      let sides = try [1e-5, -1e-5].map { step in
        try model.displaced(by: [(0..<count).map { $0 == weight ? step : 0 }])
          .structureFunctions(of: reaction, at: points)
      }
      for (k, values) in slope.w.enumerated() {
        for (i, value) in values.enumerated() {
          let difference = (sides[0].w[k][i] - sides[1].w[k][i]) / 2e-5
          #expect(abs(difference - value) < 1e-6 * (abs(sides[0].w[0][i]) + abs(sides[0].w[k][i])))
        }
      }
    }
  }

  /// Threads change no number; a state restores both signs and their covariance, and a tuned model continues from its weights.
  @Test func stateAndThreads() throws {
    let prior = try SmallNearProblem.detunedToy()
    let untuned = try SmallNearProblem.process(prior: prior)
    let small = try summed(events: 1e6)
    let result = try untuned.tuned(on: small.problem)
    let other = try untuned.tuned(on: try summed(threads: 3, events: 1e6).problem)
    #expect(result.state == other.state && result.record == other.record)
    let tuned = try #require(result.model as? GaussianProcessStructureFunctions)
    let again = try #require(try untuned.restored(from: result.state) as? GaussianProcessStructureFunctions)
    #expect(again.weightGroups.map(\.name) == ["neutrino+antineutrino"])
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let functions = try [NeutrinoSpecies.numu, .numubar].map { species in
      let reaction = Reaction(species: species, target: small.reaction.target)
      let both = try [tuned, again].map { try $0.structureFunctions(of: reaction, at: points).w }
      for (before, after) in zip(both[0].joined(), both[1].joined()) {
        #expect(abs(before - after) <= 1e-12 * abs(before))
      }
      return both[0]
    }
    #expect(functions[0][0] != functions[1][0])
    let factors = [tuned, again].map { $0.weightGroups[0].factor.elements }
    #expect(zip(factors[0], factors[1]).allSatisfy { abs($0 - $1) < 1e-12 })
    let continued = try tuned.tuned(on: small.problem)
    #expect(continued.record.converged && continued.record.steps < result.record.steps)
  }

  /// Samples that no sum joins stay apart: two targets, on each of which one sample is a sum.
  @Test func nucleiThatNoSumJoinsStayApart() throws {
    var small = try summed(events: 1e4)
    let (sum, targets) = (small.problem.samples[0], try ["CH", "H2O"].map { try Target(named: $0) })
    small.problem.samples = targets.map { target in
      var sample = sum
      sample.sample.reaction.target = target
      sample.others[0].reaction.target = target
      return sample
    }
    let model = try small.tunedProcess(prior: try SmallNearProblem.detunedToy())
    #expect(
      model.weightGroups.map(\.name) == ["neutrino-CH+antineutrino-CH", "neutrino-H2O+antineutrino-H2O"])
    let water = Reaction(species: .numubar, target: targets[1])
    #expect(try model.basis(ofGroup: 0, weights: 0..<1, reaction: water, at: small.problem.nodes) == nil)
    #expect(try model.basis(ofGroup: 1, weights: 0..<1, reaction: water, at: small.problem.nodes) != nil)
  }

  /// A grid keeps the kernel of the larger evidence, for both signs; a prior that is right asks for a small amplitude.
  @Test func kernelsAreChosen() throws {
    let small = try summed(events: 1e7)
    let wrong = try SmallNearProblem.detunedToy()
    let lengths: [String: ParameterValue] = ["kernel.length_w2": .number(2), "kernel.length_q2": .number(3)]
    func tuned(_ changes: [String: ParameterValue], _ prior: any CrossSectionModel) throws -> TuningResult {
      try SmallNearProblem.process(lengths.merging(changes) { $1 }, prior: prior).tuned(on: small.problem)
    }
    func amplitudes(_ result: TuningResult) -> [Double] {
      ["neutrino", "antineutrino"].map { sign in
        guard case .numbers(let kernel) = result.state.card["\(sign).kernel"] else { return .nan }
        return kernel[2]
      }
    }
    let offered = [0.02, 0.3]
    let evidences = try offered.map { try tuned(["kernel.amplitude": .number($0)], wrong).record.logEvidence ?? .nan }
    let best = evidences[0] > evidences[1] ? 0 : 1
    let chosen = try tuned(["kernel.choice": .text("grid"), "kernel.amplitudes": .numbers(offered)], wrong)
    #expect(amplitudes(chosen) == [offered[best], offered[best]] && chosen.record.logEvidence == evidences[best])
    let likeliest: [String: ParameterValue] = [
      "kernel.choice": .text("marginal-likelihood"), "kernel.amplitude": .number(0.1),
    ]
    let right = amplitudes(try tuned(likeliest, try SmallNearProblem.toy()))
    #expect(right[0] < 0.03 && right[0] == right[1], "\(right)")
  }

  /// A response that is fitted, and a prior that learns from samples of one species, are refused.
  @Test func whatIsRefused() throws {
    var small = try summed(events: 1e4)
    let untuned = try SmallNearProblem.process(prior: try SmallNearProblem.detunedToy())
    #expect(untuned.learnsSums)
    small.problem.responseParameters = [
      ResponseParameter(name: "visible", nominal: 0.85, width: 0.02, range: 0.5...1)
    ]
    let error = #expect(throws: NuTuneError.self) { try untuned.tuned(on: small.problem) }
    #expect(error?.found == "a sum of numu, numubar")
    #expect(
      error?.expected
        == "samples of one neutrino species, which is what a model that is fitted with a response learns from")
    #expect(try SmallNearProblem.process(prior: PureLearner()).learnsSums == false)
  }
}

/// A theory that learns from samples of one species, if it did.
private struct PureLearner: TunableModel, StructureFunctionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "pure-learner", summary: "Learns from pure samples.", parameters: [], citations: [])
  private let theory: any StructureFunctionModel

  init(_ configuration: PluginConfiguration) throws { try self.init() }
  init() throws { theory = try SmallNearProblem.toy() }

  func check(_ reactions: [Reaction]) throws { try theory.check(reactions) }
  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    try theory.structureFunctions(of: reaction, at: points)
  }
  func tuned(on problem: TuningProblem) throws -> TuningResult {
    TuningResult(
      model: self, state: ModelState(tensors: [], card: [:]),
      record: TuningRecord(converged: true, verdict: "", steps: 0, loss: 0, history: []))
  }
  func restored(from state: ModelState) throws -> any CrossSectionModel { self }
}
