import Foundation
import NuTuneNumerics
import Testing

@Suite struct LeastSquaresTests {
  /// Without a Jacobian GSL differentiates straight into columns of the row-major Jacobian: the vectors handed to the
  /// callback then have stride = number of parameters. Reading or writing them as contiguous gives a wrong fit.
  @Test func strideOfNumericalJacobianIsRespected() throws {
    let x = (0..<12).map { 0.25 * Double($0) }
    let truth = [5.0, 1.5, 1.0]
    func model(_ p: [Double]) -> [Double] { x.map { p[0] * exp(-p[1] * $0) + p[2] } }
    let data = model(truth)
    func residuals(_ p: [Double]) -> [Double] { zip(model(p), data).map { ($0 - $1) / 0.1 } }
    func jacobian(_ p: [Double]) throws -> Matrix {
      try Matrix(x.map { [exp(-p[1] * $0) / 0.1, -p[0] * $0 * exp(-p[1] * $0) / 0.1, 1 / 0.1] })
    }
    let numerical = try LeastSquares.fit(from: [1, 1, 0], residuals: x.count, residuals)
    let analytic = try LeastSquares.fit(from: [1, 1, 0], residuals: x.count, jacobian: jacobian, residuals)
    #expect(numerical.status == .converged)
    #expect(analytic.status == .converged)
    for i in 0..<3 {
      #expect(abs(numerical.parameters[i] - truth[i]) < 1e-8)
      #expect(abs(analytic.parameters[i] - truth[i]) < 1e-8)
      for j in 0..<3 {
        let scale = (analytic.covariance[i, i] * analytic.covariance[j, j]).squareRoot()
        #expect(abs(numerical.covariance[i, j] - analytic.covariance[i, j]) < 1e-7 * scale)
      }
    }
    #expect(numerical.degreesOfFreedom == 9)
  }

  @Test func aStraightLineHasTheTextbookCovariance() throws {
    let x: [Double] = [0, 1, 2, 3, 4]
    let y: [Double] = [1.1, 2.9, 5.2, 6.8, 9.1]
    let sigma = 0.5
    let fit = try LeastSquares.fit(from: [0, 0], residuals: 5) { p in
      zip(x, y).map { (p[0] + p[1] * $0 - $1) / sigma }
    }
    // Normal equations: Sx = 10, Sxx = 30, n = 5, Δ = 50.
    let (sumY, sumXY) = (25.1, 70.1)
    #expect(abs(fit.parameters[0] - (30 * sumY - 10 * sumXY) / 50) < 1e-8)
    #expect(abs(fit.parameters[1] - (5 * sumXY - 10 * sumY) / 50) < 1e-8)
    #expect(abs(fit.covariance[0, 0] - 30.0 / 50 * 0.25) < 1e-8)
    #expect(abs(fit.covariance[1, 1] - 5.0 / 50 * 0.25) < 1e-8)
    #expect(abs(fit.covariance[0, 1] + 10.0 / 50 * 0.25) < 1e-8)
  }

  @Test func whatCannotBeFittedIsAnError() throws {
    struct Refused: Error {}
    #expect(throws: Refused.self) { try LeastSquares.fit(from: [1], residuals: 2) { _ in throw Refused() } }
    #expect(throws: NumericsError.self) { try LeastSquares.fit(from: [1], residuals: 2) { [$0[0], .nan] } }
    #expect(throws: NumericsError.self) { try LeastSquares.fit(from: [1], residuals: 2) { [$0[0]] } }
    #expect(throws: NumericsError.self) { try LeastSquares.fit(from: [1, 2], residuals: 1) { [$0[0]] } }
  }
}
