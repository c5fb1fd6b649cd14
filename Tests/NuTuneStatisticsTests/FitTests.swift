import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct FitTests {
  @Test func aGaussianShapeHasTheCovarianceOfItsMoments() throws {
    let (truth, events) = ([0.3, -0.6], 5000.0)
    let likelihood = try ShapeLikelihood(
      counts: PseudoData.asimov(probabilities: GaussianShape.prediction(truth), events: events),
      prediction: GaussianShape.prediction)
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "a", starts: [0, 1], bounds: -3...3, scale: 0.02),
        FitParameter(name: "b", starts: [-1], scale: 0.02),
      ])
    #expect(fit.isConverged)
    #expect(fit.minima.count == 1)
    #expect(fit.runs.count == 2)
    let covariance = try #require(fit.best.covariance)
    let expected = try GaussianShape.covariance(truth, events: events)
    for i in 0..<2 {
      // The distance criterion 1e-6 on −2lnL is 1e-3 σ.
      #expect(abs(fit.best.position[i] - truth[i]) < 1e-3 * expected[i, i].squareRoot())
      for j in 0..<2 {
        // Richardson leaves O(h⁴) with h = 0.03 σ: 1e-6, and rounding 1e-12/1e-3.
        #expect(abs(covariance[i, j] - expected[i, j]) < 1e-5 * (expected[i, i] * expected[j, j]).squareRoot())
      }
    }
    #expect(fit.best.value < 1e-6 && fit.best.value >= 0)
    let correlation = try #require(fit.best.correlation(0, 1))
    #expect(abs(correlation - expected[0, 1] / (expected[0, 0] * expected[1, 1]).squareRoot()) < 1e-5)
  }

  @Test func poissonRateHasTheTextbookError() throws {
    let likelihood = try PoissonLikelihood(counts: [90, 110, 130, 70]) { p in [Double](repeating: p[0], count: 4) }
    let fit = try Fit.minimize(likelihood, [FitParameter(name: "rate", starts: [50], bounds: 1...1000, scale: 5)])
    // Mean 100, error √(100/4).
    #expect(fit.isConverged)
    #expect(abs(fit.best.position[0] - 100) < 1e-3 * 5)
    #expect(abs((fit.best.errors[0] ?? 0) - 5) < 1e-4)
  }

  @Test func bothOctantsAreFound() throws {
    let fit = try Fit.minimize(TwoOctants.likelihood(s: 0.42, events: 50_000), TwoOctants.parameters())
    #expect(fit.isConverged)
    #expect(fit.minima.count == 2)
    #expect(fit.runs.count == 4)
    let octants = fit.minima.map { $0.position[0] }.sorted()
    for (minimum, s) in zip(octants, [0.42, 0.58]) { #expect(abs(minimum - s) < 1e-4) }
    #expect(abs(fit.minima[0].value - fit.minima[1].value) < 1e-6)
    #expect(fit.minimum(nearest: [0.55, 1]).position[0] > 0.5)
    #expect(fit.runs.allSatisfy { ($0.start[0] < 0.5) == (fit.minima[$0.minimum].position[0] < 0.5) })
  }

  @Test func aMinimumAtABoundIsFlagged() throws {
    let likelihood = QuadraticLikelihood(center: [2, 1], weight: Matrix(diagonal: [100, 25]))
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "x", starts: [0.2, 1], bounds: 0...1, scale: 0.1),
        FitParameter(name: "y", starts: [0], bounds: -5...5, scale: 0.2),
      ])
    #expect(fit.minima.count == 1)
    #expect(fit.best.atBound == [true, false])
    #expect(fit.best.position[0] <= 1 && fit.best.position[0] > 1 - 1e-4)
    #expect(abs(fit.best.position[1] - 1) < 1e-4)
    #expect(fit.best.errors[0] == nil)
    #expect(abs((fit.best.errors[1] ?? 0) - 0.2) < 1e-6)
    #expect(fit.best.correlation(0, 1) == nil)
    #expect(fit.best.status == .converged)
    #expect(fit.description.contains("AT BOUND"))
  }

  @Test func theLikelihoodIsNeverCalledOutsideTheBounds() throws {
    let likelihood = FunctionLikelihood { x in
      guard (0...1).contains(x[0]), (0.1...0.3).contains(x[1]) else { throw InferenceError.badGrid("outside: \(x)") }
      return 50 * (x[0] - 0.001) * (x[0] - 0.001) + 1e4 * (x[1] - 0.4) * (x[1] - 0.4)
    }
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "x", starts: [0, 0.5, 1], bounds: 0...1, scale: 0.1),
        FitParameter(name: "y", starts: [0.1, 0.3], bounds: 0.1...0.3, scale: 0.01),
      ])
    #expect(fit.best.atBound[1])
    #expect(abs(fit.best.position[0] - 0.001) < 2e-4)
    _ = try ProfileInterval(of: 0, in: fit, likelihood: likelihood)
  }

  @Test func aFlatDirectionHasNoErrors() throws {
    let likelihood = FunctionLikelihood { ($0[0] - $0[1]) * ($0[0] - $0[1]) }
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "x", starts: [0.3], bounds: -10...10, scale: 1),
        FitParameter(name: "y", starts: [0], bounds: -10...10, scale: 1),
      ])
    #expect(!fit.best.isPositiveDefinite)
    #expect(fit.best.errors == [nil, nil])
    #expect(fit.description.contains("NOT positive definite"))
  }

  @Test func aStartOnTheRidgeFindsBothSides() throws {
    // Wells at x = ±1; from x = 0 the gradient never leaves the ridge.
    let likelihood = FunctionLikelihood { p in
      10 * (p[0] * p[0] - 1) * (p[0] * p[0] - 1) + (p[1] - 3) * (p[1] - 3)
    }
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "x", starts: [0], bounds: -4...4, scale: 0.1),
        FitParameter(name: "y", starts: [1], scale: 1),
      ])
    #expect(fit.isConverged && fit.runs.count == 2)
    let wells = fit.minima.map { $0.position[0] }.sorted()
    #expect(wells.count == 2)
    for (well, x) in zip(wells, [-1.0, 1]) { #expect(abs(well - x) < 1e-4) }
    // F'' = 80 at the wells: error √(2/80).
    for minimum in fit.minima { #expect(abs((minimum.errors[0] ?? 0) - (2.0 / 80).squareRoot()) < 1e-5) }
  }

  /// At s = ½ exactly −2 ln L is quartic in s: no parabolic error exists, the profile interval does.
  @Test func maximalMixingConvergesWithoutParabolicErrors() throws {
    let likelihood = try TwoOctants.likelihood(s: 0.5, events: 2000)
    let fit = try Fit.minimize(likelihood, TwoOctants.parameters())
    #expect(fit.isConverged)
    // |dF/ds| per scale is below 1e-5 at the end of a descent; F = c (s − ½)⁴ then leaves the value below 1e-5.
    #expect(fit.best.value < 1e-5)
    let interval = try ProfileInterval(of: 0, in: fit, likelihood: likelihood)
    #expect(abs(interval.lower.position + interval.upper.position - 1) < 1e-4)
    let rise = try Brent.minimum(in: 0.9...1.1, guess: 1) {
      try likelihood.minusTwoLogLikelihood(at: [interval.lower.position, $0])
    }
    #expect(abs(rise.value - 1) < 1e-4)
  }

  @Test func aDescentThatStopsShortIsReported() throws {
    var settings = FitSettings()
    settings.maximumIterations = 1
    let likelihood = FunctionLikelihood { x in
      100 * pow(x[1] - x[0] * x[0], 2) + pow(1 - x[0], 2)
    }
    let parameters = [
      try FitParameter(name: "x", starts: [-1.2], bounds: -5...5, scale: 0.1),
      try FitParameter(name: "y", starts: [1], bounds: -5...5, scale: 0.1),
    ]
    let stopped = try Fit.minimize(likelihood, parameters, settings: settings)
    #expect(!stopped.isConverged)
    #expect(stopped.description.contains("not converged"))
    let fit = try Fit.minimize(likelihood, parameters)
    #expect(fit.isConverged)
    // Covariance 2H⁻¹ at (1, 1), H = [[802, −400], [−400, 200]]: [[1, 2], [2, 4.01]].
    for (error, expected) in zip(fit.best.errors, [1, 4.01.squareRoot()]) {
      #expect(abs((error ?? 0) / expected - 1) < 1e-3)
    }
  }

  @Test func errorsArePassedOnAndParametersChecked() throws {
    struct Refused: Error {}
    let parameter = try FitParameter(name: "x", starts: [0], scale: 1)
    #expect(throws: Refused.self) { try Fit.minimize(FunctionLikelihood { _ in throw Refused() }, [parameter]) }
    #expect(throws: NumericsError.self) { try Fit.minimize(FunctionLikelihood { _ in .nan }, [parameter]) }
    #expect(throws: InferenceError.self) { try Fit.minimize(FunctionLikelihood { _ in 0 }, []) }
    #expect(throws: InferenceError.self) { try FitParameter(name: "x", starts: [2], bounds: 0...1, scale: 1) }
    #expect(throws: InferenceError.self) { try FitParameter(name: "x", starts: [], scale: 1) }
    #expect(throws: InferenceError.self) { try FitParameter(name: "x", starts: [0], scale: 0) }
    #expect(throws: InferenceError.self) { try FitParameter(name: "x", starts: [0], bounds: 0 ... .infinity, scale: 1) }
  }

  @Test func theTableShowsEveryFlag() throws {
    let likelihood = QuadraticLikelihood(
      center: [0.47, 2.5], weight: try Matrix([[4, 1], [1, 1]]), offset: 3)
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "sin2_theta23", starts: [0.5], bounds: 0...1, scale: 0.5),
        FitParameter(name: "dm2_32", unit: "eV²", starts: [2], scale: 1),
      ])
    // Covariance W⁻¹ = [[1, −1], [−1, 4]]/3.
    let lines = fit.description.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("-2lnL = 3   converged   covariance positive definite   distance to minimum "))
    #expect(lines[1].hasPrefix("1 of 1 starts converged, ") && lines[1].hasSuffix(" evaluations, 1 minimum"))
    #expect(
      lines[2...].map { $0 } == [
        "  parameter     value  error    unit  bounds",
        "  sin2_theta23  0.47   0.57735        0...1",
        "  dm2_32        2.5    1.1547   eV²   none",
        "  correlation   sin2_theta23  dm2_32",
        "  sin2_theta23  +1.000        -0.500",
        "  dm2_32        -0.500        +1.000",
      ])
  }
}
