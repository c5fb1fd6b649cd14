import NuTuneNumerics

/// The linear map W that makes values with a covariance V independent with variance one, W V Wᵀ = 1, so that
/// χ² = |W d|² = dᵀ V⁺ d.
///
/// A covariance that is singular to its published digits has a pseudo-inverse V⁺: with σ the standard deviations and
/// R = V/(σσᵀ) = U diag(λ) Uᵀ the correlation matrix, V⁺ = σ⁻¹ U diag(1/λ) Uᵀ σ⁻¹ over the eigenvalues
/// λ > threshold · max(λ_max, 1). Differences along the other eigenvectors do not count, and ``rank`` says how many
/// do.
public struct CovarianceWhitening: Sendable {
  /// Eigenvalues of a correlation matrix below this fraction of the largest are zero: what rounding elements to six
  /// digits makes of a zero.
  public static let standardThreshold = 1e-6

  /// W, shape [rank × values].
  public let matrix: Matrix
  /// V⁺ = Wᵀ W, shape [values × values].
  public let precision: Matrix
  /// Number of directions in which differences count.
  public let rank: Int
  /// Smallest eigenvalue of the correlation matrix that counts, relative to the largest.
  public let threshold: Double

  /// Creates the map of a covariance.
  ///
  /// - Parameters:
  ///   - covariance: V, positive semidefinite, shape [values × values]; only the lower triangle is read.
  ///   - sigmas: what stands for σ; the square roots of the diagonal when nil. Shape [values].
  ///   - threshold: smallest eigenvalue that counts, relative to the largest.
  /// - Throws: `TermError.invalidData` for variances that are not positive and for a negative eigenvalue beyond the
  ///   threshold.
  public init(
    _ covariance: Matrix, sigmas: [Double]? = nil, threshold: Double = standardThreshold
  ) throws(TermError) {
    let sigmas = sigmas ?? covariance.diagonal.map { max($0, 0).squareRoot() }
    if let bin = sigmas.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw TermError.invalidData("bin \(bin) has the error \(sigmas[bin])")
    }
    self.threshold = threshold
    if let whole = Self.wholeInverse(covariance, sigmas, threshold) {
      (matrix, precision) = whole
      rank = sigmas.count
    } else {
      matrix = try Self.eigenvectors(covariance, sigmas, threshold)
      rank = matrix.rows
      guard let product = try? matrix.gram() else { throw TermError.invalidData("a covariance without an inverse") }
      precision = product
    }
  }

  /// The map of values that are independent of one another, one block after the other.
  init(sideBySide blocks: [CovarianceWhitening]) {
    matrix = Matrix(blocks: blocks.map(\.matrix))
    precision = Matrix(blocks: blocks.map(\.precision))
    rank = blocks.reduce(0) { $0 + $1.rank }
    threshold = blocks.map(\.threshold).max() ?? Self.standardThreshold
  }

  /// L⁻¹ and V⁻¹ of V = L Lᵀ where every eigenvalue λ of the correlation matrix certainly counts, nil elsewhere:
  /// 1/λ_min ≤ tr R⁻¹ and λ_max ≤ [values] spare the eigenvalues.
  private static func wholeInverse(
    _ covariance: Matrix, _ sigmas: [Double], _ threshold: Double
  ) -> (matrix: Matrix, precision: Matrix)? {
    guard let cholesky = try? Cholesky(covariance), let inverse = try? cholesky.inverse() else { return nil }
    let trace = zip(inverse.diagonal, sigmas).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    guard trace > 0, 1 / trace > threshold * Double(sigmas.count),
      let transposed = try? cholesky.inverseTransposedLower()
    else { return nil }
    return (transposed.transposed, inverse)
  }

  /// diag(λ^−½) Uᵀ σ⁻¹ over the eigenvalues that count, the smallest first.
  private static func eigenvectors(
    _ covariance: Matrix, _ sigmas: [Double], _ threshold: Double
  ) throws(TermError) -> Matrix {
    let size = sigmas.count
    var correlation = Matrix(rows: size, columns: size)
    for i in 0..<size { for j in 0..<size { correlation[i, j] = covariance[i, j] / (sigmas[i] * sigmas[j]) } }
    guard let eigen = try? SymmetricEigen(correlation) else {
      throw TermError.invalidData("a covariance that is not finite")
    }
    let least = threshold * max(eigen.values[size - 1], 1)
    guard eigen.values[0] >= -least else { throw TermError.invalidData("a covariance that is not positive definite") }
    let kept = eigen.values.indices.filter { eigen.values[$0] > least }
    var matrix = Matrix(rows: kept.count, columns: size)
    for (row, index) in kept.enumerated() {
      let root = eigen.values[index].squareRoot()
      for j in 0..<size { matrix[row, j] = eigen.vectors[j, index] / (root * sigmas[j]) }
    }
    return matrix
  }
}
