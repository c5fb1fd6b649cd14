/// A Hermitian 3×3 matrix.
struct HermitianMatrix: Sendable, Hashable {
  /// All elements row by row, shape [9].
  private(set) var elements: [Complex]

  /// Creates a matrix from its diagonal and the elements (0, 1), (0, 2), (1, 2).
  init(diagonal: [Double], upper: [Complex]) {
    elements = [
      Complex(diagonal[0]), upper[0], upper[1],
      upper[0].conjugate, Complex(diagonal[1]), upper[2],
      upper[1].conjugate, upper[2].conjugate, Complex(diagonal[2]),
    ]
  }

  /// Computes Σ_k values_k v_k v_k†, with v_k the columns of a matrix given row by row.
  init(values: [Double], vectors: [Complex]) {
    elements = (0..<9).map { index in
      let (row, column) = (3 * (index / 3), 3 * (index % 3))
      var sum = Complex(0)
      for k in 0..<3 { sum = sum + values[k] * (vectors[row + k] * vectors[column + k].conjugate) }
      return sum
    }
  }

  private init(elements: [Complex]) { self.elements = elements }

  /// The complex conjugate of every element.
  var conjugate: HermitianMatrix { HermitianMatrix(elements: elements.map(\.conjugate)) }

  /// Returns this matrix plus a multiple of another.
  func adding(_ factor: Double, times other: HermitianMatrix) -> HermitianMatrix {
    HermitianMatrix(elements: zip(elements, other.elements).map { $0 + factor * $1 })
  }
}
