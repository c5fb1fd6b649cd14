import NuTuneCore
import NuTuneNumerics

/// What the near data of one process say about response parameters, with the weights at their most probable values for each
/// of them: slope and curvature of the profile of −lnL, see ``FittedResponse``.
struct ResponseInformation {
  /// K, shape [weights × parameters].
  let cross: Matrix
  /// H⁻¹ K.
  let solved: Matrix
  /// Z − A H⁻¹ K, shape [rows × parameters].
  let residual: Matrix
  /// ZᵀZ − Kᵀ H⁻¹ K, shape [parameters × parameters].
  let information: Matrix
  /// −d(−lnL)/dz of the profile, shape [parameters].
  let slope: [Double]

  /// Looks at a search at its end.
  init(_ search: ModeSearch, parameters: Int) throws {
    let modulations = try search.modulations()
    let (whitened, pulls) = try search.design.whitened(modulations: modulations, search.basis)
    let response = try search.design.whitenedResponse(parameters: parameters, modulations: modulations)
    cross = try whitened.transposeMultiplied(by: response)
    solved = try ModeSearch.information(whitened).solve(cross)
    var residual = response
    let undone = try whitened.multiplied(by: solved)
    for i in 0..<residual.rows { for j in 0..<parameters { residual[i, j] -= undone[i, j] } }
    self.residual = residual
    // ZᵀZ − Kᵀ H⁻¹ K = Rᵀ R + (H⁻¹K)ᵀ (H⁻¹K): a sum of squares, in which nothing cancels.
    var information = try residual.gram()
    let ofWeights = try solved.gram()
    for i in 0..<parameters { for j in 0..<parameters { information[i, j] += ofWeights[i, j] } }
    self.information = information
    // The search ends where Aᵀ pulls = η, but for its tolerance.
    let rest = zip(try whitened.transposed.multiplied(by: pulls), search.weights).map { $0 - $1 }
    let correction = try solved.transposed.multiplied(by: rest)
    slope = zip(try response.transposed.multiplied(by: pulls), correction).map { $0 - $1 }
  }

  /// The change of the most probable weights with a change of the parameters, shape [weights].
  func weightChange(_ change: [Double]) throws -> [Double] { try solved.multiplied(by: change).map { -$0 } }

  /// The same with the posterior covariance of the parameters, from the data of all processes and the prior.
  func fitted(_ parameters: [ResponseParameter], precision: Matrix) throws -> FittedResponse {
    let factor = try Cholesky(precision).inverseTransposedLower()
    return FittedResponse(
      parameters: parameters, cross: cross, solved: solved, changes: try residual.multiplied(by: factor),
      precision: precision, factor: factor)
  }
}
