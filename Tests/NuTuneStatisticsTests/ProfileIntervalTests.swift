import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct ProfileIntervalTests {
  @Test func aCorrelatedGaussianHasItsMarginalErrors() throws {
    // Covariance [[4, 1.8], [1.8, 1]], correlation 0.9.
    let inverse = try Cholesky(Matrix([[4, 1.8], [1.8, 1]])).inverse()
    let likelihood = QuadraticLikelihood(center: [10, -3], weight: inverse, offset: 17)
    let fit = try Fit.minimize(
      likelihood,
      [
        FitParameter(name: "x", starts: [5], bounds: -100...100, scale: 1),
        FitParameter(name: "y", starts: [0], scale: 1),
      ])
    for (index, (center, sigma)) in [(10.0, 2.0), (-3.0, 1.0)].enumerated() {
      let interval = try ProfileInterval(of: index, in: fit, likelihood: likelihood)
      #expect(abs(interval.lower.position - (center - sigma)) < 2e-3 * sigma)
      #expect(abs(interval.halfWidth - sigma) < 1e-4 * sigma)
      #expect(!interval.lower.isOpen && !interval.upper.isOpen)
      #expect(!interval.spansSeveralMinima && interval.isConverged)
      let two = try ProfileInterval(of: index, in: fit, likelihood: likelihood, level: 4)
      #expect(abs(two.halfWidth - 2 * sigma) < 1e-4 * sigma)
    }
  }

  @Test func anIntervalOverBothOctantsIsFlagged() throws {
    // The barrier at ½ grows with the number of events and the distance from ½: weak, both octants are one interval;
    // strong, they are two.
    func interval(s: Double, events: Double) throws -> (ProfileInterval, FitResult) {
      let likelihood = try TwoOctants.likelihood(s: s, events: events)
      let fit = try Fit.minimize(likelihood, TwoOctants.parameters())
      let lower = fit.minimum(nearest: [s, 1])
      return (try ProfileInterval(of: 0, in: fit, around: lower, likelihood: likelihood), fit)
    }
    let (weak, weakFit) = try interval(s: 0.47, events: 100)
    #expect(weakFit.minima.count == 2)
    #expect(weak.spansSeveralMinima)
    #expect(abs(try #require(weak.otherMinima.first).position[0] - 0.53) < 1e-3)
    // Symmetric about ½.
    #expect(abs(weak.lower.position + weak.upper.position - 1) < 1e-6)
    let (strong, strongFit) = try interval(s: 0.42, events: 600)
    #expect(strongFit.minima.count == 2)
    #expect(!strong.spansSeveralMinima)
    #expect(strong.upper.position < 0.5)
    #expect(strong.lower.position < 0.42 && strong.upper.position > 0.42)
  }

  @Test func theEndsSolveTheEquation() throws {
    let likelihood = try TwoOctants.likelihood(s: 0.42, events: 20_000)
    let parameters = try TwoOctants.parameters()
    let fit = try Fit.minimize(likelihood, parameters)
    let minimum = fit.minimum(nearest: [0.42, 1])
    let interval = try ProfileInterval(of: 0, in: fit, around: minimum, likelihood: likelihood)
    for end in [interval.lower, interval.upper] {
      let profiled = try Brent.minimum(in: 0.9...1.1, guess: 1) {
        try likelihood.minusTwoLogLikelihood(at: [end.position, $0])
      }
      #expect(abs(profiled.value - minimum.value - 1) < 1e-4)
    }
  }

  @Test func aBoundOpensTheInterval() throws {
    let likelihood = QuadraticLikelihood(center: [0.3], weight: Matrix(diagonal: [1]))
    let parameter = try FitParameter(name: "x", starts: [0.5], bounds: 0...2, scale: 0.5)
    let fit = try Fit.minimize(likelihood, [parameter])
    let interval = try ProfileInterval(of: 0, in: fit, likelihood: likelihood)
    #expect(interval.lower.position == 0 && interval.lower.isOpen)
    #expect(!interval.upper.isOpen)
    #expect(abs(interval.upper.position - 1.3) < 1e-4)
    // A free parameter without influence never ends.
    let flat = try Fit.minimize(
      FunctionLikelihood { _ in 1 }, [FitParameter(name: "x", starts: [0], bounds: -1...1, scale: 0.1)])
    #expect(!flat.best.isPositiveDefinite)
    let open = try ProfileInterval(of: 0, in: flat, likelihood: FunctionLikelihood { _ in 1 })
    #expect(open.lower.position == -1 && open.lower.isOpen && open.upper.position == 1 && open.upper.isOpen)
  }
}
