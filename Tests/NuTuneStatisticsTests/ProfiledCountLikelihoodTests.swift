import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct ProfiledCountLikelihoodTests {
  private static let counts = [[120.0, 310, 255, 88], [40.0, 61, 17]]
  private static let rates = [[118.0, 300, 270, 80], [4.1, 6.0, 1.9]]
  private static let directions = [
    [20.0, -60, 50, 10, 5, 40, -30, 15, -12, 3, 0, 9], [1.0, -0.5, 0.3, 0.4, 1.1, -0.6, 0, 0.2, 0.5],
  ]

  private static func value(_ likelihood: some Likelihood) throws -> Double {
    try likelihood.minusTwoLogLikelihood(at: [])
  }

  /// Σ multinomial deviances at given pulls, plus the penalty.
  private static func objective(
    _ counts: [[Double]], _ rates: [[Double]], _ directions: [[Double]], _ pulls: [Double],
    relativeRate: (Double) -> Double = { $0 }
  ) throws -> Double {
    var sum = pulls.reduce(0) { $0 + $1 * $1 }
    for sample in counts.indices {
      let bins = counts[sample].count
      let least = 1e-3 * rates[sample].reduce(0, +) / counts[sample].reduce(0, +)
      let moved = (0..<bins).map { b in
        let change = pulls.indices.reduce(0) { $0 + pulls[$1] * directions[sample][$1 * bins + b] }
        return rates[sample][b] * relativeRate(1 + change / max(rates[sample][b], least))
      }
      sum += try value(ShapeLikelihood(counts: counts[sample]) { _ in moved })
    }
    return sum
  }

  private static func profiled(
    _ counts: [[Double]] = counts, _ rates: [[Double]] = rates, _ directions: [[Double]] = directions, _ count: Int = 3
  ) throws -> ProfiledCountLikelihood {
    try ProfiledCountLikelihood(counts: counts, directionCount: count) { _ in
      LinearPrediction(rates: rates, directions: directions)
    }
  }

  @Test func withoutDirectionsItIsTheShapeLikelihood() throws {
    let rates = [[118.0, 300, 270, 80], [4.1, 6.0, 1e-6]]
    let profiled = try Self.profiled(Self.counts, rates, [[], []], 0)
    let none = rates.map { ModeSlopes(binCount: $0.count, bins: [], slopes: []) }
    let marginalized = try MarginalizedCountLikelihood(counts: Self.counts, slopes: none, directionCount: 0) { _ in
      rates.map { ModeRates(parts: [], fixed: $0) }
    }
    let single = try Self.objective(Self.counts, rates, [[], []], [])
    #expect(abs(try Self.value(profiled) / single - 1) < 1e-14)
    #expect(abs(try Self.value(profiled) / Self.value(marginalized) - 1) < 1e-14)
    #expect(try profiled.pulls(at: []).values == [])
  }

  @Test func agreesWithBruteForce() throws {
    let found = try Self.profiled().pulls(at: [])
    let brute = try Minimizer.bfgs(from: [0, 0, 0], gradientTolerance: 1e-6) {
      try Self.objective(Self.counts, Self.rates, Self.directions, $0)
    }
    #expect(brute.status.isConverged)
    for (pull, expected) in zip(found.values, brute.position) { #expect(abs(pull - expected) < 1e-5) }
    #expect(abs(try Self.value(Self.profiled()) - brute.value) < 1e-9)
    #expect(abs(found.deviance + found.penalty - brute.value) < 1e-9)
    #expect(found.penalty > 0.1 && found.iterations < 8)
    // The errors are those of the brute-force curvature: ½ ∂²/∂η² of the objective.
    var hessian = Matrix(rows: 3, columns: 3)
    let h = 1e-3
    for i in 0..<3 {
      for j in 0..<3 {
        func at(_ a: Double, _ b: Double) throws -> Double {
          var pulls = brute.position
          pulls[i] += a * h
          pulls[j] += b * h
          return try Self.objective(Self.counts, Self.rates, Self.directions, pulls)
        }
        let (same, opposite) = (try at(1, 1) + at(-1, -1), try at(1, -1) + at(-1, 1))
        hessian[i, j] = 0.125 * (same - opposite) / (h * h)
      }
    }
    let covariance = try Cholesky(hessian).inverse()
    // Differences leave h² and 1e-12/h² = 1e-6.
    for i in 0..<3 { #expect(abs(found.errors[i] / covariance[i, i].squareRoot() - 1) < 1e-4) }
  }

  /// 2 Σ [ν − n + n ln(n/ν)] at given pulls, plus the penalty, with ν the rate times `scale`. Changes are relative to the rate of
  /// 10⁻³ events where it is less.
  private static func objective(
    ofNumbers counts: [[Double]], _ rates: [[Double]], _ directions: [[Double]], _ pulls: [Double], scale: Double,
    relativeRate: (Double) -> Double
  ) -> Double {
    var sum = pulls.reduce(0) { $0 + $1 * $1 }
    for (counts, (rates, directions)) in zip(counts, zip(rates, directions)) {
      for (b, (count, rate)) in zip(counts, rates).enumerated() {
        let change = pulls.indices.reduce(0) { $0 + pulls[$1] * directions[$1 * rates.count + b] }
        let expected = scale * rate * relativeRate(1 + change / max(rate, 1e-3 / scale))
        sum += 2 * (expected - count + (count > 0 ? count * log(count / expected) : 0))
      }
    }
    return sum
  }

  /// Large effects, empty bins, rates that would be negative: the pulls end in a minimum of the function documented, of shapes
  /// (nil) and of numbers that rates describe with the given excess.
  @Test(arguments: [nil, 1, 1.3]) func alwaysEndsInAMinimum(excess: Double?) throws {
    func relativeRate(_ x: Double) -> Double { x >= 0.05 ? x : 0.05 * exp(x / 0.05 - 1) }
    var stops = 0
    for member in 0..<300 {
      let stream = try RandomStream(seed: 21, purpose: "profiled", member: member)
      let (bins, directions) = (5 + member % 20, 1 + member % 6)
      let size = [0.1, 1, 3, 10][member % 4]
      let rates = (0..<2).map { _ in (0..<bins).map { _ in exp(2 * stream.gaussian()) } }
      let events = member % 3 == 0 ? 1e8 : 30 * Double(bins)
      let counts = try rates.map { try PseudoData.poisson(probabilities: $0, events: events, stream: stream) }
      // Mostly a change of scale in every other one: large terms that cancel.
      let scale = Double(member % 2)
      let changes = rates.map { rates in
        (0..<directions).flatMap { _ in rates.map { $0 * size * (scale + 0.3 * stream.gaussian()) } }
      }
      let perRate = excess.map { $0 * counts[0].reduce(0, +) / rates[0].reduce(0, +) }
      let likelihood = ProfiledCountLikelihood(
        terms: try counts.map { try CountTerm(counts: $0, normalization: perRate) }, directionCount: directions
      ) { _ in LinearPrediction(rates: rates, directions: changes) }
      let found = try likelihood.pulls(at: [])
      func objective(_ pulls: [Double]) throws -> Double {
        guard let perRate else {
          return try Self.objective(counts, rates, changes, pulls, relativeRate: relativeRate)
        }
        return Self.objective(
          ofNumbers: counts, rates, changes, pulls, scale: perRate, relativeRate: relativeRate)
      }
      let lowest = try objective(found.values)
      #expect(abs(try Self.value(likelihood) - lowest) < 1e-9 * (1 + lowest))
      #expect(try lowest <= objective(found.values.map { _ in 0 }))
      for k in 0..<directions {
        for step in [-1e-3, 1e-3] {
          var aside = found.values
          aside[k] += step
          #expect(try objective(aside) > lowest)
        }
      }
      stops = max(stops, found.iterations)
    }
    #expect(stops <= 30)
  }

  /// ν = N(p + d) for one direction d and data at η = 1: with F = N Σ d²/p the minimum is F/(1+F), at η̂ = F/(1+F), and the
  /// marginal likelihood ln(1+F) more.
  @Test func theGaussianLimitIsAnalytic() throws {
    let probabilities = [0.1, 0.2, 0.3, 0.4]
    let direction = [1e-5, -2e-5, 2e-5, -1e-5]
    let events = 1e11
    let observed = zip(probabilities, direction).map { events * ($0 + $1) }
    let information = zip(probabilities, direction).reduce(0) { $0 + events * $1.1 * $1.1 / $1.0 }
    let likelihood = try Self.profiled([observed], [probabilities], [direction], 1)
    // Third-order terms are F · 10⁻⁴ before profiling, and η̂ is off the truth by 1/F of it.
    let pulls = try likelihood.pulls(at: [])
    #expect(abs(pulls.values[0] - information / (1 + information)) < 1e-4)
    #expect(abs(pulls.errors[0] - 1 / (1 + information).squareRoot()) < 1e-4)
    #expect(abs(try Self.value(likelihood) - information / (1 + information)) < 1e-3)
    let slopes = ModeSlopes(
      binCount: probabilities.count, bins: Array(probabilities.indices), slopes: zip(direction, probabilities).map(/))
    let marginalized = try MarginalizedCountLikelihood(counts: [observed], slopes: [slopes], directionCount: 1) { _ in
      [ModeRates(parts: probabilities, fixed: probabilities.map { _ in 0 })]
    }
    #expect(abs(try Self.value(marginalized) - log(1 + information) - Self.value(likelihood)) < 0.1)
  }

  @Test func thePenaltyHasItsLimits() throws {
    let plain = try Self.objective(Self.counts, Self.rates, [[], []], [])
    func scaled(_ factor: Double) throws -> ProfiledCountLikelihood {
      try Self.profiled(Self.counts, Self.rates, Self.directions.map { $0.map { factor * $0 } })
    }
    // No effect: the gain is at most of second order in it.
    #expect(abs(try Self.value(scaled(1e-6)) / plain - 1) < 1e-9)
    #expect(abs(try scaled(1e-6).pulls(at: []).errors[0] - 1) < 1e-6)
    // Free: the penalty of an effect a hundred times larger is 10⁻⁴ of what it was, the deviance that without any.
    let free = try Minimizer.bfgs(from: [0, 0, 0], gradientTolerance: 1e-6) { pulls in
      try Self.objective(Self.counts, Self.rates, Self.directions, pulls) - pulls.reduce(0) { $0 + $1 * $1 }
    }
    let penalty = free.position.reduce(0) { $0 + $1 * $1 }
    let value = try Self.value(scaled(100))
    #expect(value > free.value && value < free.value + 1.01e-4 * penalty + 1e-9)
    // A direction that is only a scale of every sample changes nothing.
    let scale = try Self.profiled(Self.counts, Self.rates, Self.rates.map { $0.map { 0.3 * $0 } }, 1)
    #expect(abs(try Self.value(scale) - plain) < 1e-9)
    #expect(abs(try scale.pulls(at: []).values[0]) < 1e-9)
  }

  /// At the minimum over η the derivative in θ is the partial one.
  @Test func theEnvelopeTheoremHolds() throws {
    @Sendable func prediction(_ p: [Double]) -> LinearPrediction {
      let rates = GaussianShape.prediction(p)
      let changes = zip(GaussianShape.x, rates).map { 0.1 * $0 * $1 } + rates.map { 0.03 * sin(40 * $0) }
      return LinearPrediction(rates: [rates], directions: [changes])
    }
    let counts = try PseudoData.asimov(probabilities: GaussianShape.prediction([0.3, -0.6]), events: 3000)
    let likelihood = try ProfiledCountLikelihood(counts: [counts], directionCount: 2, prediction: prediction)
    let point = [0.34, -0.57]
    let pulls = try likelihood.pulls(at: point).values
    #expect(abs(pulls[0]) > 0.01)
    for i in 0..<2 {
      func derivative(_ f: ([Double]) throws -> Double) throws -> Double {
        func at(_ h: Double) throws -> Double {
          var moved = point
          moved[i] += h
          return try f(moved)
        }
        return try (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3
      }
      let whole = try derivative { try likelihood.minusTwoLogLikelihood(at: $0) }
      let partial = try derivative { p in
        let predicted = prediction(p)
        return try Self.objective([counts], predicted.rates, predicted.directions, pulls)
      }
      // Five-point differences leave h⁴ and the rounding of −2lnL, 1e-12/h.
      #expect(abs(whole - partial) < 1e-6 * abs(partial) + 1e-8)
    }
  }

  /// p = p₀ + (θ + s η) A: the data fix θ + s η to σ_stat = 1/√(N Σ A²/p₀), so θ to √(σ_stat² + s²).
  @Test func theIntervalGrowsInQuadrature() throws {
    let flat = [0.25, 0.25, 0.25, 0.25]
    let change = [0.25, -0.25, 0.25, -0.25]
    let events = 1e8
    let stat = 1 / events.squareRoot()
    for s in [0, 0.5 * stat, 3 * stat] {
      let likelihood = try ProfiledCountLikelihood(counts: [flat.map { events * $0 }], directionCount: 1) { p in
        LinearPrediction(rates: [zip(flat, change).map { $0 + p[0] * $1 }], directions: [change.map { s * $0 }])
      }
      let parameter = try FitParameter(name: "theta", starts: [stat], bounds: -0.1...0.1, scale: stat)
      let fit = try Fit.minimize(likelihood, [parameter])
      #expect(fit.isConverged)
      let expected = (stat * stat + s * s).squareRoot()
      #expect(abs(try ProfileInterval(of: 0, in: fit, likelihood: likelihood).halfWidth / expected - 1) < 1e-4)
      #expect(abs((fit.best.errors[0] ?? 0) / expected - 1) < 1e-4)
    }
  }

  @Test func impossiblePredictionsAreErrors() throws {
    #expect(throws: InferenceError.self) { try Self.value(Self.profiled(Self.counts, Self.rates, [[1, 2, 3], [1]])) }
    var broken = Self.directions
    broken[0][5] = .nan
    #expect(throws: InferenceError.self) {
      try Self.value(Self.profiled(Self.counts, Self.rates, broken))
    }
    #expect(throws: InferenceError.eventsWithoutPrediction(bin: 2, count: 255, prediction: 0)) {
      try Self.value(Self.profiled(Self.counts, [[118, 300, 0, 80], [4.1, 6.0, 1.9]], Self.directions))
    }
    // A bin without events nor prediction that a direction would fill stays empty.
    let empty = try Self.profiled([[5, 0, 7]], [[1, 0, 1]], [[0.1, 2, -0.1]], 1)
    #expect(try Self.value(empty).isFinite)
  }
}
