import NuTuneCore
import NuTuneNumerics

/// What response parameters do to the posterior of the weights η of one process that were fitted together with them.
///
/// With A and Z the whitened changes of the data with weights and displacements z, H = 1 + AᵀA and K = AᵀZ:
///
///     profile information of z = ZᵀZ − Kᵀ H⁻¹ K       C⁻¹ = its sum over processes + that of the prior
///     precision of η, marginal over z = H − K (C⁻¹ + Kᵀ H⁻¹ K)⁻¹ Kᵀ
///     change of η with z             = −H⁻¹ K
struct FittedResponse {
  /// The parameters.
  let parameters: [ResponseParameter]
  /// K, shape [weights × parameters].
  let cross: Matrix
  /// H⁻¹ K.
  let solved: Matrix
  /// Z − A H⁻¹ K, the changes of the data that no weight undoes, times the factor of C: shape [rows × parameters].
  let changes: Matrix
  /// C⁻¹, shape [parameters × parameters].
  let precision: Matrix
  /// A factor of C, shape [parameters × parameters].
  let factor: Matrix

  /// Computes F with F Fᵀ the covariance of the weights, marginal over the parameters, upper triangular, and what the
  /// parameters do to the weights.
  func marginal(_ whitened: Matrix) throws -> (factor: Matrix, response: ProcessResponse) {
    var inner = try cross.transposeMultiplied(by: solved)
    for i in 0..<inner.rows { for j in 0..<inner.columns { inner[i, j] += precision[i, j] } }
    let removed = try cross.multiplied(by: try Cholesky(inner).solve(cross.transposed))
    var information = try whitened.gram()
    for i in 0..<information.rows {
      for j in 0..<information.columns { information[i, j] -= 0.5 * (removed[i, j] + removed[j, i]) }
      information[i, i] += 1
    }
    let decomposition = try Cholesky(information)
    // With information = Λ Λᵀ it is F = Λ⁻ᵀ, and F Y = −H⁻¹ K times the factor of C.
    let changes = try decomposition.lower.transposeMultiplied(by: try solved.multiplied(by: factor))
    let units = parameters.map(\.unit)
    return (
      factor: try decomposition.inverseTransposedLower(),
      response: ProcessResponse(
        names: parameters.map(\.name), numbers: try Matrix(diagonal: units).multiplied(by: factor),
        weights: try Matrix(rows: changes.rows, columns: changes.columns, elements: changes.elements.map { -$0 }))
    )
  }
}
