import Foundation
import NuTuneNumerics
import Testing

@Suite struct LeadingEigenTests {
  /// A covariance with eigenvalues 2⁻ᵏ in a random basis.
  private func matrix(_ size: Int) throws -> Matrix {
    let stream = try RandomStream(seed: 1, purpose: "matrix")
    var random = Matrix(rows: size, columns: size)
    for i in 0..<size { for j in 0..<size { random[i, j] = stream.gaussian() } }
    let basis = try SymmetricEigen(try random.gram()).vectors
    var scaled = basis
    for i in 0..<size { for j in 0..<size { scaled[i, j] *= pow(2, -Double(j) / 2) } }
    return try scaled.multiplied(by: scaled.transposed)
  }

  @Test func findsTheLargestEigenvalues() throws {
    let matrix = try matrix(60)
    let leading = try LeadingEigen(size: 60, count: 6) { try matrix.multiplied(by: $0) }
    // The 16 spare columns make the error (2⁻²²/2⁻⁵)^(2·8) and less: rounding.
    for (k, value) in leading.values.enumerated() { #expect(abs(value / pow(2, -Double(k)) - 1) < 1e-12) }
    let image = try matrix.multiplied(by: leading.vectors)
    for k in 0..<6 {
      for i in 0..<60 { #expect(abs(image[i, k] - leading.values[k] * leading.vectors[i, k]) < 1e-12) }
    }
  }

  @Test func anOperatorOfLowRankHasZeros() throws {
    let direction = (0..<30).map { sin(Double($0)) }
    let square = direction.reduce(0) { $0 + $1 * $1 }
    let leading = try LeadingEigen(size: 30, count: 4) { vectors in
      var image = Matrix(rows: 30, columns: vectors.columns)
      for k in 0..<vectors.columns {
        let overlap = (0..<30).reduce(0) { $0 + direction[$1] * vectors[$1, k] }
        for i in 0..<30 { image[i, k] = direction[i] * overlap }
      }
      return image
    }
    #expect(abs(leading.values[0] / square - 1) < 1e-12)
    #expect(leading.values[1...].allSatisfy { $0 < 1e-12 * square })
  }

  @Test func productsWithTransposes() throws {
    let a = try Matrix([[1, 2], [3, 4], [5, 6]])
    let b = try Matrix([[1], [0], [2]])
    #expect(try a.transposeMultiplied(by: b).elements == [11, 14])
    #expect(try a.gram().elements == [35, 44, 44, 56])
    // L = [[2, 0], [1, 3]] of [[4, 2], [2, 10]]: L⁻ᵀ = [[1/2, −1/6], [0, 1/3]].
    let inverse = try Cholesky(Matrix([[4, 2], [2, 10]])).inverseTransposedLower()
    for (found, expected) in zip(inverse.elements, [0.5, -1.0 / 6, 0, 1.0 / 3]) {
      #expect(abs(found - expected) < 1e-15)
    }
  }
}
