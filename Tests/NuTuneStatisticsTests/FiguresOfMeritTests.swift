import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct FiguresOfMeritTests {
  @Test func totalVariation() throws {
    #expect(try FiguresOfMerit.totalVariation([1, 2, 3], [10, 20, 30]) < 1e-15)
    #expect(try FiguresOfMerit.totalVariation([1, 0], [0, 5]) == 1)
    #expect(abs(try FiguresOfMerit.totalVariation([1, 1], [3, 1]) - 0.25) < 1e-15)
    #expect(throws: InferenceError.self) { try FiguresOfMerit.totalVariation([1, 1], [1]) }
    #expect(throws: InferenceError.self) { try FiguresOfMerit.totalVariation([0, 0], [1, 1]) }
  }

  @Test func deviance() throws {
    // 2N[¾ ln(¾/½) + ¼ ln(¼/½)].
    let expected = 200 * (0.75 * log(1.5) + 0.25 * log(0.5))
    #expect(abs(try FiguresOfMerit.deviance(counts: [75, 25], probabilities: [8, 8]) - expected) < 1e-12)
    #expect(throws: InferenceError.eventsWithoutPrediction(bin: 1, count: 25, prediction: 0)) {
      try FiguresOfMerit.deviance(counts: [75, 25], probabilities: [1, 0])
    }
  }

  @Test func chiSquare() throws {
    let chiSquare = try ChiSquare(counts: [12, 0, 8], expected: [9, 0, 16], constraints: 1)
    #expect(chiSquare.value == 5)
    #expect(chiSquare.bins == 2 && chiSquare.degreesOfFreedom == 1)
    // Above 5 with one degree of freedom: 1 − erf(√2.5).
    #expect(abs((chiSquare.probability ?? 0) - (1 - erf(2.5.squareRoot()))) < 1e-14)
    #expect(try ChiSquare(counts: [12, 8], expected: [9, 16], errors: [1, 2]).value == 25)
    #expect(throws: InferenceError.self) { try ChiSquare(counts: [1, 1], expected: [0, 1]) }
    #expect(throws: InferenceError.self) { try ChiSquare(counts: [1, 1], expected: [1, 1], errors: [.nan, 1]) }
  }

  @Test func pseudoData() throws {
    let shape = [1.0, 2, 0, 5]
    #expect(try PseudoData.asimov(probabilities: shape, events: 16) == [2, 4, 0, 10])
    let stream = try RandomStream(seed: 1, purpose: "pseudo-data")
    let fixed = try PseudoData.multinomial(probabilities: shape, events: 6200, stream: stream)
    #expect(fixed.reduce(0, +) == 6200 && fixed[2] == 0)
    let poisson = try PseudoData.poisson(probabilities: shape, events: 80_000, stream: stream)
    for (count, mean) in zip(poisson, [10_000.0, 20_000, 0, 50_000]) {
      #expect(abs(count - mean) <= 5 * mean.squareRoot())
    }
    #expect(poisson.reduce(0, +) != 80_000)
    #expect(throws: InferenceError.self) { try PseudoData.asimov(probabilities: shape, events: -1) }
    #expect(throws: InferenceError.self) { try PseudoData.asimov(probabilities: [0], events: 1) }
  }

  /// Fits of Poisson samples scatter as the errors say: the mean pull is 0 ± 1/√n, its variance 1 ± √(2/n).
  @Test func pullsOfPseudoExperiments() throws {
    let (truth, events, experiments) = ([0.3, -0.6], 2000.0, 200)
    var pulls: [Double] = []
    var covered = 0
    for member in 0..<experiments {
      let stream = try RandomStream(seed: 11, purpose: "pulls", member: member)
      let counts = try PseudoData.poisson(
        probabilities: GaussianShape.prediction(truth), events: events, stream: stream)
      let likelihood = try ShapeLikelihood(counts: counts, prediction: GaussianShape.prediction)
      let fit = try Fit.minimize(
        likelihood,
        [
          FitParameter(name: "a", starts: [0], bounds: -3...3, scale: 0.03),
          FitParameter(name: "b", starts: [-1], bounds: -3...3, scale: 0.03),
        ])
      #expect(fit.isConverged)
      pulls.append((fit.best.position[0] - truth[0]) / (fit.best.errors[0] ?? .nan))
      let interval = try ProfileInterval(of: 0, in: fit, likelihood: likelihood)
      if (interval.lower.position...interval.upper.position).contains(truth[0]) { covered += 1 }
    }
    let n = Double(experiments)
    let mean = pulls.reduce(0, +) / n
    let variance = pulls.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    // 4σ.
    #expect(abs(mean) < 4 / n.squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(Double(covered) - 0.6827 * n) < 4 * (n * 0.6827 * 0.3173).squareRoot())
  }
}
