import Foundation
import NuTuneNumerics
import NuTuneStatistics
import Synchronization
import Testing

/// Contours and intervals with other parameters profiled: Newton steps from point to point against profiles in closed form.
@Suite struct ProfileWalkTests {
  /// −2 ln L(x, y, u, v) = g(x, y) + 50 [cosh(u − a) − 1] + 20 (1 + x²) (v − b)² with a(x, y) and b(x, y, u): the minimum over
  /// u and v is g, wherever a and b lead.
  private struct Winding: Likelihood {
    let evaluations: Counter
    var hasDerivatives = true

    final class Counter: Sendable {
      let count = Atomic<Int>(0)
    }

    static func profile(_ x: Double, _ y: Double) -> Double { 3 * x * x + y * y + 0.5 * x * y * y }

    func minusTwoLogLikelihood(at p: [Double]) throws -> Double { value(p).value }

    func slope(at p: [Double]) throws -> LikelihoodSlope? { hasDerivatives ? value(p) : nil }

    private func value(_ p: [Double]) -> LikelihoodSlope {
      evaluations.count.add(1, ordering: .relaxed)
      let (x, y, u, v) = (p[0], p[1], p[2], p[3])
      let (c, stiffness) = (u - sin(2 * x) * (1 + y), 20 * (1 + x * x))
      let d = v - x * y - 0.3 * u * u
      return LikelihoodSlope(
        value: Self.profile(x, y) + 50 * (cosh(c) - 1) + stiffness * d * d,
        gradient: [
          6 * x + 0.5 * y * y - 100 * sinh(c) * cos(2 * x) * (1 + y) + 40 * x * d * d - 2 * stiffness * d * y,
          2 * y + x * y - 50 * sinh(c) * sin(2 * x) - 2 * stiffness * d * x,
          50 * sinh(c) - 1.2 * stiffness * d * u, 2 * stiffness * d,
        ])
    }
  }

  private static func parameters() throws -> [FitParameter] {
    try ["x", "y", "u", "v"].map { try FitParameter(name: $0, starts: [0], bounds: -20...20, scale: 0.3) }
  }

  private static func scan(_ likelihood: some Likelihood, _ points: Int, jobs: Int) throws -> GridScan {
    try GridScan(
      likelihood, parameters(), x: (0, ScanTests.axis(-1...1, points)), y: (1, ScanTests.axis(-0.8...1.5, 4)),
      others: .profiled(from: [0, 0, 0, 0]), reference: 0, jobs: jobs)
  }

  @Test func profilesAreThoseInClosedForm() throws {
    for points in [5, 17, 80] {
      let counter = Winding.Counter()
      let found = try Self.scan(Winding(evaluations: counter), points, jobs: 2)
      let evaluations = counter.count.load(ordering: .relaxed)
      #expect(found.notConverged == 0)
      for (iy, y) in found.field.ys.enumerated() {
        for (ix, x) in found.field.xs.enumerated() {
          #expect(abs(found.field[ix, iy] - Winding.profile(x, y)) < 2e-9, "\(points) points, at \(x), \(y)")
        }
      }
      for jobs in [1, 3] {
        #expect(try Self.scan(Winding(evaluations: counter), points, jobs: jobs).field == found.field)
      }
      // Descents that begin anew at every point take more than ten.
      if points == 80 { #expect(evaluations < 4 * 4 * points) }
    }
  }

  /// Ends of intervals: 3x² is left of g at the best y, and y² − y⁴/48 at the best x.
  @Test(arguments: [1.0, 4]) func endsOfIntervalsAreThoseInClosedForm(level: Double) throws {
    let counter = Winding.Counter()
    let fit = try Fit.minimize(Winding(evaluations: counter), Self.parameters())
    let expected = [(level / 3).squareRoot(), (24 - (576 - 48 * level).squareRoot()).squareRoot()]
    func interval(of index: Int, hasDerivatives: Bool) throws -> (interval: ProfileInterval, evaluations: Int) {
      let before = counter.count.load(ordering: .relaxed)
      let likelihood = Winding(evaluations: counter, hasDerivatives: hasDerivatives)
      let found = try ProfileInterval(of: index, in: fit, likelihood: likelihood, level: level)
      return (found, counter.count.load(ordering: .relaxed) - before)
    }
    for (index, end) in expected.enumerated() {
      let (with, few) = try interval(of: index, hasDerivatives: true)
      let (without, many) = try interval(of: index, hasDerivatives: false)
      for found in [with, without] {
        #expect(found.isConverged && !found.lower.isOpen && !found.upper.isOpen)
        #expect(abs(found.lower.position + end) < 1e-5 && abs(found.upper.position - end) < 1e-5, "\(found)")
      }
      #expect(abs(with.lower.position + end) < 1e-6 && abs(with.upper.position - end) < 1e-6, "\(with)")
      #expect(few < many / 5, "\(few) evaluations with derivatives, \(many) without")
    }
  }

  /// A likelihood that hides its derivatives gives the same contour.
  @Test func derivativesDoNotChangeTheField() throws {
    let with = try Self.scan(Winding(evaluations: Winding.Counter()), 17, jobs: 2)
    let without = try Self.scan(Winding(evaluations: Winding.Counter(), hasDerivatives: false), 17, jobs: 2)
    for (one, other) in zip(with.field.values, without.field.values) { #expect(abs(one - other) < 1e-6) }
  }

  /// A quadratic likelihood of three parameters with its derivatives.
  private struct Function: Likelihood {
    let function: @Sendable ([Double]) -> LikelihoodSlope
    func minusTwoLogLikelihood(at p: [Double]) throws -> Double { function(p).value }
    func slope(at p: [Double]) throws -> LikelihoodSlope? { function(p) }
  }

  private static func row(
    _ likelihood: some Likelihood, _ third: FitParameter, from start: Double, over range: ClosedRange<Double>
  ) throws -> GridScan {
    let others = try ["x", "y"].map { try FitParameter(name: $0, starts: [0], bounds: -20...20, scale: 0.3) }
    return try GridScan(
      likelihood, others + [third], x: (0, ScanTests.axis(range, 41)), y: (1, [0, 1]),
      others: .profiled(from: [0, 0, start]), reference: 0)
  }

  /// The best u is −x, but u may not be negative: where x is positive it stays at its bound.
  @Test func aBoundIsReachedAndLeft() throws {
    let likelihood = Function { p in
      let d = p[2] + p[0]
      return LikelihoodSlope(value: 40 * d * d + p[1], gradient: [80 * d, 1, 80 * d])
    }
    let u = try FitParameter(name: "u", starts: [0.5], bounds: 0...3, scale: 0.1)
    for range in [-1.0...1.0, -0.3...0.1] {
      let found = try Self.row(likelihood, u, from: 0.5, over: range)
      #expect(found.notConverged == 0)
      for (ix, x) in found.field.xs.enumerated() {
        #expect(abs(found.field[ix, 1] - 1 - 40 * max(x, 0) * max(x, 0)) < 1e-5 * (1 + abs(x)), "at \(x)")
      }
    }
  }

  /// The best angle winds twice around the circle along the line.
  @Test func anAngleWindsAround() throws {
    let likelihood = Function { p in
      let d = p[2] - 3 * p[0]
      return LikelihoodSlope(value: 30 * (1 - cos(d)), gradient: [-90 * sin(d), 0, 30 * sin(d)])
    }
    let angle = try FitParameter(name: "u", starts: [0], bounds: -Double.pi...Double.pi, scale: 0.3, period: 2 * .pi)
    let found = try Self.row(likelihood, angle, from: 0, over: 0...4)
    #expect(found.notConverged == 0)
    for value in found.field.values { #expect(abs(value) < 2e-9) }
  }

  /// The minimum that a row follows ends; the next point is descended to, into the one that is left.
  @Test func aMinimumThatEndsIsLeft() throws {
    // (u² − 1)² 10 + 8 x u has a minimum near u = −1 for any x > 0, near u = 1 only for x < 1.92.
    let likelihood = Function { p in
      let (x, u) = (p[0], p[2])
      let w = u * u - 1
      return LikelihoodSlope(value: 10 * w * w + 8 * x * u, gradient: [8 * u, 0, 40 * w * u + 8 * x])
    }
    let u = try FitParameter(name: "u", starts: [1], bounds: -5...5, scale: 0.1)
    let found = try Self.row(likelihood, u, from: 1, over: 0.1...2.5)
    for (ix, x) in found.field.xs.enumerated() where x < 1.9 || x > 1.95 {
      // The roots of 5 u (u² − 1) + x = 0 by Newton's method from the side that is followed.
      var root = x < 1.92 ? 1.0 : -1.5
      for _ in 0..<100 { root -= (5 * root * (root * root - 1) + x) / (15 * root * root - 5) }
      let expected = 10 * (root * root - 1) * (root * root - 1) + 8 * x * root
      #expect(abs(found.field[ix, 0] - expected) < 1e-6, "at \(x)")
    }
  }
}
