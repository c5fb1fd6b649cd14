import NuTuneCore
import NuTuneNumerics

/// What response parameters do to the posterior of the weights η of one process that were fitted together with them.
///
/// With A and Z the whitened changes of the data with weights and displacements z, H = 1 + AᵀA and K = AᵀZ:
///
///     profile information of z = ZᵀZ − Kᵀ H⁻¹ K       C⁻¹ = its sum over processes + that of the prior
///     precision of η, marginal over z = H − K (C⁻¹ + Kᵀ H⁻¹ K)⁻¹ Kᵀ
struct FittedResponse {
  /// K, shape [weights × parameters].
  let cross: Matrix
  /// H⁻¹ K.
  let solved: Matrix
  /// Z − A H⁻¹ K, the changes of the data that no weight undoes, times the factor of C: shape [rows × parameters].
  let changes: Matrix
  /// C⁻¹, shape [parameters × parameters].
  let precision: Matrix

  /// Computes F with F Fᵀ the covariance of the weights, marginal over the parameters, upper triangular.
  func marginalFactor(_ whitened: Matrix) throws -> Matrix {
    var inner = try cross.transposeMultiplied(by: solved)
    for i in 0..<inner.rows { for j in 0..<inner.columns { inner[i, j] += precision[i, j] } }
    let removed = try cross.multiplied(by: try Cholesky(inner).solve(cross.transposed))
    var information = try whitened.gram()
    for i in 0..<information.rows {
      for j in 0..<information.columns { information[i, j] -= 0.5 * (removed[i, j] + removed[j, i]) }
      information[i, i] += 1
    }
    return try Cholesky(information).inverseTransposedLower()
  }
}
