import Foundation
import NuTuneCore
import NuTuneNumerics

/// The posterior of standard-normal weights η given y = y̅ + H η + noise of variance R, in closed form:
///
///     P = 1 + Hᵀ R⁻¹ H       mean = P⁻¹ Hᵀ R⁻¹ (y − y̅)       covariance = P⁻¹
///     ln p(y) = −½ [ rᵀR⁻¹r − bᵀ P⁻¹ b + ln det P + ln det R + n ln 2π ],   r = y − y̅,  b = Hᵀ R⁻¹ r
///
/// It is the kriging formula with its Cholesky of size #bins, H Hᵀ + R, rewritten by Woodbury's identity, which gives
/// mean and covariance of the weights from one decomposition.
struct WeightPosterior {
  /// Mean of the weights.
  let mean: [Double]
  /// ln p(y).
  let logEvidence: Double
  private let information: Cholesky

  init(design: Matrix, residual: [Double], variance: [Double]) throws {
    var whitened = design
    var pulls = residual
    for bin in 0..<design.rows {
      let factor = 1 / variance[bin].squareRoot()
      pulls[bin] *= factor
      for weight in 0..<design.columns { whitened[bin, weight] *= factor }
    }
    var precision = try whitened.gram()
    for i in 0..<precision.rows { precision[i, i] += 1 }
    information = try Cholesky(precision)
    let projected = try whitened.transposed.multiplied(by: pulls)
    mean = try information.solve(projected)
    let chiSquare =
      zip(pulls, pulls).reduce(0) { $0 + $1.0 * $1.1 } - zip(projected, mean).reduce(0) { $0 + $1.0 * $1.1 }
    let logVariance = variance.reduce(0) { $0 + log($1) }
    logEvidence =
      -0.5 * (chiSquare + information.logDeterminant + logVariance + Double(variance.count) * log(2 * Double.pi))
  }

  /// Computes F, upper triangular, with F Fᵀ the covariance.
  func factor() throws -> Matrix { try information.inverseTransposedLower() }
}
