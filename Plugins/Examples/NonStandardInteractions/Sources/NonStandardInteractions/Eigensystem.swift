/// Eigenvalues and eigenvectors of a Hermitian 3×3 matrix by Jacobi's rotations, which keep their digits where
/// eigenvalues nearly coincide; the closed form of the cubic does not.
struct Eigensystem {
  /// Eigenvalues in no order, shape [3].
  private(set) var values: [Double]
  /// Eigenvectors in columns, row by row: element (α, k) at 3α + k.
  private(set) var vectors: [Complex]

  /// Diagonalises a matrix; three or four sweeps over its three off-diagonal elements.
  init(of matrix: HermitianMatrix) {
    var h = matrix.elements
    vectors = (0..<9).map { Complex($0 % 4 == 0 ? 1 : 0) }
    let size = h.reduce(0) { $0 + $1.squaredModulus }
    for _ in 0..<30 {
      let rest = h[1].squaredModulus + h[2].squaredModulus + h[5].squaredModulus
      if rest <= 1e-36 * size { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] { Self.rotate(&h, &vectors, p, q) }
    }
    values = [h[0].real, h[4].real, h[8].real]
  }

  /// Rotates element (p, q) to zero: with h_pq = m e^{iα} the new vectors are c|p⟩ − s e^{−iα}|q⟩ and s|p⟩ + c
  /// e^{−iα}|q⟩.
  private static func rotate(_ h: inout [Complex], _ vectors: inout [Complex], _ p: Int, _ q: Int) {
    let pivot = h[3 * p + q]
    let modulus = pivot.squaredModulus.squareRoot()
    guard modulus > 0 else { return }
    let phase = (1 / modulus) * pivot.conjugate
    let difference = (h[4 * q].real - h[4 * p].real) / (2 * modulus)
    let tangent = (difference < 0 ? -1 : 1) / (abs(difference) + (1 + difference * difference).squareRoot())
    let cosine = 1 / (1 + tangent * tangent).squareRoot()
    let sine = tangent * cosine

    h[4 * p].real -= tangent * modulus
    h[4 * q].real += tangent * modulus
    h[3 * p + q] = Complex(0)
    h[3 * q + p] = Complex(0)
    let r = 3 - p - q
    let (first, second) = (h[3 * r + p], phase * h[3 * r + q])
    h[3 * r + p] = cosine * first - sine * second
    h[3 * r + q] = sine * first + cosine * second
    h[3 * p + r] = h[3 * r + p].conjugate
    h[3 * q + r] = h[3 * r + q].conjugate
    for row in 0..<3 {
      let (first, second) = (vectors[3 * row + p], phase * vectors[3 * row + q])
      vectors[3 * row + p] = cosine * first - sine * second
      vectors[3 * row + q] = sine * first + cosine * second
    }
  }
}
