import Foundation
import NuTuneNumerics
import NuTuneStatistics
import Testing

/// Terms with the normalisation of an exposure in the two likelihoods of an oscillation fit, against sums written down again
/// and brute force; a sample compared by shape stands beside one compared by number.
@Suite struct CountTermTests {
  private static let counts = [[120.0, 310, 255, 88], [40.0, 61, 17]]
  private static let rates = [[118.0, 300, 270, 80], [4.1, 6.0, 1.9]]
  /// Events for a rate of one; the first sample is compared by shape.
  private static let normalizations: [Double?] = [nil, 8.2]
  private static let directions = [
    [20.0, -60, 50, 10, 5, 40, -30, 15], [1.0, -0.5, 0.3, 0.4, 1.1, 0.6],
  ]

  private static func terms() throws -> [CountTerm] {
    try zip(counts, normalizations).map { try CountTerm(counts: $0, normalization: $1) }
  }

  /// 2 Σ [ν − n + n ln(n/ν)] of both samples, the first with its best normalisation.
  private static func sum(_ rates: [[Double]]) -> Double {
    zip(zip(counts, rates), normalizations).reduce(0) { total, sample in
      let ((counts, rates), normalization) = sample
      let factor = normalization ?? counts.reduce(0, +) / rates.reduce(0, +)
      return total
        + zip(counts, rates).reduce(0) { $0 + 2 * (factor * $1.1 - $1.0 + $1.0 * log($1.0 / (factor * $1.1))) }
    }
  }

  @Test func oneTerm() throws {
    let values = try zip(Self.terms(), Self.rates).map { try $0.minusTwoLogLikelihood(of: $1) }
    #expect(abs(values[0] + values[1] - Self.sum(Self.rates)) < 1e-10)
    // A factor on all rates is seen by numbers alone.
    let larger = Self.rates.map { $0.map { 1.6 * $0 } }
    let moved = try zip(Self.terms(), larger).map { try $0.minusTwoLogLikelihood(of: $1) }
    #expect(abs(moved[0] - values[0]) < 1e-10 && moved[1] > values[1] + 1)
    #expect(throws: InferenceError.self) { try CountTerm(counts: [1], normalization: 0) }
    #expect(throws: InferenceError.self) { try CountTerm(counts: [-1], normalization: 1) }
  }

  @Test func pullsAgreeWithBruteForce() throws {
    let likelihood = ProfiledCountLikelihood(terms: try Self.terms(), directionCount: 2) { _ in
      LinearPrediction(rates: Self.rates, directions: Self.directions)
    }
    func objective(_ pulls: [Double]) -> Double {
      let moved = Self.rates.indices.map { sample in
        Self.rates[sample].indices.map { bin in
          Self.rates[sample][bin]
            + pulls.indices.reduce(0) { $0 + pulls[$1] * Self.directions[sample][$1 * Self.rates[sample].count + bin] }
        }
      }
      return Self.sum(moved) + pulls.reduce(0) { $0 + $1 * $1 }
    }
    let brute = try Minimizer.bfgs(from: [0, 0], gradientTolerance: 1e-5) { objective($0) }
    let found = try likelihood.pulls(at: [])
    #expect(brute.status.isConverged && found.penalty > 0.05)
    for (pull, expected) in zip(found.values, brute.position) { #expect(abs(pull - expected) < 1e-5) }
    let value = try likelihood.minusTwoLogLikelihood(at: [])
    #expect(abs(value - brute.value) < 1e-8)
    // Errors are those of the curvature of the objective.
    let h = 1e-3
    func at(_ a: Double, _ b: Double) -> Double {
      objective([brute.position[0] + a * h, brute.position[1] + b * h])
    }
    let xx = (at(1, 0) - 2 * at(0, 0) + at(-1, 0)) / (2 * h * h)
    let yy = (at(0, 1) - 2 * at(0, 0) + at(0, -1)) / (2 * h * h)
    let xy = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (8 * h * h)
    let determinant = xx * yy - xy * xy
    #expect(abs(found.errors[0] / (yy / determinant).squareRoot() - 1) < 1e-4)
    #expect(abs(found.errors[1] / (xx / determinant).squareRoot() - 1) < 1e-4)
  }

  private static func slopes() -> [ModeSlopes] {
    [
      ModeSlopes(binCount: 4, bins: [0, 1, 2, 3], slopes: [0.10, -0.12, 0.05, 0.2]),
      ModeSlopes(binCount: 3, bins: [0, 1, 2], slopes: [0.15, 0.08, 0.1]),
    ]
  }

  private static func marginalized(_ pulls: [[Double]] = [[], []], pullCount: Int = 0) throws
    -> MarginalizedCountLikelihood
  {
    try MarginalizedCountLikelihood(
      terms: try terms(), slopes: slopes(), directionCount: 1, pullCount: pullCount
    ) { _ in
      rates.indices.map {
        var rates = ModeRates(parts: rates[$0].map { 0.8 * $0 }, fixed: rates[$0].map { 0.2 * $0 })
        rates.pulls = pulls[$0]
        return rates
      }
    }
  }

  /// −2 ln ∫ exp(−½[−2 ln L(z) + z²]) dz/√(2π) by quadrature; Laplace's method leaves 10⁻².
  @Test func aModeIsIntegratedOut() throws {
    func objective(_ z: Double) -> Double {
      let moved = zip(Self.rates, Self.slopes()).map { rates, slopes in
        zip(rates, slopes.slopes).map { 0.2 * $0 + 0.8 * $0 * exp(z * $1) }
      }
      return Self.sum(moved) + z * z
    }
    let likelihood = try Self.marginalized()
    let best = try likelihood.best(at: [])
    let least = try Minimizer.bfgs(from: [0.0], gradientTolerance: 1e-8) { objective($0[0]) }
    #expect(abs(best.directions[0] - least.position[0]) < 1e-6 && abs(best.directions[0]) > 0.1)
    #expect(abs(best.deviance + best.penalty - least.value) < 1e-8)
    let integral = try Quadrature.adaptive(over: -8...8, relativeTolerance: 1e-9) {
      exp(-0.5 * (objective($0) - least.value)) / (2 * Double.pi).squareRoot()
    }.value
    let expected = least.value - 2 * log(integral)
    let value = try likelihood.minusTwoLogLikelihood(at: [])
    #expect(abs(value - expected) < 2e-2)
    // The information of the number of events: without it ln det would be that of shapes.
    let shapes = try MarginalizedCountLikelihood(counts: Self.counts, slopes: Self.slopes(), directionCount: 1) { _ in
      Self.rates.map { ModeRates(parts: $0.map { 0.8 * $0 }, fixed: $0.map { 0.2 * $0 }) }
    }
    let ofShapes = try shapes.best(at: []).logDeterminant
    #expect(best.logDeterminant > ofShapes + 0.05)
  }

  /// A norm as a pull: exp(η σ) on the rates of the second sample, minimised over with the mode.
  @Test func aNormIsProfiledBesideAMode() throws {
    let sigma = 0.05
    let found = try Self.marginalized([[0, 0, 0, 0], [sigma, sigma, sigma]], pullCount: 1).best(at: [])
    func objective(_ x: [Double]) -> Double {
      let moved = Self.rates.indices.map { sample in
        zip(Self.rates[sample], Self.slopes()[sample].slopes).map {
          (0.2 * $0 + 0.8 * $0 * exp(x[0] * $1)) * (sample == 1 ? exp(sigma * x[1]) : 1)
        }
      }
      return Self.sum(moved) + x[0] * x[0] + x[1] * x[1]
    }
    let brute = try Minimizer.bfgs(from: [0, 0], gradientTolerance: 1e-5) { objective($0) }
    #expect(abs(found.directions[0] - brute.position[0]) < 1e-5)
    #expect(abs(found.pulls[0] - brute.position[1]) < 1e-5 && abs(found.pulls[0]) > 0.05)
  }

  /// No event where some are expected says something; the shape of no event does not.
  @Test func noEventIsInformationForNumbers() throws {
    func value(_ normalization: Double?, _ rate: Double) throws -> Double {
      try CountTerm(counts: [0, 0], normalization: normalization).minusTwoLogLikelihood(of: [rate, 2 * rate])
    }
    let (shape, one, five) = (try value(nil, 5), try value(2, 1), try value(2, 5))
    #expect(shape == 0 && abs(one - 12) < 1e-12 && abs(five - 60) < 1e-12)
  }
}
