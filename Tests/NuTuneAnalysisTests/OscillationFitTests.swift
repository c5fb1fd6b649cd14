import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Oscillation fits with priors, hypotheses and periodic parameters.
@Suite struct OscillationFitTests {
  /// −2lnL is the multinomial deviance of shapes, written down again.
  @Test func theLikelihoodIsTheDevianceOfShapes() throws {
    let analysis = try AnalysisFixture.analysis()
    let data = try analysis.farData(of: analysis.truth)
    let fit = try analysis.fit(try analysis.preparedTruth(), data)
    let place = [0.53, 2.35e-3]
    let rates = try analysis.closureTruth().farRates(
      try ThreeFlavorModel().setting(["sin2_theta23": place[0], "dm2_32": place[1]]))[0]
    let total = rates.reduce(0, +)
    let expected = zip(data[0].contents, rates).reduce(0) { sum, pair in
      pair.0 > 0 ? sum + 2 * pair.0 * log(pair.0 * total / (pair.1 * 5000)) : sum
    }
    #expect(abs(try fit.minusTwoLogLikelihood(at: place) - expected) < 1e-6 * expected)
    #expect(expected > 10)
  }

  /// With a prior the interval of a parameter is that of both informations: 1/σ² = 1/σ_data² + 1/σ_prior², for one
  /// parameter whose −2lnL is a parabola within a few per cent.
  @Test func priorsAddInformation() throws {
    func error(_ priors: [GaussianPrior]) throws -> (best: Double, error: Double) {
      let analysis = try AnalysisFixture.analysis(fitted: ["dm2_32"]) { $0.priors = priors }
      let results = try analysis.fit(
        try analysis.preparedTruth(), try analysis.farData(of: analysis.truth)
      ).record(against: nil).results
      return (try #require(results.bestFit["dm2_32"]), try #require(results.errors["dm2_32"]))
    }
    let alone = try error([])
    let mean = alone.best + 0.5 * alone.error
    let both = try error([GaussianPrior(parameter: "dm2_32", mean: mean, sigma: alone.error)])
    #expect(abs(both.error / alone.error - 0.5.squareRoot()) < 0.02)
    #expect(abs((both.best - alone.best) / alone.error - 0.25) < 0.02)
  }

  private func appearance(delta: Double, _ change: (inout AnalysisOptions) -> Void = { _ in }) throws -> Analysis {
    var options = AnalysisOptions(
      near: .init(nil, .asimov), far: .init(4000, .asimov), fitted: ["delta_cp", "sin2_theta13", "dm2_32"])
    options.scan = ScanSettings(points: 11)
    options.scan.planes = [["delta_cp", "sin2_theta13"]]
    options.priors = [try GaussianPrior(parameter: "sin2_theta13", mean: 0.02215, sigma: 0.0006)]
    change(&options)
    return try Analysis(
      [
        try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far),
        try AnalysisFixture.dataset(.nue, at: .far),
      ], AnalysisFixture.fineSettings, over: AnalysisFixture.energies, truth: try SmallNearProblem.toy(),
      oscillation: try ThreeFlavorModel().setting(["delta_cp": delta]), options: options, threads: 2)
  }

  /// Data of δ = π fitted by somebody who looks around δ = 0: the best fit sits at the seam of the period, and is a
  /// minimum like any other, with an interval on both sides.
  @Test func theSeamOfAPeriodIsNoBound() throws {
    let maker = try appearance(delta: .pi)
    let data = try maker.farData(of: maker.truth)
    let analysis = try appearance(delta: 0)
    let results = try analysis.fit(try analysis.preparedTruth(), data).record(against: nil).results
    #expect(results.converged, "\(results.verdict)")
    let delta = try #require(results.bestFit["delta_cp"])
    #expect(abs(abs(delta) - .pi) < 1e-2)
    let interval = try #require(results.intervals["delta_cp"])
    #expect(interval.lower < delta && delta < interval.upper && interval.upper - interval.lower < 2 * .pi)
    #expect(!interval.reachesBound)
    // The same as seen from the other side.
    let same = try maker.fit(try maker.preparedTruth(), data).record(against: nil).results
    let other = try #require(same.intervals["delta_cp"])
    #expect(abs((interval.upper - interval.lower) - (other.upper - other.lower)) < 1e-3)
    #expect(results.profiles?.keys.sorted() == ["delta_cp", "dm2_32", "sin2_theta13"])
    // The prior keeps sin²θ₁₃: far data alone would leave it much less certain.
    #expect(abs(try #require(results.errors["sin2_theta13"]) / 0.0006 - 1) < 0.2)
    let matrix = try #require(results.correlations)
    #expect(matrix.count == 3)
    for i in 0..<3 {
      #expect(abs((matrix[i][i] ?? 0) - 1) < 1e-12)
      for j in 0..<3 { #expect(abs((matrix[i][j] ?? 2) - (matrix[j][i] ?? -2)) < 1e-9) }
    }
  }

  /// The other ordering is fitted with its own sign, and answers are relative to the better one. A prior of the size of
  /// Δm² decides nothing: it moves with the sign.
  @Test func orderings() throws {
    func answers(_ more: [GaussianPrior]) throws -> [String: Double] {
      let analysis = try appearance(delta: -1.5) {
        $0.questions = ["ordering"]
        $0.priors += more
      }
      let results = try analysis.fit(
        try analysis.preparedTruth(), try analysis.farData(of: analysis.truth)
      ).record(against: nil).results
      #expect(results.converged, "\(results.verdict)")
      let found = try #require(results.hypotheses?["ordering"])
      #expect(try #require(found["inverted"]?.bestFit["dm2_32"]) < 0)
      return found.mapValues(\.delta)
    }
    let alone = try answers([])
    #expect(alone["normal"] == 0 && (alone["inverted"] ?? 0) > 1)
    let with = try answers([try GaussianPrior(parameter: "dm2_32", mean: 2.438e-3, sigma: 3e-5)])
    #expect(abs((with["inverted"] ?? 0) - (alone["inverted"] ?? 0)) < 3)
  }

  /// Of two questions all combinations are fitted, and the best of those with one answer is that answer by itself where the other
  /// question is as the truth has it.
  @Test func combinationsOfAnswers() throws {
    let analysis = try appearance(delta: -1.5) {
      ($0.questions, $0.fitted, $0.priors) = (["octant", "ordering"], ["sin2_theta23", "dm2_32"], [])
      $0.scan = ScanSettings(points: 11)
    }
    let found = try #require(
      try analysis.fit(try analysis.preparedTruth(), try analysis.farData(of: analysis.truth)).record(against: nil)
        .results
        .hypotheses)
    let both = try #require(found["octant, ordering"])
    #expect(Set(both.keys) == ["lower, normal", "lower, inverted", "upper, normal", "upper, inverted"])
    #expect(both["lower, normal"]?.delta == 0)
    for answer in ["lower", "upper"] {
      let alone = try #require(found["octant"]?[answer])
      #expect(abs((both["\(answer), normal"]?.delta ?? -1) - alone.delta) < 1e-5)
      let inverted = try #require(both["\(answer), inverted"])
      #expect(try #require(inverted.bestFit["dm2_32"]) < 0 && inverted.converged)
      #expect((try #require(inverted.bestFit["sin2_theta23"]) <= 0.5) == (answer == "lower"))
    }
  }

  /// A prior of a parameter that is not fitted has no place to act.
  @Test func aPriorNeedsItsParameter() throws {
    let prior = try GaussianPrior(parameter: "delta_cp", mean: 0, sigma: 1)
    let analysis = try AnalysisFixture.analysis { $0.priors = [prior] }
    let fit = try analysis.fit(try analysis.preparedTruth(), try analysis.farData(of: analysis.truth))
    #expect(throws: InferenceError.self) { try fit.minusTwoLogLikelihood(at: [0.5, 2.4e-3]) }
  }
}
