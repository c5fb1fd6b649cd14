import Foundation
import NuTuneNumerics
import NuTuneStatistics
import Testing

/// Pulls and scales without a prior, against closed forms and minima written down again.
@Suite struct FreePullTests {
  private static let counts = [120.0, 310, 255, 88]
  private static let rates = [118.0, 300, 270, 80]

  private static func deviance(_ counts: [Double], _ expected: [Double]) -> Double {
    zip(counts, expected).reduce(0) { $0 + 2 * ($1.1 - $1.0 + $1.0 * log($1.0 / $1.1)) }
  }

  /// The scale of all rates is events over rates, whatever its size; its error is 1/√N of it.
  @Test(arguments: [0.1, 0.9, 1, 4, 300]) func aScaleIsEventsOverRates(size: Double) throws {
    let counts = Self.counts.map { size * $0 }
    var likelihood = ProfiledCountLikelihood(
      terms: [try CountTerm(counts: counts, normalization: 1)], directionCount: 1
    ) { _ in LinearPrediction(rates: [Self.rates], directions: [Self.rates]) }
    likelihood.free = [0]
    let scale = counts.reduce(0, +) / Self.rates.reduce(0, +)
    let found = try likelihood.pulls(at: [])
    #expect(abs(1 + found.values[0] - scale) < 1e-6 * scale && found.penalty == 0)
    #expect(abs(found.errors[0] / (scale / counts.reduce(0, +).squareRoot()) - 1) < 1e-5)
    let shape = try CountTerm(counts: counts).minusTwoLogLikelihood(of: Self.rates)
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: []) - shape) < 1e-9 * (1 + shape))
  }

  /// Beside a pull with a prior, in a sum of which it scales one part.
  @Test func besideAPull() throws {
    let part = [10.0, 90, 200, 5]
    let change = [5.0, -12, 9, 3]
    var likelihood = ProfiledCountLikelihood(
      terms: [try CountTerm(counts: Self.counts, normalization: 0.8)], directionCount: 2
    ) { _ in LinearPrediction(rates: [Self.rates], directions: [change + part]) }
    likelihood.free = [1]
    let brute = try Minimizer.bfgs(from: [0, 0], gradientTolerance: 1e-5) { x in
      x[0] * x[0]
        + Self.deviance(
          Self.counts, Self.rates.indices.map { 0.8 * (Self.rates[$0] + x[0] * change[$0] + x[1] * part[$0]) })
    }
    let found = try likelihood.pulls(at: [])
    for (pull, expected) in zip(found.values, brute.position) { #expect(abs(pull - expected) < 1e-5) }
    #expect(brute.status.isConverged && abs(found.values[0]) > 0.1)
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: []) - brute.value) < 1e-8)
  }

  /// One that acts on nothing stays where it is, and has the error of what nothing determines.
  @Test func oneThatActsOnNothing() throws {
    var likelihood = ProfiledCountLikelihood(
      terms: [try CountTerm(counts: Self.counts, normalization: 1)], directionCount: 1
    ) { _ in LinearPrediction(rates: [Self.rates], directions: [Self.rates.map { _ in 0 }]) }
    likelihood.free = [0]
    let found = try likelihood.pulls(at: [])
    #expect(found.values == [0] && abs(found.errors[0] - 1000) < 1e-6)
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: []) - Self.deviance(Self.counts, Self.rates)) < 1e-9)
  }

  /// A scale of the moved parts beside a posterior mode; the rest of the rates stays, and the mode is integrated with
  /// the
  /// scale profiled.
  @Test func besideAMode() throws {
    let slopes = [0.10, -0.12, 0.05, 0.2]
    let shared = ModeSlopes(binCount: 4, bins: [0, 1, 2, 3], slopes: slopes).appending([1])
    #expect(shared.slopes == [0.10, 1, -0.12, 1, 0.05, 1, 0.2, 1])
    let likelihood = try MarginalizedCountLikelihood(
      terms: [try CountTerm(counts: Self.counts, normalization: 0.7)], slopes: [shared], directionCount: 1,
      scaleCount: 1
    ) { _ in [ModeRates(parts: Self.rates.map { 0.6 * $0 }, fixed: Self.rates.map { 0.4 * $0 })] }
    func expected(_ x: [Double]) -> [Double] {
      Self.rates.indices.map { Self.rates[$0] * 0.7 * (0.4 + 0.6 * exp(x[0] * slopes[$0] + x[1])) }
    }
    let brute = try Minimizer.bfgs(from: [0, 0], gradientTolerance: 1e-5) {
      $0[0] * $0[0] + Self.deviance(Self.counts, expected($0))
    }
    let best = try likelihood.best(at: [])
    #expect(brute.status.isConverged && brute.position[1] > 0.3)
    #expect(abs(best.directions[0] - brute.position[0]) < 1e-5 && abs(best.logScales[0] - brute.position[1]) < 1e-5)
    #expect(abs(best.deviance + best.penalty - brute.value) < 1e-8)
    // 1 + Σ ν ρ² of the mode alone.
    let information = zip(expected(brute.position), slopes.indices).reduce(1) { sum, bin in
      let moved = Self.rates[bin.1] * 0.7 * 0.6 * exp(brute.position[0] * slopes[bin.1] + brute.position[1])
      return sum + bin.0 * pow(slopes[bin.1] * moved / bin.0, 2)
    }
    #expect(abs(best.logDeterminant - log(information)) < 1e-4)
  }
}
