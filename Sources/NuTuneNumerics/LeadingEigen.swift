import Foundation

/// The largest eigenvalues of a symmetric positive-semidefinite operator that is known only by its products with
/// vectors, by subspace iteration (Y. Saad, "Numerical Methods for Large Eigenvalue Problems", SIAM 2011, chapter 5).
public struct LeadingEigen: Sendable {
  /// Eigenvalues, descending, shape [count].
  public let values: [Double]
  /// Orthonormal eigenvectors, one per column, shape [size × count].
  public let vectors: Matrix

  /// Finds the `count` largest eigenvalues. The subspace has 16 vectors more than that, so the relative error of λ_k is
  /// of the order (λ_{count+17}/λ_k)^(2·`iterations`).
  ///
  /// - Parameters:
  ///   - size: number of rows of the operator.
  ///   - count: number of eigenvalues.
  ///   - iterations: number of times the operator is applied.
  ///   - apply: applies the operator to the columns of a matrix, shape [size × n] → [size × n].
  public init(size: Int, count: Int, iterations: Int = 8, _ apply: (Matrix) throws -> Matrix) throws {
    let columns = min(size, count + 16)
    let stream = try RandomStream(seed: 1, purpose: "subspace")
    var subspace = Matrix(rows: size, columns: columns)
    for i in 0..<size { for j in 0..<columns { subspace[i, j] = stream.gaussian() } }
    subspace = try Self.orthonormal(subspace)
    var image = try apply(subspace)
    for _ in 1..<max(iterations, 1) {
      subspace = try Self.orthonormal(image)
      image = try apply(subspace)
    }
    let projected = try subspace.transposeMultiplied(by: image)
    let eigen = try SymmetricEigen(projected)
    let kept = (0..<min(count, columns)).map { columns - 1 - $0 }
    values = kept.map { max(eigen.values[$0], 0) }
    var rotation = Matrix(rows: columns, columns: kept.count)
    for (target, source) in kept.enumerated() {
      for i in 0..<columns { rotation[i, target] = eigen.vectors[i, source] }
    }
    vectors = try subspace.multiplied(by: rotation)
  }

  /// Computes an orthonormal basis of the columns, by two passes of modified Gram–Schmidt; columns that depend on
  /// others become zero.
  private static func orthonormal(_ matrix: Matrix) throws -> Matrix {
    var columns = (0..<matrix.columns).map { matrix.column($0) }
    for j in columns.indices {
      let before = norm(columns[j])
      for _ in 0..<2 {
        for i in 0..<j {
          subtract(columns[i], from: &columns[j])
        }
      }
      let after = norm(columns[j])
      let factor = after > 1e-12 * before ? 1 / after : 0
      for row in columns[j].indices { columns[j][row] *= factor }
    }
    return try Matrix(columns).transposed
  }

  /// Subtracts from `vector` its component along `unit`.
  private static func subtract(_ unit: [Double], from vector: inout [Double]) {
    vector.withUnsafeMutableBufferPointer { vector in
      unit.withUnsafeBufferPointer { unit in
        var overlap = 0.0
        for row in 0..<vector.count { overlap += unit[row] * vector[row] }
        for row in 0..<vector.count { vector[row] -= overlap * unit[row] }
      }
    }
  }

  private static func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
