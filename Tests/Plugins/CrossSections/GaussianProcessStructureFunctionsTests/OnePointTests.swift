import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneNumerics
import Testing

/// A Gaussian process that learns one number at one point, where its most probable modulation is known in closed form.
///
/// The prior has W₋ alone, so that the rate is m exp(g) with g of variance α².
@Suite struct OnePointTests {
  private let amplitude = 0.4

  /// A W boson of helicity −1, W₋ = 1 on nuclei and 0.3 on free protons, alone or beside W₊ as a share of it.
  private struct LeftHanded: StructureFunctionModel {
    static let descriptor = PluginDescriptor(
      kind: .crossSection, name: "left-handed", summary: "Left-handed.", parameters: [], citations: [])
    private let opposite: Double
    init(_ configuration: PluginConfiguration) { self.init() }
    init(opposite: Double = 0) { self.opposite = opposite }
    func check(_ reactions: [Reaction]) {}

    func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
      var functions = StructureFunctions(count: points.count)
      for i in 0..<points.count {
        let momentumSquared = points.q2[i] + points.omega[i] * points.omega[i]
        let part = reaction.target.isFreeProton ? 0.3 : 1
        functions.w[0][i] = part * (1 + opposite)
        functions.w[1][i] = part * (1 + opposite) * points.q2[i] / momentumSquared
        functions.w[2][i] = part * (1 - opposite) * 2 * PhysicalConstants.nucleonMass / momentumSquared.squareRoot()
      }
      return functions
    }
  }

  /// The cross section at one kinematic point as the only bin.
  private struct OnePoint: NodeOperator {
    let weights: [Double]
    let nodeCount = 1
    let binCount = 1

    func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
      rates[0] = (0..<3).reduce(0) { $0 + weights[$1] * Double(values[$1]) }
    }
    func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
      rates[0] = (0..<3).reduce(0) { $0 + weights[$1] * values[$1] }
    }
    func applyTranspose(
      _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
    ) { for k in 0..<3 { values[k] = Float(gradient[0] * weights[k]) } }
    func applyTranspose(
      _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
    ) { for k in 0..<3 { values[k] = gradient[0] * weights[k] } }
  }

  private let kinematics = (energy: 2.0, lepton: 1.2, cosTheta: 0.85)

  private func problem(
    _ prior: LeftHanded = LeftHanded(), _ term: (_ prior: Double) throws -> any LikelihoodTerm
  ) throws -> TuningProblem {
    let tensor = LeptonTensor(.numu)
    let momentum = Kinematics.leptonMomentum(energy: kinematics.lepton, mass: tensor.leptonMass)
    let q2 =
      2 * kinematics.energy * (kinematics.lepton - momentum * kinematics.cosTheta)
      - tensor.leptonMass * tensor.leptonMass
    let weights = tensor.pointWeights(neutrinoEnergy: kinematics.energy, leptonMomentum: momentum, q2: q2)
    let binning = try Binning(Axis(.leptonEnergy, edges: [1, 1.4]), Axis(.cosTheta, edges: [0.8, 0.9]))
    let reaction = Reaction(species: .numu, target: try Target(named: "CH"))
    var sample = TuningSample(
      sample: Sample(reaction: reaction, mode: "fhc", site: .near, binning: binning), probabilities: [1], events: nil,
      nodeOperator: OnePoint(weights: [weights.a, weights.b, weights.c]))
    let nodes = InvariantPoints(omega: [kinematics.energy - kinematics.lepton], q2: [q2])
    sample.term = try term(try rate(prior, sample, nodes, reaction))
    return TuningProblem(nodes: nodes, samples: [sample], seed: 1, threads: 1)
  }

  private func rate(
    _ functions: StructureFunctions, _ sample: TuningSample, _ nodes: InvariantPoints, _ reaction: Reaction
  ) -> Double {
    let values = LeptonTensor(reaction.species).nodeValues(of: functions, at: nodes).flatMap { $0 }
    var rates = [0.0]
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { sample.nodeOperator.apply($0, rates: rates, threads: 1) }
    }
    return rates[0]
  }

  private func rate(
    _ model: any StructureFunctionModel, _ sample: TuningSample, _ nodes: InvariantPoints, _ reaction: Reaction
  ) throws -> Double {
    rate(try model.structureFunctions(of: reaction, at: nodes), sample, nodes, reaction)
  }

  private func untuned(_ changes: [String: ParameterValue] = [:], prior: LeftHanded = LeftHanded()) throws
    -> GaussianProcessStructureFunctions
  {
    let given: [String: ParameterValue] = ["kernel.amplitude": .number(amplitude)]
    var configuration = PluginConfiguration(
      parameters: GaussianProcessStructureFunctions.descriptor.parameters.defaults().setting(given).setting(changes))
    configuration.components["prior"] = prior
    return try GaussianProcessStructureFunctions(configuration)
  }

  private typealias Found = (g: Double, variance: Double, result: TuningResult)

  /// The most probable ln(rate/prior) and its variance.
  private func found(_ problem: TuningProblem, _ changes: [String: ParameterValue] = [:]) throws -> Found {
    let result = try untuned(changes).tuned(on: problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    let model = try #require(result.model as? GaussianProcessStructureFunctions)
    let (sample, nodes) = (problem.samples[0], problem.nodes)
    let reaction = sample.sample.reaction
    let rate = try rate(model, sample, nodes, reaction)
    let group = model.weightGroups[0]
    let slopes = try #require(try model.basis(ofGroup: 0, weights: 0..<group.count, reaction: reaction, at: nodes))
      .map { self.rate($0, sample, nodes, reaction) / rate }
    let spread = try group.factor.transposed.multiplied(by: slopes)
    return (
      log(rate / (try self.rate(LeftHanded(), sample, nodes, reaction))), spread.reduce(0) { $0 + $1 * $1 }, result
    )
  }

  /// Root of a rising function by halving.
  private func root(in range: ClosedRange<Double>, of rising: (Double) -> Double) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if rising(middle) < 0 { low = middle } else { high = middle }
    }
    return low
  }

  /// A search ends within 10⁻³ standard deviations, 5·10⁻⁵ of g here.
  private func expect(_ found: Found, g: Double, variance: Double) {
    #expect(abs(found.g - g) < 1e-4, "\(found.g) where \(g) is expected")
    #expect(abs(found.variance / variance - 1) < 1e-3)
  }

  /// ½ g²/α² + ½ (m e^g − v)²/σ² is stationary where g/α² + (m e^g − v) m e^g/σ² = 0, which rises between 0 and
  /// ln(v/m).
  @Test func aMeasuredValue() throws {
    let found = try found(
      try problem { prior in
        try GaussianTerm(values: [1.8 * prior], covariance: Matrix(diagonal: [0.01 * prior * prior]))
      })
    let g = root(in: 0...log(1.8)) { $0 / (amplitude * amplitude) + (exp($0) - 1.8) * exp($0) / 0.01 }
    expect(found, g: g, variance: 1 / (1 / (amplitude * amplitude) + exp(2 * g) / 0.01))
  }

  /// With n events of 100 e^g expected ones, g/α² + 100 e^g − n = 0.
  @Test(arguments: [0, 180.0]) func aNumberOfEvents(events: Double) throws {
    let found = try found(
      try problem { try PoissonTerm(counts: [events], normalization: 100 / $0) })
    let g = root(in: -5...2) { $0 / (amplitude * amplitude) + 100 * exp($0) - events }
    expect(found, g: g, variance: 1 / (1 / (amplitude * amplitude) + 100 * exp(g)))
  }

  /// With n events of both signs where 100 e^g + 50 e^h = μ are expected, g/α² = 100 e^g (n/μ − 1) and h/α² = 50 e^h (n/μ − 1). The
  /// inverse of the covariance is 1/α² + ∂μ ∂μᵀ/μ, so that both are anticorrelated: the sum knows less of either than of itself.
  @Test func aNumberOfEventsOfBothSigns() throws {
    let events = 220.0
    var problem = try problem { try PoissonTerm(counts: [events], normalization: 100 / $0) }
    let (sample, nodes) = (problem.samples[0], problem.nodes)
    let reactions = [sample.sample.reaction, Reaction(species: .numubar, target: sample.sample.reaction.target)]
    let priors = try reactions.map { try rate(LeftHanded(), sample, nodes, $0) }
    let point = try #require(sample.nodeOperator as? OnePoint)
    problem.samples[0].others = [
      TuningSample.Component(
        reaction: reactions[1],
        nodeOperator: OnePoint(weights: point.weights.map { 0.5 * priors[0] / priors[1] * $0 }))
    ]
    let result = try untuned().tuned(on: problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    let model = try #require(result.model as? GaussianProcessStructureFunctions)
    #expect(model.weightGroups.map(\.name) == ["neutrino+antineutrino"])
    let group = model.weightGroups[0]
    let found = try zip(reactions, priors).map { reaction, prior in
      let rate = try rate(model, sample, nodes, reaction)
      let slopes = try #require(try model.basis(ofGroup: 0, weights: 0..<group.count, reaction: reaction, at: nodes))
        .map { self.rate($0, sample, nodes, reaction) / rate }
      return (g: log(rate / prior), spread: try group.factor.transposed.multiplied(by: slopes))
    }

    var (g, covariance) = ([0.0, 0.0], Matrix(rows: 2, columns: 2))
    for _ in 0..<100 {
      let rates = [100 * exp(g[0]), 50 * exp(g[1])]
      let expected = rates[0] + rates[1]
      var information = Matrix(diagonal: [1 / (amplitude * amplitude), 1 / (amplitude * amplitude)])
      for i in 0...1 { for j in 0...1 { information[i, j] += rates[i] * rates[j] / expected } }
      covariance = try Cholesky(information).inverse()
      let slope = (0...1).map { (events / expected - 1) * rates[$0] - g[$0] / (amplitude * amplitude) }
      g = zip(g, try covariance.multiplied(by: slope)).map { $0 + $1 }
    }
    #expect(covariance[0, 1] < 0)
    for i in 0...1 {
      #expect(abs(found[i].g - g[i]) < 3e-4, "\(found[i].g) where \(g[i]) is expected")
      for j in 0...1 {
        let spread = zip(found[i].spread, found[j].spread).reduce(0) { $0 + $1.0 * $1.1 }
        let scale = (covariance[i, i] * covariance[j, j]).squareRoot()
        #expect(abs(spread - covariance[i, j]) < 2e-3 * scale, "\(spread) and \(covariance[i, j])")
      }
    }
  }

  private func logNormal(_ value: Double, _ prior: LeftHanded = LeftHanded()) throws -> TuningProblem {
    try problem(prior) { prior in
      try LogNormalTerm(
        try MeasuredValues(values: [value * prior], covariance: Matrix(diagonal: [pow(0.1 * value * prior, 2)])))
    }
  }

  /// ln(v/m) with error 0.1 is linear in g: the posterior is Gaussian, and Laplace's evidence is exact.
  @Test func aValueWhoseErrorIsAFactor() throws {
    let found = try found(try logNormal(1.8))
    let (variance, noise) = (amplitude * amplitude, 0.01)
    expect(found, g: log(1.8) * variance / (variance + noise), variance: variance * noise / (variance + noise))
    let evidence = -0.5 * log(1.8) * log(1.8) / (variance + noise) - 0.5 * log(1 + variance / noise)
    #expect(found.result.record.verdict.contains("ln evidence \(evidence.rounded())"))
    #expect(found.result.record.verdict.contains("the best of 2 starts"))
  }

  /// −½ ln²(v/m)/(α² + ρ²) − ½ ln(1 + α²/ρ²) decides: of the amplitudes offered it is largest for 0.6 if v/m is 1.8,
  /// and for 0.1 if it is 1.05.
  @Test(arguments: [(1.8, 0.6), (1.05, 0.1)]) func theEvidenceChooses(value: Double, best: Double) throws {
    let choice: [String: ParameterValue] = [
      "kernel.choice": .text("grid"), "kernel.amplitudes": .numbers([0.1, 0.4, 0.6]),
    ]
    let state = try found(try logNormal(value), choice).result.state
    guard case .numbers(let kernel) = state.card["neutrino.kernel"] else {
      Issue.record("no kernel")
      return
    }
    #expect(kernel[2] == best)
  }

  /// ln of the rate of W₋ and W₊, shares f and 1−f of it, has the variance α² [1 − 2f(1−f)(1−ρ)], which rises with the
  /// correlation ρ: a value as expected chooses the smallest, one that is 3 standard deviations off the largest.
  @Test(arguments: [(1.0, 0.0), (1.35, 0.9)]) func theEvidenceChoosesTheCorrelation(value: Double, best: Double) throws
  {
    let prior = LeftHanded(opposite: 1)
    let choice: [String: ParameterValue] = [
      "kernel.amplitude": .number(0.1), "kernel.choice": .text("grid"), "kernel.correlations": .numbers([0.5, 0, 0.9]),
    ]
    let state = try untuned(choice, prior: prior).tuned(on: try logNormal(value, prior)).state
    guard case .numbers(let kernel) = state.card["neutrino.kernel"] else {
      Issue.record("no kernel")
      return
    }
    #expect(kernel[3] == best)
  }

  /// The likeliest amplitude for v/m = 6 is 1.8; the bound of data with a covariance is 0.6, and another one if it is
  /// given.
  @Test func theChosenAmplitudeIsBounded() throws {
    func amplitude(_ changes: [String: ParameterValue]) throws -> Double {
      let all: [String: ParameterValue] = ["kernel.choice": .text("marginal-likelihood")]
      let state = try untuned(all.merging(changes) { $1 }).tuned(on: try logNormal(6)).state
      guard case .numbers(let kernel) = state.card["neutrino.kernel"] else { return .nan }
      return kernel[2]
    }
    #expect(try amplitude([:]) == 0.6)
    #expect(try amplitude(["kernel.largest_amplitude": .number(0.9)]) == 0.9)
  }

  @Test(
    arguments: [
      (["kernel.amplitudes": .numbers([0.2])], "kernel.amplitudes", "`kernel.choice: grid`"),
      (["kernel.choice": .text("grid")], "kernel.choice", "at least one of kernel.amplitudes"),
      (
        ["kernel.choice": .text("grid"), "kernel.amplitudes": .numbers([0.2, 0.8])], "kernel.amplitudes",
        "a larger kernel.largest_amplitude"
      ),
    ] as [([String: ParameterValue], String, String)])
  func choicesThatCannotBeAreRefused(changes: [String: ParameterValue], key: String, expected: String) throws {
    let error = try #require(throws: NuTuneError.self) { try untuned(changes) }
    #expect(error.key == key && error.expected.contains(expected))
  }

  /// On CH the prior of carbon and of free protons is modulated by one g: that which the sum of both asks for.
  @Test func freeProtonsShareTheModulation() throws {
    var problem = try logNormal(1.5)
    let parts = [
      (target: try Target(named: "C12"), share: 12.0 / 13), (target: try Target(named: "H1"), share: 1.0 / 13),
    ]
    problem.samples[0].composition = parts
    let result = try untuned().tuned(on: problem)
    let model = try #require(result.model as? GaussianProcessStructureFunctions)
    let variance = amplitude * amplitude
    // The sum of both is 12.3/13 of what the value was made with.
    let g = log(1.5 * 13 / 12.3) * variance / (variance + 0.01)
    for (part, prior) in zip(parts, [1, 0.3]) {
      let functions = try model.structureFunctions(
        of: Reaction(species: .numu, target: part.target), at: problem.nodes)
      #expect(abs(log(functions.w[0][0] / prior) - g) < 1e-4, "\(part.target.name)")
    }
  }

  @Test func termsOfUnknownKindAreRefused() throws {
    struct Other: LikelihoodTerm {
      let binCount = 1
      let scale = 1.0
      func evaluate(
        rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
      ) throws(TermError) -> Double { 0 }
    }
    let error = try #require(throws: NuTuneError.self) { try untuned().tuned(on: try problem { _ in Other() }) }
    #expect(error.key == "near-numu-fhc" && error.expected.contains("values with a covariance"))
  }
}
