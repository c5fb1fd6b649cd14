import Foundation
import NuTuneInference
import NuTuneNumerics
import Testing

@Suite struct MarginalizedShapeLikelihoodTests {
  private let counts = [[120.0, 310, 255, 88], [40.0, 61, 17]]
  private let rates = [[118.0, 300, 270, 80], [4.1, 6.0, 1.9]]

  @Test func withoutDirectionsItIsTheShapeLikelihood() throws {
    let marginalized = try MarginalizedShapeLikelihood(counts: counts, directionCount: 0) { _ in
      OpenPrediction(rates: self.rates, directions: [[], []])
    }
    let single = try zip(counts, rates).reduce(0) { sum, sample in
      try sum + ShapeLikelihood(counts: sample.0) { _ in sample.1 }.minusTwoLogLikelihood(at: [])
    }
    #expect(abs(try marginalized.minusTwoLogLikelihood(at: []) - single) < 1e-12)
  }

  /// One direction against the integral over η by quadrature. ln L is quadratic in η up to the third-order term
  /// N r³ η³/3; at r = 0.02 and N ≈ 900 that is 2·10⁻³ at η = 1.
  @Test func agreesWithTheIntegral() throws {
    let direction = [[2.0, -6, 5, 1], [0.1, -0.05, 0.03]]
    let marginalized = try MarginalizedShapeLikelihood(counts: counts, directionCount: 1) { _ in
      OpenPrediction(rates: self.rates, directions: direction)
    }
    func likelihood(_ eta: Double) throws -> Double {
      try zip(zip(counts, rates), direction).reduce(0) { sum, sample in
        let moved = zip(sample.0.1, sample.1).map { $0 + eta * $1 }
        return try sum + ShapeLikelihood(counts: sample.0.0) { _ in moved }.minusTwoLogLikelihood(at: [])
      }
    }
    let reference = try likelihood(0)
    let integral = try Quadrature.adaptive(over: -8...8) { eta in
      try exp(-0.5 * (likelihood(eta) - reference + eta * eta)) / (2 * Double.pi).squareRoot()
    }.value
    let expected = reference - 2 * log(integral)
    #expect(abs(try marginalized.minusTwoLogLikelihood(at: []) - expected) < 5e-3)
    #expect(abs(expected - reference) > 0.05)
  }

  /// A direction that only changes the scale of a sample changes nothing.
  @Test func aChangeOfScaleIsNoChange() throws {
    let marginalized = try MarginalizedShapeLikelihood(counts: counts, directionCount: 1) { _ in
      OpenPrediction(rates: self.rates, directions: self.rates.map { $0.map { 0.3 * $0 } })
    }
    let fixed = try MarginalizedShapeLikelihood(counts: counts, directionCount: 0) { _ in
      OpenPrediction(rates: self.rates, directions: [[], []])
    }
    #expect(
      abs(try marginalized.minusTwoLogLikelihood(at: []) - fixed.minusTwoLogLikelihood(at: [])) < 1e-10)
  }

  /// Data that a direction explains cost no more than its prior allows, and a fit of what is left does not see it.
  @Test func aDirectionAbsorbsWhatItExplains() throws {
    let probabilities = [0.1, 0.2, 0.3, 0.4]
    let direction = [1e-5, -2e-5, 2e-5, -1e-5]
    let events = 1e11
    let observed = zip(probabilities, direction).map { events * ($0 + $1) }
    func value(_ directions: Int) throws -> Double {
      try MarginalizedShapeLikelihood(counts: [observed], directionCount: directions) { _ in
        OpenPrediction(rates: [probabilities], directions: [directions == 1 ? direction : []])
      }.minusTwoLogLikelihood(at: [])
    }
    // With F = N Σ d²/p and data at η = 1 exactly: F without, F/(1+F) + ln(1+F) with the direction, up to cubic terms
    // of F · 10⁻⁴.
    let information = zip(probabilities, direction).reduce(0) { $0 + events * $1.1 * $1.1 / $1.0 }
    #expect(abs(try value(0) - information) < 0.1)
    #expect(abs(try value(1) - (information / (1 + information) + log(1 + information))) < 0.1)
  }

  @Test func impossibleShapesAreErrors() throws {
    let likelihood = try MarginalizedShapeLikelihood(counts: counts, directionCount: 2) { _ in
      OpenPrediction(rates: self.rates, directions: [[1, 2, 3], [1]])
    }
    #expect(throws: InferenceError.self) { try likelihood.minusTwoLogLikelihood(at: []) }
  }

  /// Δ at the true values is that of the parabola for Gaussian data: ν = (10⁶, 10⁶ + a, 10⁶ + b).
  @Test func trueValuesAgainstAParabola() throws {
    let parameters = try ["a", "b"].map { try FitParameter(name: $0, starts: [0], bounds: -9000...9000, scale: 1000) }
    let likelihood = try PoissonLikelihood(counts: [1e6, 1e6 + 700, 1e6 - 300]) { [1e6, 1e6 + $0[0], 1e6 + $0[1]] }
    let test = try TrueValueTest(likelihood, parameters, truth: [200, -300])
    #expect(test.isConverged)
    #expect(abs(test.best[0] - 700) < 1 && abs(test.best[1] + 300) < 1)
    // (500)²/10⁶, with third-order terms of 10⁻³ of it.
    #expect(abs(test.joint - 0.25) < 1e-3 && abs(test.each[0] - 0.25) < 1e-3 && test.each[1] < 1e-6)
  }
}
