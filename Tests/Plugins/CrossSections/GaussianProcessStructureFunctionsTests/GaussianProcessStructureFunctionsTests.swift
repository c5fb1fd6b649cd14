import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

@Suite struct GaussianProcessStructureFunctionsTests {
  private func distance(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) / 2 } }

  /// Effects of all weights on the probabilities of the bins; the scale of a sample is free.
  private func probabilityDesign(_ model: GaussianProcessStructureFunctions, _ small: SmallNearProblem) throws
    -> Matrix
  {
    let rates = try small.rates(of: model, small.problem.samples[0])
    let total = rates.reduce(0, +)
    var design = try small.design(model)
    let sums = (0..<design.columns).map { design.column($0).reduce(0, +) }
    for i in 0..<design.rows {
      for j in 0..<design.columns { design[i, j] = (design[i, j] - rates[i] / total * sums[j]) / total }
    }
    return design
  }

  /// Hadronic energy divides the bins of the lepton: a process that learns from both comes closer to the structure functions
  /// than one of the lepton alone, and describes the bins that it learned from.
  @Test func learnsFromHadronicEnergy() throws {
    let truth = try SmallNearProblem.toy()
    let bins = [0, 0.1, 0.2, 0.35, 0.6, 1, 1.8, 4]
    let both = try [[], bins].map { try SmallNearProblem(events: 1e7, hadronic: $0) }
    let judge = both[1]
    let expected = try judge.probabilities(of: truth)[0]
    let prior = try SmallNearProblem.detunedToy()
    let distances = try both.map { small in
      distance(try judge.probabilities(of: small.tunedProcess(prior: prior))[0], expected)
    }
    let before = distance(try judge.probabilities(of: prior)[0], expected)
    #expect(distances[1] < 0.5 * distances[0] && distances[1] < 0.1 * before, "\(distances), \(before) before")
  }

  /// Covariance of the near probabilities against the dense kriging formula with a matrix of size #bins, written out here:
  /// with K = H Hᵀ of the probabilities' derivatives, covariance = K − K (K + R)⁻¹ K, R the expected multinomial variance
  /// N p. The scale of a sample is free, which H knows.
  @Test func agreesWithDenseKriging() throws {
    let events = 1e6
    let small = try SmallNearProblem(events: events)
    let model = try small.tunedProcess(prior: try SmallNearProblem.detunedToy())
    let rates = try small.rates(of: model, small.problem.samples[0])
    let total = rates.reduce(0, +)
    let design = try probabilityDesign(model, small)
    let kept = rates.indices.filter { rates[$0] / total > 1e-10 }
    let seen = try Matrix(kept.map { design.row($0) })
    let kernel = try seen.multiplied(by: seen.transposed)
    var sum = kernel
    for (i, bin) in kept.enumerated() { sum[i, i] += rates[bin] / total / events }
    let gain = try Cholesky(sum).solve(kernel)
    let spread = try seen.multiplied(by: model.weightGroups[0].factor)
    for i in kept.indices {
      // K (K+R)⁻¹ R is K − K (K+R)⁻¹ K without the difference of large numbers.
      let expected = gain[i, i] * rates[kept[i]] / total / events
      let found = spread.row(i).reduce(0) { $0 + $1 * $1 }
      #expect(abs(found / expected - 1) < 1e-4, "bin \(kept[i])")
    }
  }

  /// The most probable weights: −2 ln L + |η|² does not fall along any of the weights, by differences of the folded model
  /// itself. |η|² is known by its change along δ only, 2 η·δ + δ²; η by its gradient is (ln L)′, so both sides of every
  /// weight are compared with the curvature 1 + F that the covariance says.
  @Test(arguments: [true, false]) func theMostProbableWeightsAreAMaximum(_ hasPrior: Bool) throws {
    let events = 1e6
    let small = try SmallNearProblem(events: events)
    let sample = small.problem.samples[0]
    let untuned = try SmallNearProblem.process(prior: hasPrior ? try SmallNearProblem.detunedToy() : nil)
    let result = try untuned.tuned(on: small.problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    let model = try #require(result.model as? GaussianProcessStructureFunctions)
    let name = "neutrino.weights"
    let high = try #require(result.state.tensors.first { $0.name == name }).elements
    let low = try #require(result.state.tensors.first { $0.name == "\(name).remainder" }).elements
    let weights = zip(high, low).map { Double($0) + Double($1) }
    try MostProbableWeights.check(of: model, weights, sample, events: events, count: 15) {
      try small.rates(of: $0, sample)
    }
  }

  /// Wherever the weights are moved to, the hadron tensor stays positive: W_T, W_L ≥ 0 and |W₃| |q|/2M ≤ W_T.
  @Test(arguments: [true, false]) func positiveForAnyWeights(_ hasPrior: Bool) throws {
    let small = try SmallNearProblem(events: 1e5)
    let model = try small.tunedProcess(prior: hasPrior ? try SmallNearProblem.detunedToy() : nil)
    let group = model.weightGroups[0]
    let stream = try RandomStream(seed: 3, purpose: "positive")
    let points = small.problem.nodes
    for _ in 0..<8 {
      let normal = (0..<group.count).map { _ in max(-5, min(5, 3 * stream.gaussian())) }
      let functions = try model.displaced(by: [try group.factor.multiplied(by: normal)]).structureFunctions(
        of: small.reaction, at: points)
      for i in 0..<points.count where points.q2[i] > 0 {
        let momentum = points.q2[i] + points.omega[i] * points.omega[i]
        let (transverse, second) = (functions.w[0][i], functions.w[1][i] * momentum / points.q2[i])
        let odd = functions.w[2][i] * momentum.squareRoot() / (2 * PhysicalConstants.nucleonMass)
        #expect(transverse >= 0 && second - transverse >= -1e-9 * second)
        #expect(abs(odd) <= transverse * (1 + 1e-12))
      }
    }
  }

  /// tr H lies between nothing and the number of bins, and more data fix more.
  @Test func effectiveParameters() throws {
    func trace(_ events: Double) throws -> EffectiveParameters {
      let small = try SmallNearProblem(events: events)
      let record = try SmallNearProblem.process(prior: try SmallNearProblem.detunedToy()).tuned(on: small.problem)
        .record
      return try #require(record.effectiveParameters?[small.problem.samples[0].sample.name])
    }
    let (few, many) = (try trace(1e4), try trace(1e7))
    #expect(few.trace > 1 && few.trace < many.trace && many.trace < 39)
    #expect(few.squareTrace < few.trace && many.squareTrace < many.trace)
  }

  @Test func theRightPriorStaysAndAWrongOneIsCorrected() throws {
    let small = try SmallNearProblem()
    let sample = small.problem.samples[0]
    let truth = try SmallNearProblem.toy()
    let right = try small.tunedProcess(prior: truth)
    let points = InvariantPoints(omega: [0.3, 1, 2], q2: [0.5, 0.6, 1.5])
    let expected = truth.structureFunctions(of: small.reaction, at: points)
    let same = try right.structureFunctions(of: small.reaction, at: points)
    for index in 0..<3 {
      for i in 0..<3 { #expect(abs(same.w[index][i] / expected.w[index][i] - 1) < 1e-6) }
    }
    let wrong = try SmallNearProblem.detunedToy()
    let before = distance(try small.probabilities(of: wrong)[0], sample.probabilities)
    let after = distance(
      try small.probabilities(of: try small.tunedProcess(prior: wrong))[0], sample.probabilities)
    #expect(before > 0.03 && after < before / 100, "\(before) → \(after)")
    let smooth = distance(try small.probabilities(of: try small.tunedProcess(prior: nil))[0], sample.probabilities)
    #expect(smooth < 0.01)
  }

  /// Data drawn forty times: the truth lies within the errors. The posterior of a bin is wider than its noise alone and
  /// the prior is wrong by less than it allows, so the mean square of the pulls is below one, and not far below.
  @Test func pullsOfTheTruthHaveUnitWidth() throws {
    let events = 1e5
    let prior = try SmallNearProblem.detunedToy()
    var problem = try SmallNearProblem(events: events)
    let truth = problem.problem.samples[0].probabilities
    var (squares, count) = (0.0, 0)
    for draw in 0..<40 {
      let stream = try RandomStream(seed: 11, purpose: "pulls", member: draw)
      let counts = try truth.map { Double(try stream.poisson(mean: events * $0)) }
      let total = counts.reduce(0, +)
      problem.problem.samples[0].probabilities = counts.map { $0 / total }
      let model = try problem.tunedProcess(prior: prior)
      let scale = try problem.rates(of: model, problem.problem.samples[0]).reduce(0, +)
      let found = try problem.rates(of: model, problem.problem.samples[0]).map { $0 / scale }
      let spread = try probabilityDesign(model, problem).multiplied(by: model.weightGroups[0].factor)
      for bin in truth.indices where truth[bin] * events > 20 {
        let error = spread.row(bin).reduce(0) { $0 + $1 * $1 }.squareRoot()
        squares += (found[bin] - truth[bin]) * (found[bin] - truth[bin]) / (error * error)
        count += 1
      }
    }
    let mean = squares / Double(count)
    #expect(mean > 0.4 && mean < 1.1, "\(mean)")
  }

  /// Two beams of one channel, each with a scale of its own, and a prior that is wrong by another factor in each: the
  /// shapes of both are met.
  @Test func samplesOfOneHelicityHaveFreeScales() throws {
    let prior = try SmallNearProblem.detunedToy()
    let both = try SmallNearProblem(beams: [2, 3.2])
    let model = try both.tunedProcess(prior: prior)
    for (found, sample) in zip(try both.probabilities(of: model), both.problem.samples) {
      #expect(distance(found, sample.probabilities) < 2e-4, "\(sample.sample.name)")
    }
    let before = try both.probabilities(of: prior)
    #expect(distance(before[1], both.problem.samples[1].probabilities) > 0.02)
  }

  @Test func moreEventsSmallerErrors() throws {
    let small = try SmallNearProblem()
    let prior = try SmallNearProblem.detunedToy()
    let few = try SmallNearProblem(events: 1e5)
    func errors(_ small: SmallNearProblem) throws -> [Double] {
      let model = try small.tunedProcess(prior: prior)
      let spread = try probabilityDesign(model, small).multiplied(by: model.weightGroups[0].factor)
      return (0..<spread.rows).map { row in spread.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }
    let (infinite, finite) = (try errors(small), try errors(few))
    let statistical = few.problem.samples[0].probabilities.map { ($0 / 1e5).squareRoot() }
    for bin in infinite.indices where few.problem.samples[0].probabilities[bin] > 1e-3 {
      // More events, smaller errors; and smoothness never makes a bin worse than its own statistics.
      #expect(infinite[bin] < 0.1 * finite[bin])
      #expect(finite[bin] < 1.02 * statistical[bin])
      #expect(finite[bin] > 0.1 * statistical[bin])
    }
  }

  @Test func servesAntineutrinosAndBothLeptonsAndDoesNotDependOnThreads() throws {
    let prior = try SmallNearProblem.detunedToy()
    let species: [NeutrinoSpecies] = [.numu, .nue, .numubar]
    let one = try SmallNearProblem(threads: 1, species: species)
    let three = try SmallNearProblem(threads: 3, species: species)
    let first = try SmallNearProblem.process(prior: prior).tuned(on: one.problem)
    let second = try SmallNearProblem.process(prior: prior).tuned(on: three.problem)
    #expect(first.state == second.state && first.record == second.record)
    let tuned = try #require(first.model as? GaussianProcessStructureFunctions)
    #expect(tuned.weightGroups.map(\.name) == ["neutrino", "antineutrino"])
    for (found, sample) in zip(try one.probabilities(of: tuned), one.problem.samples) {
      #expect(distance(found, sample.probabilities) < 1e-3, "\(sample.sample.name)")
    }
    // Five functions where both leptons are seen, three where one is.
    #expect(tuned.weightGroups[0].count > tuned.weightGroups[1].count * 8 / 5)
  }

  /// Two targets of one neutrino sign share nothing: each has the functions that it has when it is learned alone, bit for
  /// bit, also after a state, and a third target has none.
  @Test func eachTargetHasItsFunctions() throws {
    var small = try SmallNearProblem(beams: [2, 3], events: 1e5)
    let targets = try ["H2O", "CH"].map { try Target(named: $0) }
    for index in 0..<2 { small.problem.samples[index].sample.reaction.target = targets[index] }
    let untuned = try SmallNearProblem.process(prior: try SmallNearProblem.detunedToy())
    let result = try untuned.tuned(on: small.problem)
    let tuned = try #require(result.model as? GaussianProcessStructureFunctions)
    let again = try #require(try untuned.restored(from: result.state) as? GaussianProcessStructureFunctions)
    #expect(tuned.weightGroups.map(\.name) == ["neutrino-CH", "neutrino-H2O"])
    #expect(again.weightGroups.map(\.name) == tuned.weightGroups.map(\.name))
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let learned = try (0..<2).map { index in
      var alone = small.problem
      alone.samples = [small.problem.samples[index]]
      let reaction = alone.samples[0].sample.reaction
      let functions = try #require(try untuned.tuned(on: alone).model as? GaussianProcessStructureFunctions)
        .structureFunctions(of: reaction, at: points).w
      #expect(try tuned.structureFunctions(of: reaction, at: points).w == functions)
      for (one, other) in zip(try again.structureFunctions(of: reaction, at: points).w.joined(), functions.joined()) {
        #expect(abs(one - other) <= 1e-12 * abs(other))
      }
      return functions
    }
    #expect(learned[0][0] != learned[1][0])
    let other = [Reaction(species: .numu, target: small.reaction.target)]
    let error = #expect(throws: NuTuneError.self) { try tuned.check(other) }
    #expect(error?.found == "the channel numu on Ar40")
    let group = try tuned.basis(
      ofGroup: 0, weights: 0..<1, reaction: Reaction(species: .numu, target: targets[0]), at: points)
    #expect(group == nil)
  }

  @Test func stateRoundTrip() throws {
    let small = try SmallNearProblem(events: 1e6)
    let untuned = try SmallNearProblem.process(prior: try SmallNearProblem.detunedToy())
    let result = try untuned.tuned(on: small.problem)
    let tuned = try #require(result.model as? GaussianProcessStructureFunctions)
    let again = try #require(try untuned.restored(from: result.state) as? GaussianProcessStructureFunctions)
    let points = InvariantPoints(omega: [0.2, 1, 3], q2: [0.3, 0.5, 2])
    let (before, after) = (
      try tuned.structureFunctions(of: small.reaction, at: points),
      try again.structureFunctions(of: small.reaction, at: points)
    )
    // Two single-precision numbers keep 48 bits.
    for index in 0..<3 {
      for i in 0..<3 { #expect(abs(before.w[index][i] - after.w[index][i]) < 1e-12 * abs(before.w[index][i])) }
    }
    let difference = zip(tuned.weightGroups[0].factor.elements, again.weightGroups[0].factor.elements)
      .map { abs($0 - $1) }.max()
    #expect(try #require(difference) < 1e-12)
    #expect(throws: NuTuneError.self) { try untuned.structureFunctions(of: small.reaction, at: points) }
    #expect(throws: NuTuneError.self) {
      try tuned.check([Reaction(species: .numubar, target: small.reaction.target)])
    }
    #expect(throws: NuTuneError.self) {
      try untuned.restored(
        from: ModelState(tensors: [], card: ["neutrino.kernel": .numbers([1, 1, 1, 0])]))
    }
  }

  /// A prior that is wrong by a hundred times less asks for a smaller amplitude.
  @Test func marginalLikelihoodFindsTheAmplitude() throws {
    let small = try SmallNearProblem(events: 1e7)
    func amplitude(_ prior: any CrossSectionModel) throws -> Double {
      let state = try SmallNearProblem.process(
        ["kernel.choice": .text("marginal-likelihood"), "kernel.amplitude": .number(0.1)], prior: prior
      ).tuned(on: small.problem).state
      guard case .numbers(let kernel) = state.card["neutrino.kernel"] else { return .nan }
      return kernel[2]
    }
    let right = try amplitude(try SmallNearProblem.toy())
    let wrong = try amplitude(try SmallNearProblem.detunedToy())
    #expect(right < 0.03 && wrong > 0.06, "\(right), \(wrong)")
  }
}
