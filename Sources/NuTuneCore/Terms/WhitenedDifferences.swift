import NuTuneNumerics

/// Differences d of prediction and data with a covariance, ∂d_i/∂rate_j = slopes_i δ_ij + common_i, and beside them a
/// residual of the sum of all rates: r = (W d, total). What the terms with a covariance share.
struct WhitenedDifferences {
  /// W and Wᵀ W of the covariance of d.
  var whitening: CovarianceWhitening
  /// d, shape [bins].
  var values: [Double]
  /// Shape [bins].
  var slopes: [Double]
  /// Shape [bins]; nil for zeros.
  var common: [Double]?
  /// The residual of the sum and its derivative with respect to every rate; nil without one.
  var total: (value: Double, slope: Double)?

  /// χ² / (2 · scale), and its derivatives with respect to the rates. O(bins²).
  func evaluate(scale: Double, gradient: UnsafeMutableBufferPointer<Double>) -> Double {
    var (sum, shared) = (0.0, 0.0)
    for i in values.indices {
      var weighted = 0.0
      for j in values.indices { weighted += whitening.precision[i, j] * values[j] }
      sum += values[i] * weighted
      shared += (common?[i] ?? 0) * weighted
      gradient[i] = slopes[i] * weighted / scale
    }
    if let total {
      sum += total.value * total.value
      shared += total.value * total.slope
    }
    if shared != 0 { for i in values.indices { gradient[i] += shared / scale } }
    return sum / (2 * scale)
  }

  /// r and ∂r/∂rate. O(residuals · bins).
  func residuals() -> Residuals {
    let (rank, bins) = (whitening.rank, values.count)
    var jacobian = Matrix(rows: rank + (total == nil ? 0 : 1), columns: bins)
    var residuals = [Double](repeating: 0, count: jacobian.rows)
    for row in 0..<rank {
      var shared = 0.0
      for j in 0..<bins {
        residuals[row] += whitening.matrix[row, j] * values[j]
        shared += whitening.matrix[row, j] * (common?[j] ?? 0)
      }
      for j in 0..<bins { jacobian[row, j] = whitening.matrix[row, j] * slopes[j] + shared }
    }
    if let total {
      residuals[rank] = total.value
      for j in 0..<bins { jacobian[rank, j] = total.slope }
    }
    return Residuals(values: residuals, jacobian: jacobian)
  }
}
