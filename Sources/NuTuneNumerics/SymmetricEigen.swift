import CGSL

/// Eigenvalues and eigenvectors of a symmetric matrix: A = V diag(λ) Vᵀ.
public struct SymmetricEigen: Sendable {
  /// Eigenvalues λ, ascending, shape [size].
  public let values: [Double]
  /// Orthonormal eigenvectors, one per column in the order of ``values``, shape [size × size]; the sign of each is
  /// fixed by making its largest element positive.
  public let vectors: Matrix

  /// Diagonalises `matrix`, of which only the lower triangle is read. O(n³).
  public init(_ matrix: Matrix) throws {
    let operation = "SymmetricEigen"
    NumericsLibrary.prepare()
    try matrix.requireSquareFinite(operation)
    let size = matrix.rows
    let workspace = try NumericsLibrary.allocated(gsl_eigen_symmv_alloc(size), operation)
    defer { gsl_eigen_symmv_free(workspace) }
    var input = matrix
    var values = [Double](repeating: 0, count: size)
    var vectors = Matrix(rows: size, columns: size)
    try withGSLMatrix(&input) { input in
      try withGSLVector(&values) { values in
        try withGSLMatrix(&vectors) { vectors in
          try NumericsLibrary.check(gsl_eigen_symmv(input, values, vectors, workspace), operation)
          try NumericsLibrary.check(gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_ASC), operation)
        }
      }
    }
    for j in 0..<size {
      var largest = 0.0
      for i in 0..<size where abs(vectors[i, j]) > abs(largest) { largest = vectors[i, j] }
      guard largest < 0 else { continue }
      for i in 0..<size { vectors[i, j] = -vectors[i, j] }
    }
    self.values = values
    self.vectors = vectors
  }
}
