import Foundation
import NuTuneNumerics
import Testing

@Suite struct MinimizerTests {
  private func rosenbrock(_ x: [Double]) -> Double {
    100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1 - x[0]) * (1 - x[0])
  }

  private func rosenbrockGradient(_ x: [Double]) -> [Double] {
    [-400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]), 200 * (x[1] - x[0] * x[0])]
  }

  @Test func rosenbrockIsSolvedWithAndWithoutGradient() throws {
    let exact = try Minimizer.bfgs(from: [-1.2, 1], gradient: rosenbrockGradient, rosenbrock)
    #expect(exact.status == .converged)
    // Smallest Hessian eigenvalue at (1, 1) is 0.4, so |∇| < 1e-6 bounds the distance by 2.5e-6.
    #expect(hypot(exact.position[0] - 1, exact.position[1] - 1) < 2.5e-6)
    #expect((exact.gradientNorm ?? 1) < 1e-6)

    let numerical = try Minimizer.bfgs(from: [-1.2, 1], rosenbrock)
    // Central differences with h = 1e-5: |f'''| h²/6 ≤ 2400·1e-10/6 = 4e-8 more gradient.
    #expect(numerical.status == .converged)
    #expect(hypot(numerical.position[0] - 1, numerical.position[1] - 1) < 2.7e-6)
    #expect(numerical.evaluations > exact.evaluations)

    let simplex = try Minimizer.nelderMead(from: [-1.2, 1], steps: [0.5, 0.5], sizeTolerance: 1e-8, rosenbrock)
    #expect(simplex.status == .converged)
    #expect(hypot(simplex.position[0] - 1, simplex.position[1] - 1) < 1e-6)
    #expect(simplex.gradientNorm == nil)
  }

  @Test func anOrientedQuadraticInFiveDimensions() throws {
    let centre = [1.0, -2, 3, -4, 5]
    func value(_ x: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<5 { for j in 0..<5 { sum += (x[i] - centre[i]) * (x[j] - centre[j]) * (i == j ? 2 : 1) } }
      return sum / 2 + 7
    }
    let result = try Minimizer.bfgs(from: [0, 0, 0, 0, 0], value)
    #expect(result.status == .converged)
    // The smallest eigenvalue is 1, so the gradient norm bounds the distance.
    for (x, expected) in zip(result.position, centre) { #expect(abs(x - expected) < 1.1e-6) }
    #expect(abs(result.value - 7) < 1e-11)
  }

  @Test func notConvergedIsSaid() throws {
    let stopped = try Minimizer.bfgs(
      from: [-1.2, 1], maximumIterations: 3, gradient: rosenbrockGradient, rosenbrock)
    #expect(!stopped.status.isConverged)
    #expect(stopped.iterations == 3)
    #expect(stopped.value < rosenbrock([-1.2, 1]))
    let simplex = try Minimizer.nelderMead(from: [-1.2, 1], steps: [0.5, 0.5], maximumIterations: 5, rosenbrock)
    #expect(simplex.status == .notConverged("no convergence in 5 iterations"))
  }

  @Test func errorsOfTheFunctionArriveAtTheCaller() throws {
    struct Refused: Error {}
    var calls = 0
    #expect(throws: Refused.self) {
      try Minimizer.bfgs(from: [0, 0]) { x in
        calls += 1
        if calls > 4 { throw Refused() }
        return x[0] * x[0] + x[1] + 1
      }
    }
    #expect(calls == 5)
    #expect(throws: Refused.self) { try Minimizer.nelderMead(from: [0], steps: [1]) { _ in throw Refused() } }
    #expect(throws: NumericsError.self) { try Minimizer.nelderMead(from: [1], steps: [1]) { log($0[0] - 1.5) } }
    #expect(throws: NumericsError.self) { try Minimizer.bfgs(from: [1], gradient: { _ in [.nan] }) { $0[0] } }
    #expect(throws: NumericsError.self) { try Minimizer.bfgs(from: [.nan]) { $0[0] } }
  }

  @Test func brentFindsRootsAndMinima() throws {
    let root = try Brent.root(in: 0...2) { cos($0) - $0 }
    #expect(abs(root.position - 0.739_085_133_215_160_641_7) < 1e-12)
    #expect(root.bracket.contains(root.position))
    #expect(throws: NumericsError.self) { try Brent.root(in: 2...3) { $0 * $0 } }
    let minimum = try Brent.minimum(in: 0...6) { cos($0) }
    #expect(minimum.status == .converged)
    // Relative tolerance 1e-7 of π.
    #expect(abs(minimum.position[0] - Double.pi) < 4e-7)
    #expect(throws: NumericsError.self) { try Brent.minimum(in: 0...1) { $0 } }
    struct Refused: Error {}
    #expect(throws: Refused.self) { try Brent.root(in: 0...1) { _ in throw Refused() } }
  }
}
