import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

/// Intervals that end where the parameter does, and those of angles.
@Suite struct BoundedIntervalTests {
  /// Sees x only through √x, as sin²θ₁₃ is seen in an interference: ((√x − 0.15 + 0.1y)/0.1)² + y²/4.
  private let rooted = FunctionLikelihood { p in
    let pull = (p[0].squareRoot() - 0.15 + 0.1 * p[1]) / 0.1
    return pull * pull + p[1] * p[1] / 4
  }

  private func parameters() throws -> [FitParameter] {
    [
      try FitParameter(name: "x", starts: [0.03], bounds: 0...1, scale: 0.01),
      try FitParameter(name: "y", starts: [0.2], bounds: -20...20, scale: 1),
    ]
  }

  @Test func aProfileThatReachesABoundConverges() throws {
    let fit = try Fit.minimize(rooted, parameters())
    #expect(fit.isConverged && abs(fit.best.position[0] - 0.0225) < 1e-5)
    // Beyond y = 1.5 x is zero, with a cusp there: y²/4 + (y − 1.5)² = 1.
    let y = try ProfileInterval(of: 1, in: fit, likelihood: rooted)
    #expect(y.isConverged && !y.lower.isOpen && !y.upper.isOpen)
    #expect(abs(y.lower.position + 2) < 1e-3)
    #expect(abs(y.upper.position - (3 + 2.75.squareRoot()) / 2.5) < 1e-3)
    // With y at its best 0.2 d² of d = (√x − 0.15)/0.1, which is 0.45 at x = 0.
    let x = try ProfileInterval(of: 0, in: fit, likelihood: rooted)
    #expect(x.isConverged && x.lower.position == 0 && x.lower.isOpen && !x.upper.isOpen)
    let root = 0.15 + 0.1 * 5.0.squareRoot()
    #expect(abs(x.upper.position - root * root) < 1e-4)
  }

  @Test func aFitThatEndsOnACuspAtABoundConverges() throws {
    let likelihood = FunctionLikelihood { p in
      let pull = (p[0].squareRoot() + 0.05 + 0.1 * p[1]) / 0.1
      return pull * pull + (p[1] - 1) * (p[1] - 1)
    }
    let fit = try Fit.minimize(likelihood, parameters())
    // At x = 0: (0.5 + y)² + (y − 1)² is least at y = ¼.
    #expect(fit.isConverged && fit.best.atBound == [true, false])
    #expect(fit.best.position[0] == 0 && abs(fit.best.position[1] - 0.25) < 1e-3)
  }

  @Test func aStallInsideIsNoMinimumAtTheBound() throws {
    // Falls on the way inside from the bound: nothing there may be taken for converged.
    let likelihood = FunctionLikelihood { p in abs(p[0].squareRoot() - 0.3) * 40 + p[1] * p[1] }
    let fit = try Fit.minimize(likelihood, parameters())
    #expect(fit.best.position[0] > 0.05)
  }

  private func angle(_ starts: [Double] = [-1, 2]) throws -> [FitParameter] {
    [try FitParameter(name: "phi", starts: starts, bounds: -Double.pi...Double.pi, scale: 0.3, period: 2 * .pi)]
  }

  @Test func anAngleGoesOnBeyondItsRange() throws {
    let likelihood = FunctionLikelihood { 4 * (1 - cos($0[0] - 3)) }
    let fit = try Fit.minimize(likelihood, angle())
    #expect(fit.isConverged && fit.minima.count == 1 && abs(fit.best.position[0] - 3) < 1e-3)
    #expect(fit.best.atBound == [false])
    let interval = try ProfileInterval(of: 0, in: fit, likelihood: likelihood)
    // 4 (1 − cos Δ) = 1; the upper end lies beyond π.
    let half = acos(0.75)
    #expect(!interval.lower.isOpen && !interval.upper.isOpen && interval.isConverged)
    #expect(abs(interval.lower.position - 3 + half) < 1e-3 && abs(interval.upper.position - 3 - half) < 1e-3)
    #expect(interval.upper.position > .pi)
  }

  @Test func anAngleThatNothingDeterminesIsOpenAtBothEnds() throws {
    let likelihood = FunctionLikelihood { 0.4 * (1 - cos($0[0] - 3)) }
    let fit = try Fit.minimize(likelihood, angle())
    let interval = try ProfileInterval(of: 0, in: fit, likelihood: likelihood)
    #expect(interval.lower.isOpen && interval.upper.isOpen)
    #expect(abs(interval.upper.position - interval.lower.position - 2 * .pi) < 1e-9)
  }

  @Test func distancesOfAnglesGoTheShorterWay() throws {
    let parameter = try angle()[0]
    #expect(abs(parameter.difference(3, -3) - (6 - 2 * .pi)) < 1e-12)
    let likelihood = FunctionLikelihood { 10 * (1 - cos(2 * ($0[0] - 3))) }
    let fit = try Fit.minimize(likelihood, angle([2.5, 0.5]))
    #expect(fit.minima.count == 2)
    #expect(abs(fit.minimum(nearest: [-3]).position[0] - 3) < 1e-3)
    #expect(throws: InferenceError.self) {
      try FitParameter(name: "phi", starts: [0], bounds: -1...1, scale: 0.3, period: 6)
    }
  }

  @Test func aProfileOfAScanIsExactForAParabola() throws {
    let axis = (0..<21).map { -2 + 0.2 * Double($0) }
    // (x − y)² + (x + y)²/9, least over y at (4/5) x: 36/… of x².
    let field = try ScalarField(
      xs: axis, ys: axis.map { 1.5 * $0 },
      values: axis.flatMap { y in axis.map { x in (x - 1.5 * y) * (x - 1.5 * y) + (x + 1.5 * y) * (x + 1.5 * y) / 9 } })
    for (x, value) in zip(axis, field.profile(along: .first)) { #expect(abs(value - 0.4 * x * x) < 1e-12) }
  }

  @Test func feldmanCousinsSaysHowFewExperimentsAreTooFew() throws {
    var settings = FeldmanCousinsSettings()
    #expect(settings.leastExperiments == 22)
    settings.probabilities = [0.9]
    #expect(settings.leastExperiments == 10 || settings.leastExperiments == 11)
  }
}
