import FittedTheory
import Foundation
import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing
import ThreeFlavorOscillations
import ToyStructureFunctions

/// A weight of a measurement is a covariance divided by it, in everything that a model learns; what is reported is as published.
@Suite struct MeasurementWeightTests {
  private static let bins = 40
  private static let weights = [0.3, 2.5]
  private static let norm = 0.1

  /// 10 % of the mean value in every bin, neighbours correlated, and a common norm, the flux.
  private static func covariance(_ values: [Double], flux: Bool = true) -> Matrix {
    let mean = values.reduce(0, +) / Double(values.count)
    var matrix = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices {
        let own = i == j ? 0.01 : abs(i - j) == 1 ? 0.003 : 0
        matrix[i, j] = mean * mean * own + (flux ? norm * norm * values[i] * values[j] : 0)
      }
    }
    return matrix
  }

  private static func fluxPart(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for i in values.indices { for j in values.indices { matrix[i, j] = norm * norm * values[i] * values[j] } }
    return matrix
  }

  private static let values = [1.1, 0.9].map { factor in
    (0..<bins).map { factor * (0.01 + 0.001 * Double($0 % 7)) }
  }

  private static func divided(_ matrix: Matrix, by weight: Double) -> Matrix {
    var result = matrix
    for i in 0..<matrix.rows { for j in 0..<matrix.columns { result[i, j] /= weight } }
    return result
  }

  /// Two measurements of two beams, with weights or with covariances that are divided by them.
  private func datasets(
    _ statistic: Statistic, _ values: [[Double]] = values, weights: [Double] = [1, 1], dividing: [Double] = [1, 1],
    knowsPart: Bool = true, roles: [Dataset.Role] = [.learn, .learn]
  ) throws -> [Dataset] {
    try ["one", "other"].indices.map { index in
      let simulated = try AnalysisFixture.dataset(peak: [2, 2.6][index], position: ["one", "other"][index])
      let (values, factor) = (values[index], dividing[index])
      var dataset = Dataset(
        simulated.sample, flux: simulated.flux, detector: simulated.detector,
        observation: .measured(
          values: values, covariance: Self.divided(Self.covariance(values), by: factor),
          multiplicative: knowsPart ? Self.divided(Self.fluxPart(values), by: factor) : nil),
        statistic: statistic, roles: [roles[index]])
      dataset.weight = weights[index]
      return dataset
    }
  }

  private func analysis(_ datasets: [Dataset]) throws -> Analysis {
    var options = AnalysisOptions(near: .init(nil, .asimov), far: .init(nil, .asimov), fitted: [])
    options.marginalizes = false
    options.pseudoExperiments = 0
    return try Analysis(
      datasets, AnalysisFixture.settings, over: AnalysisFixture.energies, truth: nil, oscillation: ThreeFlavorModel(),
      options: options, threads: 2)
  }

  private func problem(_ datasets: [Dataset]) throws -> TuningProblem {
    let analysis = try analysis(datasets)
    return try analysis.tuningProblem(for: "model", on: try analysis.nearData(of: nil), in: analysis.folded)
  }

  private func terms(_ datasets: [Dataset]) throws -> [any ResidualTerm] {
    try problem(datasets).samples.map { try #require($0.term as? any ResidualTerm) }
  }

  private static let rates = (0..<bins).map { 0.02 + 0.001 * Double($0 % 5) }

  /// Every statistic but t0 depends on the covariance by a factor; of t0 that is so at a given reference.
  @Test(
    "χ² of a term counts as often as its weight says, by every statistic, as with a covariance divided by it",
    arguments: [Statistic.gaussian, .normShape, .predictionScaled, .logNormal], [true, false])
  func termsCountAsOften(_ statistic: Statistic, _ knowsPart: Bool) throws {
    let published = try terms(try datasets(statistic, knowsPart: knowsPart))
    let weighted = try terms(try datasets(statistic, weights: Self.weights, knowsPart: knowsPart))
    let divided = try terms(try datasets(statistic, dividing: Self.weights, knowsPart: knowsPart))
    for (index, weight) in Self.weights.enumerated() {
      func renewed(_ terms: [any ResidualTerm]) throws -> any ResidualTerm {
        try terms[index].renewed(with: Self.rates)
      }
      let (one, other, third) = (try renewed(published), try renewed(weighted), try renewed(divided))
      let (expected, found) = (
        try one.minusTwoLogLikelihood(of: Self.rates), try other.minusTwoLogLikelihood(of: Self.rates)
      )
      #expect(abs(found.value / (weight * expected.value) - 1) < 1e-10 && expected.value > 1)
      #expect(abs(try third.minusTwoLogLikelihood(of: Self.rates).value / found.value - 1) < 1e-10)
      for (a, b) in zip(found.gradient, expected.gradient) { #expect(abs(a - weight * b) < 1e-8 * max(abs(b), 1)) }
      let (own, first) = (try other.residuals(of: Self.rates), try one.residuals(of: Self.rates))
      #expect(abs(own.chiSquare / found.value - 1) < 1e-10 && other.residualCount == one.residualCount)
      let (information, without) = (try own.jacobian.gram(), try first.jacobian.gram())
      let largest = without.elements.map(abs).max() ?? 0
      for (a, b) in zip(information.elements, without.elements) { #expect(abs(a - weight * b) < 1e-9 * largest) }
    }
  }

  /// Logarithms do not tell a flux that is fitted from one in the covariance: R_i/w_i in blocks and δ δᵀ in all of them.
  @Test("weights multiply χ² of each measurement of a beam, and not the pulls that these have in common")
  func pullsHaveNoWeight() throws {
    var near = try datasets(.logNormal, weights: Self.weights)
    for index in near.indices {
      near[index].fluxUncertainty = FluxUncertainty(
        of: "beam", relative: Matrix(rows: Self.bins, columns: Self.bins, repeating: Self.norm * Self.norm), count: 1)
    }
    let vector = try terms(near)
    let term = try #require(vector.first as? FluxComponentTerm)
    #expect(vector.count == 1 && term.binCount == 2 * Self.bins)
    let rates = Self.rates + Self.rates.map { 0.8 * $0 }
    let scales = try terms(try datasets(.logNormal)).map { try #require($0 as? LogNormalTerm).measured.normalization }
    var covariance = Matrix(rows: rates.count, columns: rates.count, repeating: Self.norm * Self.norm)
    for (index, values) in Self.values.enumerated() {
      let own = Self.covariance(values, flux: false)
      for i in values.indices {
        for j in values.indices {
          covariance[index * Self.bins + i, index * Self.bins + j] +=
            own[i, j] / (values[i] * values[j] * Self.weights[index])
        }
      }
    }
    let differences = rates.indices.map { bin in
      let index = bin / Self.bins
      return log(scales[index] * rates[bin] / Self.values[index][bin % Self.bins])
    }
    let solved = try Cholesky(covariance).solve(differences)
    let expected = zip(differences, solved).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(try term.minusTwoLogLikelihood(of: rates).value / expected - 1) < 1e-8)
    let pull = -Self.norm * solved.reduce(0, +)
    #expect(abs(abs(try term.pulls(of: rates)[0]) - abs(pull)) < 1e-7 * abs(pull) && abs(pull) > 0.1)
  }

  private func theory() throws -> FittedTheory {
    var configuration = PluginConfiguration(
      parameters: FittedTheory.descriptor.parameters.defaults().setting(["free": .texts(["dis.scale = 0.8 ± 0.3"])]))
    try configuration.addComponent(
      "theory", ToyStructureFunctions.self,
      from: PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    return try FittedTheory(configuration)
  }

  /// Values that toy-sf predicts for each measurement, shape [measurements][bins].
  private func predicted(_ problem: TuningProblem, scale: Double) throws -> [[Double]] {
    let toy = try SmallNearProblem.toy(["dis.scale": .number(scale)])
    return try problem.samples.map { sample in
      let functions = toy.structureFunctions(of: sample.sample.reaction, at: problem.nodes)
      let normalization = try #require(sample.term as? GaussianTerm).normalization
      return SmallNearProblem.rates(of: functions, sample, at: problem.nodes).map { normalization * $0 }
    }
  }

  /// toy-sf with 1.2 times the deep-inelastic part in one measurement, and 0.9 times in the other.
  private func contradicting() throws -> [[Double]] {
    let problem = try problem(try datasets(.gaussian))
    return [try predicted(problem, scale: 1.2)[0], try predicted(problem, scale: 0.9)[1]]
  }

  /// Rates are linear in one parameter, p = a + s b, with the prior s₀ ± σ: the minimum of Σ w (p − v)ᵀV⁻¹(p − v) + (s − s₀)²/σ² is
  /// s = (Σ w bᵀV⁻¹(v − a) + s₀/σ²)/(Σ w bᵀV⁻¹b + 1/σ²), and its error 1/√(Σ w bᵀV⁻¹b + 1/σ²). Every pair of weights is another fit of
  /// this process.
  @Test("a fit of a norm to two measurements is at the weighted mean", arguments: [[1.0, 1], [1, 0.1], [0.1, 1]])
  func theWeightedMean(_ weights: [Double]) throws {
    let values = try contradicting()
    let problem = try problem(try datasets(.gaussian, values, weights: weights))
    let (low, high) = (try predicted(problem, scale: 0.5), try predicted(problem, scale: 1))
    var (information, sum) = (1 / 0.09, 0.8 / 0.09)
    for index in 0..<2 {
      let slope = zip(high[index], low[index]).map { 2 * ($0 - $1) }
      let solved = try Cholesky(Self.covariance(values[index])).solve(slope)
      let rest = zip(values[index], zip(high[index], slope)).map { $0 - ($1.0 - $1.1) }
      information += weights[index] * zip(slope, solved).reduce(0) { $0 + $1.0 * $1.1 }
      sum += weights[index] * zip(rest, solved).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let result = try theory().tuned(on: problem)
    let found = try #require(result.record.parameters?["dis.scale"])
    let error = 1 / information.squareRoot()
    #expect(result.record.converged, "\(result.record.verdict)")
    #expect(abs(found.value - sum / information) < 0.01 * error, "\(found.value), \(sum / information)")
    #expect(abs(found.error / error - 1) < 1e-3, "\(found.error), \(error)")
    #expect(error < 0.25, "the data decide")
  }

  /// Weights, covariance of the posterior and evidence are in state and record.
  @Test("what is learned with weights is what is learned with the covariances divided by them, to the last bit")
  func learnersSeeDividedCovariances() throws {
    let values = try contradicting()
    let models: [any TunableModel] = [try theory(), try AnalysisFixture.smoothProcess()]
    for model in models {
      let weighted = try model.tuned(on: try problem(try datasets(.normShape, values, weights: Self.weights)))
      let divided = try model.tuned(on: try problem(try datasets(.normShape, values, dividing: Self.weights)))
      let published = try model.tuned(on: try problem(try datasets(.normShape, values)))
      #expect(weighted.state == divided.state && weighted.record == divided.record)
      #expect(weighted.state != published.state)
      #expect((weighted.record.logEvidence == nil) == (model is FittedTheory))
      #expect(weighted.record.logEvidence == nil || weighted.record.logEvidence != published.record.logEvidence)
    }
  }

  private func results(_ datasets: [Dataset]) throws -> ModelResults {
    let analysis = try analysis(datasets)
    let comparison = ModelComparison(analysis, nearData: try analysis.nearData(of: nil), farData: [])
    var predictions = try comparison.predictions()
    let toy = try SmallNearProblem.toy()
    return try comparison.results(
      of: toy, try ModelResponses(of: toy, in: analysis.folded),
      record: TuningRecord(converged: true, verdict: "", steps: 0, loss: 0, history: []), seconds: 0, fit: nil,
      label: "toy", into: &predictions)
  }

  @Test("a measurement is compared as published, and the sum that is minimised has the weights")
  func comparisonsStayAsPublished() throws {
    let published = try results(try datasets(.normShape)).near
    let weighted = try results(try datasets(.normShape, weights: Self.weights)).near
    var measured = try #require(weighted.measured)
    #expect(measured.map(\.weight) == Self.weights)
    let expected = zip(Self.weights, measured).reduce(0) { $0 + $1.0 * $1.1.chiSquare }
    #expect(abs(weighted.deviance / expected - 1) < 1e-10)
    for index in measured.indices { measured[index].weight = nil }
    #expect(measured == published.measured)
    let fit = try #require(weighted.goodnessOfFit)
    #expect(
      zip(fit.samples, zip(Self.weights, measured)).allSatisfy {
        abs($0.deviance / ($1.0 * $1.1.chiSquare) - 1) < 1e-10
      })
    #expect(fit.expectedDeviance == published.goodnessOfFit?.expectedDeviance)
    // What is held out has no weight.
    let held = try results(try datasets(.normShape, weights: [0.3, 1], roles: [.learn, .predict]))
    #expect(held.elsewhere?.deviance == published.measured?[1].chiSquare && held.elsewhere?.measured?[0].weight == nil)
  }

  /// χ² is that of the published errors without the flux, at the pulls that the fit has, whose cost it counts.
  @Test("flux pulls are those of the fit")
  func pullsAreThoseOfTheFit() throws {
    func near(_ weight: Double) throws -> [Dataset] {
      var near = Array(try datasets(.gaussian, weights: [weight, 1])[..<1])
      near[0].fluxUncertainty = FluxUncertainty(
        of: "beam", relative: Matrix(rows: Self.bins, columns: Self.bins, repeating: Self.norm * Self.norm), count: 1)
      return near
    }
    func one(_ weight: Double) throws -> (MeasuredComparison, deviance: Double) {
      let near = try results(try near(weight)).near
      return (try #require(near.measured?.first), near.deviance)
    }
    let ((published, _), (weighted, deviance)) = (try one(1), try one(0.2))
    let (free, pull) = (try #require(published.fluxPulls?[0]), try #require(weighted.fluxPulls?[0]))
    #expect(abs(pull) < 0.99 * abs(free) && weighted.chiSquare > published.chiSquare)
    let cost = pull * pull
    #expect(abs((0.2 * (weighted.chiSquare - cost) + cost) / deviance - 1) < 1e-9)
  }

  @Test("weights that mean nothing are refused")
  func refusals() throws {
    func refusal(_ datasets: [Dataset]) throws -> String {
      do {
        _ = try analysis(datasets)
        return ""
      } catch { return "\(error)" }
    }
    for weight in [0, -1, Double.nan, .infinity, 1e300, 1e-300] {
      let sentence = try refusal(try datasets(.gaussian, weights: [weight, 1]))
      #expect(sentence.contains("a number from 1e-6 to 1e6"), "\(weight)")
    }
    #expect(
      try refusal(try datasets(.gaussian, weights: [1, 0.5], roles: [.learn, .predict]))
        .contains("a weight of 0.5 of values that no model learns from"))
    var parts = try datasets(.gaussian, weights: [1, 0.5])
    let all = Self.values.flatMap { $0 }
    let whole = Observation.measured(values: all, covariance: Self.covariance(all))
    for index in 0..<2 {
      parts[index].part = MeasuredPart(
        of: "whole", whole: whole, bins: Array((index * Self.bins)..<((index + 1) * Self.bins)))
    }
    #expect(try refusal(parts).contains("weights of 1.0 and 0.5 of parts of whole"))
    // One weight of all is the weight of their vector, which is reported as published.
    for index in 0..<2 { parts[index].weight = 0.5 }
    let near = try results(parts).near
    #expect(abs(near.deviance / (0.5 * (try #require(near.together?.first?.chiSquare))) - 1) < 1e-10)
  }
}
