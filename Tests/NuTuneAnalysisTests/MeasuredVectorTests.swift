import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Parts of one measurement, and measurements of one beam: what they share is counted once.
@Suite struct MeasuredVectorTests {
  private static let bins = 40
  private static let values = (0..<bins).map { 0.01 + 0.001 * Double($0 % 7) }
  /// The bins of each half, whose energies are below and above 1.6 GeV.
  private static let halves = [Array(0..<20), Array(20..<40)]
  private static let norm = 0.1

  /// 10 % in every bin, neighbours correlated over the edge of the halves or not, and a common norm, the flux.
  private static func covariance(acrossHalves: Bool) -> Matrix {
    var matrix = Matrix(rows: bins, columns: bins)
    for i in 0..<bins {
      for j in 0..<bins where acrossHalves || i / 20 == j / 20 {
        matrix[i, j] = values[i] * values[j] * (0.01 * exp(-abs(Double(i - j))) + norm * norm)
      }
    }
    return matrix
  }

  private static func observation(acrossHalves: Bool = true) -> Observation {
    .measured(values: values, covariance: covariance(acrossHalves: acrossHalves))
  }

  private static func flux(_ bins: Int, of beam: String = "beam") -> FluxUncertainty {
    FluxUncertainty(of: beam, relative: Matrix(rows: bins, columns: bins, repeating: norm * norm), count: 2)
  }

  private func dataset(
    _ position: String, edges: [Double], _ observation: Observation, _ statistic: Statistic,
    roles: Set<Dataset.Role>? = nil
  ) throws -> Dataset {
    let simulated = try AnalysisFixture.dataset(position: position)
    var sample = simulated.sample
    sample.binning = try Binning(Axis(.leptonEnergy, edges: edges), simulated.sample.binning.grids[0].second)
    return Dataset(
      sample, flux: simulated.flux, detector: simulated.detector, observation: observation, statistic: statistic,
      roles: roles)
  }

  private static let edges = [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.5, 3, 4]

  private func whole(_ statistic: Statistic, _ observation: Observation) throws -> Dataset {
    try dataset("whole", edges: Self.edges, observation, statistic)
  }

  /// The halves as parts of one measurement.
  private func parts(
    _ statistic: Statistic, _ observation: Observation, roles: [Set<Dataset.Role>?] = [nil, nil],
    bins: [[Int]] = Self.halves
  ) throws -> [Dataset] {
    try zip(bins.indices, ["low", "high"]).map { index, position in
      var part = try dataset(
        position, edges: Array(Self.edges[(4 * index)...(4 * index + 4)]), observation.selecting(bins[index]),
        statistic,
        roles: roles[index])
      part.part = MeasuredPart(of: "whole", whole: observation, bins: bins[index])
      return part
    }
  }

  private func analysis(_ datasets: [Dataset], _ change: (inout AnalysisOptions) -> Void = { _ in }) throws -> Analysis
  {
    var options = AnalysisOptions(near: .init(nil, .asimov), far: .init(nil, .asimov), fitted: [])
    options.marginalizes = false
    options.pseudoExperiments = 0
    change(&options)
    return try Analysis(
      datasets, AnalysisFixture.settings, over: AnalysisFixture.energies, truth: nil, oscillation: ThreeFlavorModel(),
      options: options, threads: 2)
  }

  private func term(of datasets: [Dataset]) throws -> any ResidualTerm {
    let analysis = try analysis(datasets)
    let problem = try analysis.tuningProblem(
      for: "model", on: try analysis.nearData(of: nil), in: analysis.folded)
    #expect(problem.samples.count == 1 && problem.samples[0].nodeOperator.binCount == Self.bins)
    return try #require(problem.samples[0].term as? any ResidualTerm)
  }

  private static func rates(_ scale: Double = 1) -> [Double] {
    (0..<bins).map { scale * (0.02 + 0.001 * Double($0 % 5)) }
  }

  @Test("learned together, parts are the whole measurement by every statistic")
  func partsAreTheWhole() throws {
    for statistic in [Statistic.gaussian, .normShape, .predictionScaled, .logNormal] {
      let together = try term(of: try parts(statistic, Self.observation()))
      let expected = try term(of: [try whole(statistic, Self.observation())])
      let (a, b) = (
        try together.minusTwoLogLikelihood(of: Self.rates()), try expected.minusTwoLogLikelihood(of: Self.rates())
      )
      #expect(abs(a.value / b.value - 1) < 1e-10 && together.residualCount == Self.bins, "\(statistic)")
      for (a, b) in zip(a.gradient, b.gradient) { #expect(abs(a - b) < 1e-8 * max(abs(b), 1)) }
    }
  }

  /// The vector has the χ² of the measurement that was not divided, whose fold differs by 10⁻⁴, and not that of halves that share
  /// nothing.
  @Test("a vector is not the sum of its parts")
  func correlationsCount() throws {
    let analysis = try analysis(try parts(.gaussian, Self.observation()))
    let results = try compared(analysis)
    let together = try #require(results.together?.first)
    let apart = try #require(results.measured).reduce(0) { $0 + $1.chiSquare }
    #expect(together.measurements == ["low", "high"] && results.together?.count == 1)
    let whole = try #require(
      try compared(try self.analysis([try whole(.gaussian, Self.observation())])).measured?.first)
    #expect(
      together.chiSquare == results.deviance && abs(together.chiSquare / whole.chiSquare - 1) < 1e-3,
      "\(together.chiSquare) and \(whole.chiSquare), apart \(apart)")
    #expect(abs(together.chiSquare - apart) > 0.02 * apart, "\(together.chiSquare) and \(apart)")
    #expect(together.residuals == Self.bins && together.fluxPulls == nil)
    let test = try #require(results.goodnessOfFit?.samples)
    #expect(test.map(\.name) == ["near-numu-fhc-low+high"] && test[0].bins == Self.bins)
  }

  private func compared(_ analysis: Analysis) throws -> ModelResults.Near { try results(analysis).near }

  private func results(_ analysis: Analysis) throws -> ModelResults {
    try results(analysis, of: try SmallNearProblem.toy()).results
  }

  /// Results of a model, and the values that it predicts in all bins.
  private func results(
    _ analysis: Analysis, of model: any CrossSectionModel
  ) throws -> (results: ModelResults, values: [Double]) {
    let comparison = ModelComparison(analysis, nearData: try analysis.nearData(of: nil), farData: [])
    var predictions = try comparison.predictions()
    let results = try comparison.results(
      of: model, try ModelResponses(of: model, in: analysis.folded),
      record: TuningRecord(converged: true, verdict: "", steps: 0, loss: 0, history: []), seconds: 0, fit: nil,
      label: "toy", into: &predictions)
    let values = predictions.samples.flatMap { sample in
      (sample.absolute?["toy"]?.bins ?? []).map { $0 * (sample.total ?? 0) }
    }
    return (results, values)
  }

  /// The covariance beside the flux is in blocks, so that nothing but the flux makes one vector of the halves: as parts of one
  /// measurement and as two measurements of one beam they are the whole.
  @Test("halves with one flux have the pulls of the whole")
  func onePullOfTheFlux() throws {
    var data = Self.covariance(acrossHalves: false)
    for i in 0..<20 {
      for j in 20..<40 {
        data[i, j] = Self.norm * Self.norm * Self.values[i] * Self.values[j]
        data[j, i] = data[i, j]
      }
    }
    let observation = Observation.measured(values: Self.values, covariance: data)
    var whole = try whole(.gaussian, observation)
    whole.fluxUncertainty = Self.flux(Self.bins)
    var parts = try parts(.gaussian, observation)
    var measurements = parts
    for index in 0..<2 {
      parts[index].fluxUncertainty = Self.flux(Self.bins)
      measurements[index].part = nil
      measurements[index].fluxUncertainty = Self.flux(20)
    }
    let expected = try #require(try term(of: [whole]) as? FluxComponentTerm)
    let (rates, pull) = (Self.rates(), try expected.pulls(of: Self.rates()))
    #expect(pull.count == 1 && abs(pull[0]) > 0.5)
    for halves in [parts, measurements] {
      let found = try #require(try term(of: halves) as? FluxComponentTerm)
      // The sign of a component is arbitrary.
      #expect(abs(abs(try found.pulls(of: rates)[0]) - abs(pull[0])) < 1e-8)
      let chiSquare = try expected.minusTwoLogLikelihood(of: rates).value
      #expect(abs(try found.minusTwoLogLikelihood(of: rates).value / chiSquare - 1) < 1e-9)
    }
    // Of a model both halves say the same pull, and with what it costs their χ² is that of both.
    let results = try compared(try analysis(measurements))
    let together = try #require(results.together?.first)
    let one = try #require(together.fluxPulls)
    #expect(try #require(results.measured).allSatisfy { $0.fluxPulls == one })
    let sum = try #require(results.measured).reduce(one[0] * one[0]) { $0 + $1.chiSquare }
    #expect(abs(sum / together.chiSquare - 1) < 1e-9)
    // Each its own flux: two vectors.
    for index in 0..<2 { measurements[index].fluxUncertainty?.beam = "\(index)" }
    #expect(try compared(try analysis(measurements)).together == nil)
  }

  @Test("what is held out or ends a training is in no vector of what is trained on")
  func heldOutPartsStayOut() throws {
    func samples(_ analysis: Analysis) throws -> [String] {
      try analysis.tuningProblem(for: "net", on: try analysis.nearData(of: nil), in: analysis.folded)
        .samples.map(\.sample.position)
    }
    let heldOut = try analysis(try parts(.normShape, Self.observation(), roles: [[.learn], [.predict]]))
    #expect(try samples(heldOut) == ["low"])
    // The learned half is compared with its own covariance, whatever the values of the other are.
    var values = Self.values
    for bin in 20..<40 { values[bin] *= 3 }
    let changed = try analysis(
      try parts(
        .normShape, .measured(values: values, covariance: Self.covariance(acrossHalves: true)),
        roles: [[.learn], [.predict]]))
    #expect(try compared(heldOut).deviance == compared(changed).deviance && compared(heldOut).together == nil)
    let warnings = try #require(try results(heldOut).warnings)
    #expect(warnings.contains { $0.hasPrefix("high shares errors with low, which the model learned from") })
    let ending = try analysis(try parts(.normShape, Self.observation())) { $0.judging = ["net": ["high"]] }
    #expect(try samples(ending) == ["low", "high"])
  }

  /// For weights of prior variance one and effects J the values are a Gaussian with the covariance K = C + J Jᵀ, whose part of the
  /// held-out bins H given the learned ones L has the precision (K⁻¹)_HH and the mean −(K⁻¹)_HH⁻¹ (K⁻¹)_HL r_L.
  @Test("given the learned part, a prediction is that of the joint distribution of both")
  func theLearnedPartIsGiven() throws {
    let (low, high) = (Self.halves[0], Self.halves[1])
    let roles: [Set<Dataset.Role>?] = [[.learn], [.predict]]
    var model = WeightedModel(factor: .identity(3))
    let prior = try results(try self.analysis(try parts(.gaussian, Self.observation(), roles: roles)), of: model).values
    // The prediction to 15 %, with errors of a tenth of the mean value, as large in common, and correlated neighbours.
    let data = prior.enumerated().map { $1 * (1 + 0.075 * Double($0 * 7 % 5 - 2)) }
    let mean = data.reduce(0, +) / Double(Self.bins)
    var c = Matrix(rows: Self.bins, columns: Self.bins)
    for i in 0..<Self.bins {
      for j in 0..<Self.bins { c[i, j] = mean * mean * 0.01 * (1 + exp(-abs(Double(i - j)))) }
    }
    let analysis = try analysis(try parts(.gaussian, .measured(values: data, covariance: c), roles: roles))
    let columns = try (0..<3).map { weight in
      let unit = (0..<3).map { $0 == weight ? 1.0 : 0 }
      return zip(try results(analysis, of: model.displaced(by: [unit])).values, prior).map { $0 - $1 }
    }
    // The posterior after the lower half.
    let misfit = zip(data, prior).map { $0 - $1 }
    let learned = try Matrix(columns.map { column in low.map { column[$0] } }).transposed
    let solved = try Cholesky(c.selecting(low)).solve(learned)
    var precision = try learned.transposed.multiplied(by: solved)
    for weight in 0..<3 { precision[weight, weight] += 1 }
    let posterior = try Cholesky(precision).inverse()
    let weights = try posterior.multiplied(by: solved.transposed.multiplied(by: low.map { misfit[$0] }))
    model = WeightedModel(factor: try Cholesky(posterior).lower)
    model.weights = weights
    let found = try results(analysis, of: model).results
    let given = try #require(found.elsewhere?.measured?.first?.givenLearned)
    // The joint distribution, by its precision.
    var joint = try Matrix(columns).gram()
    for i in 0..<Self.bins { for j in 0..<Self.bins { joint[i, j] += c[i, j] } }
    let whole = try Cholesky(joint).inverse()
    let own = try Cholesky(whole.selecting(high))
    let shift = try own.solve(high.map { i in -low.reduce(0) { $0 + whole[i, $1] * misfit[$1] } })
    let center = zip(high, shift).map { prior[$0] + $1 }
    let difference = zip(high, center).map { data[$0] - $1 }
    let weighed = try whole.selecting(high).multiplied(by: difference)
    let chiSquare = zip(difference, weighed).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(given.predictive.chiSquare / chiSquare - 1) < 1e-6, "\(given.predictive.chiSquare), \(chiSquare)")
    #expect(abs(given.ratio / (center.reduce(0, +) / high.reduce(0) { $0 + data[$1] }) - 1) < 1e-8)
    let score = -0.5 * (chiSquare - own.logDeterminant - (try Cholesky(c.selecting(high)).logDeterminant))
    #expect(abs(try #require(given.predictive.logScore) - score) < 1e-6 * abs(score))
    #expect(given.measurements == ["low"] && found.near.measured?.first?.givenLearned == nil)
    // Without the other half the errors are those of the held-out bins alone.
    #expect(try #require(found.elsewhere?.measured?.first?.predictive).chiSquare != given.predictive.chiSquare)
  }

  /// χ² of all bins is that of the learned ones, and that of the others given these.
  @Test("a prediction without an error given the learned part completes the χ² of both")
  func theLearnedPartCompletes() throws {
    let heldOut = try results(try analysis(try parts(.gaussian, Self.observation(), roles: [[.learn], [.predict]])))
    let together = try compared(try analysis(try parts(.gaussian, Self.observation()))).deviance
    let given = try #require(heldOut.elsewhere?.measured?.first?.givenLearned).predictive
    #expect(abs((heldOut.near.deviance + given.chiSquare) / together - 1) < 1e-9)
  }

  @Test("a bin belongs to one part")
  func overlapIsRefused() throws {
    let bins = [Self.halves[0], [0] + Self.halves[1].dropFirst()]
    #expect { try analysis(try parts(.gaussian, Self.observation(), bins: bins)) } throws: {
      "\($0)".contains("a bin of whole twice")
    }
  }

  /// A common norm of 20 % and half a per cent in every bin: both halves of a pseudo-experiment go up or down together.
  @Test("pseudo-data of parts share errors")
  func pseudoDataShareErrors() throws {
    var norm = Matrix(rows: Self.bins, columns: Self.bins)
    for i in 0..<Self.bins { for j in 0..<Self.bins { norm[i, j] = 0.04 * Self.values[i] * Self.values[j] } }
    var covariance = norm
    for i in 0..<Self.bins { covariance[i, i] += 2.5e-5 * Self.values[i] * Self.values[i] }
    let observation = Observation.measured(values: Self.values, covariance: covariance, multiplicative: norm)
    let analysis = try analysis(try parts(.gaussian, observation))
    let toy = try SmallNearProblem.toy()
    let rates = try ModelResponses(of: toy, in: analysis.folded).nearRates()
    let drawn = try analysis.observingPseudoData(of: toy, seed: 3)
    let data = try drawn.nearData(of: nil)
    let ratios = zip(data, rates).map { data, rates in
      data.contents.reduce(0, +) / rates.reduce(0, +)
    }
    #expect(abs(ratios[0] / ratios[1] - 1) < 0.01)
    let other = try analysis.observingPseudoData(of: toy, seed: 4).nearData(of: nil)[0].contents.reduce(0, +)
    #expect(abs(other / rates[0].reduce(0, +) / ratios[0] - 1) > 0.01)
    // The vector of what was drawn is whole.
    #expect(try compared(drawn).together?.count == 1)
  }
}
