import Foundation
import NuTuneNumerics
import Testing

@Suite struct QuadratureTests {
  @Test func gaussLegendreIsExactForPolynomials() throws {
    // n points: exact up to degree 2n − 1, and not beyond.
    for points in [1, 2, 5, 21, 48, 301] {
      let rule = try GaussLegendre(points: points)
      let degree = 2 * points - 1
      let value = rule.integrate(over: 0...1) { pow($0, Double(degree)) }
      #expect(abs(value * Double(degree + 1) - 1) < 1e-12)
      #expect(abs(rule.weights.reduce(0, +) - 2) < 1e-13)
      #expect(rule.nodes == rule.nodes.sorted())
    }
    let beyond = try GaussLegendre(points: 2).integrate(over: -1...1) { pow($0, 4) }
    // Two points ±1/√3: 2/9 instead of 2/5.
    #expect(abs(beyond - 2.0 / 9) < 1e-15)
    let mapped = try GaussLegendre(points: 3).rule(on: 1...5)
    #expect(abs(zip(mapped.nodes, mapped.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } - 124.0 / 3) < 1e-12)
    #expect(throws: NumericsError.self) { try GaussLegendre(points: 0) }
  }

  @Test func adaptiveAgreesWithClosedForms() throws {
    // ∫₀² exp(−x²) cos 3x dx to 40 digits with mpmath.
    let oscillating = try Quadrature.adaptive(over: 0...2) { exp(-$0 * $0) * cos(3 * $0) }
    #expect(abs(oscillating.value - 0.09000923515627195021791) < 1e-12)
    #expect(oscillating.evaluations >= 33)
    // A Lorentz peak of width 1e-4: arctangent.
    let width = 1e-4
    let peak = try Quadrature.adaptive(over: -1...1) { width / ($0 * $0 + width * width) }
    #expect(abs(peak.value / (2 * atan(1 / width)) - 1) < 1e-10)
    // A step, where no polynomial helps.
    let step = try Quadrature.adaptive(over: 0...1, absoluteTolerance: 1e-9) { $0 < 1 / Double.pi ? 1 : 0 }
    #expect(abs(step.value - 1 / Double.pi) < 1e-9)
  }

  @Test func nestedIntegralsGiveTheVolumeOfABall() throws {
    // ∫∫∫ over the octant of the unit ball, the innermost by hand: ∫∫ √(1−x²−y²) = π/6.
    let octant = try Quadrature.adaptive(over: 0...1, relativeTolerance: 1e-8) { x in
      try Quadrature.adaptive(over: 0...(1 - x * x).squareRoot(), absoluteTolerance: 1e-12, relativeTolerance: 1e-10) {
        max(0, 1 - x * x - $0 * $0).squareRoot()
      }.value
    }
    #expect(abs(octant.value - Double.pi / 6) < 1e-8)
    let smooth = try Quadrature.adaptive(over: 0...1) { x in
      try Quadrature.adaptive(over: 0...1, relativeTolerance: 1e-12) { y in
        try Quadrature.adaptive(over: 0...1, relativeTolerance: 1e-13) { z in exp(x + y + z) }.value
      }.value
    }
    #expect(abs(smooth.value - pow(M_E - 1, 3)) < 1e-10)
  }

  @Test func errorsOfTheIntegrandArriveAtTheCaller() throws {
    struct Refused: Error, Equatable { let depth: Int }
    var calls = 0
    #expect(throws: Refused(depth: 2)) {
      try Quadrature.adaptive(over: 0...1) { x in
        try Quadrature.adaptive(over: 0...1) { y in
          calls += 1
          if calls == 7 { throw Refused(depth: 2) }
          return x * y
        }.value
      }
    }
    // Not called again after it threw.
    #expect(calls == 7)
  }

  @Test func whatIsNotANumberIsAnError() throws {
    func status(_ body: () throws -> Integral) -> NumericsError.Status? {
      do {
        _ = try body()
        return nil
      } catch let error as NumericsError { return error.status } catch { return nil }
    }
    #expect(status { try Quadrature.adaptive(over: 0...1) { $0 > 0.5 ? .nan : 1 } } == .badFunction)
    #expect(status { try Quadrature.adaptive(over: 0...1) { 1 / $0 } } == .badFunction)
    #expect(status { try Quadrature.adaptive(over: 0...Double.infinity) { exp(-$0) } } == .invalidArgument)
    #expect(status { try Quadrature.adaptive(over: 0...1, relativeTolerance: 0) { $0 } } == .invalidArgument)
    // Noise of 1e-6 cannot be integrated to 1e-12.
    let noise = status {
      var sign = 1.0
      return try Quadrature.adaptive(over: 0...1, relativeTolerance: 1e-12) { x in
        sign = -sign
        return 1 + sign * 1e-6
      }
    }
    #expect(noise != nil)
    #expect(try Quadrature.adaptive(over: 2...2) { $0 }.value == 0)
  }
}
