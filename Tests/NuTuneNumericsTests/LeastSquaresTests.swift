import Foundation
import NuTuneNumerics
import Testing

@Suite struct LeastSquaresTests {
  private static let anywhere = -1e6...1e6

  /// A linear fit of y = p₀ + p₁ x with errors of ½.
  private func line(from start: [Double], in ranges: [ClosedRange<Double>]) throws -> LeastSquaresResult {
    let x: [Double] = [0, 1, 2, 3, 4]
    let y: [Double] = [1.1, 2.9, 5.2, 6.8, 9.1]
    let jacobian = try Matrix(x.map { [2, 2 * $0] })
    return try LeastSquares.fit(from: start, in: ranges, jacobian: { _ in jacobian }) { p in
      zip(x, y).map { (p[0] + p[1] * $0 - $1) / 0.5 }
    }
  }

  @Test func aDecayIsFound() throws {
    let x = (0..<12).map { 0.25 * Double($0) }
    let truth = [5.0, 1.5, 1.0]
    func model(_ p: [Double]) -> [Double] { x.map { p[0] * exp(-p[1] * $0) + p[2] } }
    let data = model(truth)
    let fit = try LeastSquares.fit(
      from: [1, 1, 0], in: [ClosedRange<Double>](repeating: Self.anywhere, count: 3),
      jacobian: { p in try Matrix(x.map { [exp(-p[1] * $0) / 0.1, -p[0] * $0 * exp(-p[1] * $0) / 0.1, 1 / 0.1] }) }
    ) { p in zip(model(p), data).map { ($0 - $1) / 0.1 } }
    #expect(fit.status == .converged && fit.chiSquare < 1e-7 && fit.history.last == fit.chiSquare)
    for (found, expected) in zip(fit.parameters, truth) { #expect(abs(found - expected) < 1e-5) }
  }

  /// Without ranges by the normal equations, Sx = 10, Sxx = 30, Sy = 25.1, Sxy = 70.1; with the slope at an end of its range
  /// p₀ = mean y − p₁ mean x. The step that the model says is the last is made, so that a line is exact.
  @Test func aStraightLineIsExact() throws {
    let free = try line(from: [0, 0], in: [Self.anywhere, Self.anywhere])
    #expect(abs(free.parameters[0] - 52.0 / 50) < 1e-9 && abs(free.parameters[1] - 99.5 / 50) < 1e-9)
    let below = try line(from: [0, 0], in: [Self.anywhere, -1e6...1.5])
    #expect(below.parameters[1] == 1.5 && abs(below.parameters[0] - (5.02 - 3)) < 1e-9)
    #expect(free.status == .converged && below.status == .converged && below.history.count < 10)
    // A start at an end, and one beyond it, are let go.
    for start in [1.5, -7] {
      let inside = try line(from: [0, start], in: [Self.anywhere, 1.5...9])
      #expect(abs(inside.parameters[1] - 99.5 / 50) < 1e-9)
    }
  }

  /// Linear residuals in a box: no slope at parameters inside their ranges, and χ² falls outwards at the ends, of which there
  /// are some.
  @Test func endsOfRangesAreWhereChiSquareFallsBeyond() throws {
    let stream = try RandomStream(seed: 5, purpose: "least-squares")
    var ends = 0
    for _ in 0..<20 {
      let jacobian = try Matrix((0..<8).map { _ in stream.gaussians(5) })
      let data = stream.gaussians(8)
      func residuals(_ p: [Double]) throws -> [Double] { zip(try jacobian.multiplied(by: p), data).map { $0 - $1 } }
      let fit = try LeastSquares.fit(
        from: stream.gaussians(5), in: [ClosedRange<Double>](repeating: -0.2...0.3, count: 5),
        jacobian: { _ in jacobian }, residuals)
      let slopes = try jacobian.transposeMultiplied(by: try residuals(fit.parameters))
      #expect(fit.status == .converged)
      for (value, slope) in zip(fit.parameters, slopes) {
        switch value {
        case -0.2: #expect(slope > 0)
        case 0.3: #expect(slope < 0)
        default: #expect(abs(slope) < 1e-6 && value > -0.2 && value < 0.3)
        }
        if value == -0.2 || value == 0.3 { ends += 1 }
      }
    }
    #expect(ends > 20 && ends < 80)
  }

  /// Along x − y curvature is a millionth of that along x + y, a thousandth of the damping at first.
  @Test func aFlatValleyIsFollowedToItsEnd() throws {
    let jacobian = try Matrix([[1, 1], [1e-3, -1e-3], [0, 0]])
    let fit = try LeastSquares.fit(from: [0, 0], in: [Self.anywhere, Self.anywhere], jacobian: { _ in jacobian }) {
      [$0[0] + $0[1] - 1, 1e-3 * ($0[0] - $0[1] - 3), 10]
    }
    #expect(fit.status == .converged && fit.chiSquare - 100 < 1e-9, "\(fit)")
    #expect(abs(fit.parameters[0] - 2) < 1e-3 && abs(fit.parameters[1] + 1) < 1e-3, "\(fit)")
    #expect(fit.history.count < 15, "\(fit)")
  }

  /// r = (θ + 1, ⁹⁄₁₀ θ² + θ − 1) has its minimum at 0 with JᵀJ = 2, ten times the true curvature: steps of Gauss and Newton
  /// shorten by a tenth each, and the predicted fall is a tenth of what is left.
  @Test func residualsThatStayBendTheModel() throws {
    let fit = try LeastSquares.fit(
      from: [1], in: [Self.anywhere], jacobian: { try Matrix([[1], [1.8 * $0[0] + 1]]) }
    ) { [$0[0] + 1, 0.9 * $0[0] * $0[0] + $0[0] - 1] }
    #expect(fit.status == .converged && fit.chiSquare - 2 < 1e-7, "\(fit)")
    #expect(fit.history.count < 20, "\(fit)")
  }

  /// Rosenbrock's valley, to its end and to where x may not go.
  @Test func aCurvedValleyEndsAtABound() throws {
    func fit(_ range: ClosedRange<Double>) throws -> LeastSquaresResult {
      try LeastSquares.fit(
        from: [-1.2, 1], in: [range, -5...5], jacobian: { try Matrix([[-20 * $0[0], 10], [-1, 0]]) }
      ) { [10 * ($0[1] - $0[0] * $0[0]), 1 - $0[0]] }
    }
    let free = try fit(-5...5)
    #expect(abs(free.parameters[0] - 1) < 1e-4 && abs(free.parameters[1] - 1) < 1e-4, "\(free)")
    let bounded = try fit(-2...0.5)
    #expect(bounded.parameters[0] == 0.5 && abs(bounded.parameters[1] - 0.25) < 1e-5, "\(bounded)")
    #expect(abs(bounded.chiSquare - 0.25) < 1e-7 && bounded.status == .converged)
  }

  @Test func whatCannotBeFittedIsAnError() throws {
    struct Refused: Error {}
    let jacobian = try Matrix([[1], [1]])
    func fit(_ function: ([Double]) throws -> [Double]) throws {
      _ = try LeastSquares.fit(from: [1], in: [Self.anywhere], jacobian: { _ in jacobian }, function)
    }
    #expect(throws: Refused.self) { try fit { _ in throw Refused() } }
    #expect(throws: NumericsError.self) { try fit { [$0[0], .nan] } }
    #expect(throws: NumericsError.self) { try fit { [$0[0]] } }
    #expect(throws: NumericsError.self) {
      try LeastSquares.fit(from: [1, 2], in: [Self.anywhere], jacobian: { _ in jacobian }) { $0 }
    }
  }
}
