import CGSL
import Foundation

/// The Cholesky decomposition A = L Lᵀ of a symmetric positive-definite matrix.
public struct Cholesky: Sendable {
  /// Number of rows of A.
  public let size: Int
  /// L in the lower triangle; the strict upper triangle is not used.
  private let factor: Matrix

  /// Decomposes `matrix`, of which only the lower triangle is read. O(n³/3). Throws with status `domain` when the
  /// matrix is not positive definite.
  public init(_ matrix: Matrix) throws {
    let operation = "Cholesky"
    NumericsLibrary.prepare()
    try matrix.requireSquareFinite(operation)
    size = matrix.rows
    var factor = matrix
    let status = withGSLMatrix(&factor) { gsl_linalg_cholesky_decomp1($0) }
    try NumericsLibrary.check(status, operation, "the \(size)×\(size) matrix is not positive definite")
    self.factor = factor
  }

  /// L, lower triangular with zeros above the diagonal, shape [size × size]. L z with z normal has covariance A.
  public var lower: Matrix {
    var result = factor
    for i in 0..<size { for j in (i + 1)..<max(size, i + 1) { result[i, j] = 0 } }
    return result
  }

  /// x with A x = b, shape [size]. O(n²).
  public func solve(_ rightHandSide: [Double]) throws -> [Double] {
    let operation = "Cholesky.solve"
    guard rightHandSide.count == size else {
      throw NumericsError(operation, .badLength, "\(rightHandSide.count) elements; expected \(size)")
    }
    var (copy, solution) = (factor, rightHandSide)
    let status = withGSLMatrix(&copy) { factor in
      withGSLVector(&solution) { gsl_linalg_cholesky_svx(factor, $0) }
    }
    try NumericsLibrary.check(status, operation)
    return solution
  }

  /// X with A X = B, shape [size × columns], by two triangular BLAS solves. O(n² · columns).
  public func solve(_ rightHandSide: Matrix) throws -> Matrix {
    let operation = "Cholesky.solve"
    guard rightHandSide.rows == size else {
      throw NumericsError(operation, .badLength, "\(rightHandSide.rows) rows; expected \(size)")
    }
    guard rightHandSide.columns > 0 else { return rightHandSide }
    var (copy, solution) = (factor, rightHandSide)
    try withGSLMatrix(&copy) { factor in
      try withGSLMatrix(&solution) { solution in
        try NumericsLibrary.check(
          gsl_blas_dtrsm(CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, 1, factor, solution), operation)
        try NumericsLibrary.check(
          gsl_blas_dtrsm(CblasLeft, CblasLower, CblasTrans, CblasNonUnit, 1, factor, solution), operation)
      }
    }
    return solution
  }

  /// ln det A = 2 Σ ln Lᵢᵢ; the determinant itself under- or overflows easily.
  public var logDeterminant: Double {
    var sum = 0.0
    for value in factor.diagonal { sum += log(value) }
    return 2 * sum
  }

  /// L⁻ᵀ, upper triangular, shape [size × size]: L⁻ᵀ z with z normal has covariance A⁻¹. O(n³/3).
  public func inverseTransposedLower() throws -> Matrix {
    var result = factor
    let status = withGSLMatrix(&result) { gsl_linalg_tri_invert(CblasLower, CblasNonUnit, $0) }
    try NumericsLibrary.check(status, "Cholesky.inverseTransposedLower")
    for i in 0..<size { for j in (i + 1)..<max(size, i + 1) { result[i, j] = 0 } }
    return result.transposed
  }

  /// A⁻¹, shape [size × size]. O(n³).
  public func inverse() throws -> Matrix {
    var result = factor
    let status = withGSLMatrix(&result) { gsl_linalg_cholesky_invert($0) }
    try NumericsLibrary.check(status, "Cholesky.inverse")
    return result
  }
}
