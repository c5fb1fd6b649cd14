import Foundation
import NuTuneNumerics
import Testing

@Suite struct LinearAlgebraTests {
  private let a = [[4.0, 12, -16], [12, 37, -43], [-16, -43, 98]]

  @Test func choleskyOfATextbookMatrix() throws {
    // L = [[2,0,0],[6,1,0],[-8,5,3]], det = 36.
    let cholesky = try Cholesky(Matrix(a))
    #expect(cholesky.lower.elements == [2, 0, 0, 6, 1, 0, -8, 5, 3])
    #expect(abs(cholesky.logDeterminant - log(36)) < 1e-14)
    let x = try cholesky.solve([1, 2, 3])
    // Condition number 6.6e3 times machine precision times the norm 124 is 2e-10 at worst.
    for (found, expected) in zip(try Matrix(a).multiplied(by: x), [1.0, 2, 3]) {
      #expect(abs(found - expected) < 2e-10)
    }
    let product = try Matrix(a).multiplied(by: cholesky.inverse())
    for i in 0..<3 { for j in 0..<3 { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 2e-10) } }
    let columns = try cholesky.solve(Matrix([[1, 0], [2, 1], [3, 0]]))
    for i in 0..<3 { #expect(abs(columns[i, 0] - x[i]) < 2e-10) }
  }

  @Test func aLargeMatrixSolvesBlockwise() throws {
    // 1 on the off-diagonals, 2.5 on the diagonal: well conditioned (eigenvalues 0.5 to 4.5), large enough for
    // GSL's recursive level-3 path. ln det by the three-term recurrence.
    let size = 300
    var matrix = Matrix(rows: size, columns: size)
    for i in 0..<size {
      matrix[i, i] = 2.5
      if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (1, 1) }
    }
    let cholesky = try Cholesky(matrix)
    var (logDeterminant, ratio) = (log(2.5), 2.5)
    for _ in 1..<size {
      ratio = 2.5 - 1 / ratio
      logDeterminant += log(ratio)
    }
    #expect(abs(cholesky.logDeterminant - logDeterminant) < 1e-10)
    let expected = (0..<size).map { sin(Double($0)) }
    let x = try cholesky.solve(matrix.multiplied(by: expected))
    #expect(zip(x, expected).map { abs($0 - $1) }.max()! < 1e-13)
  }

  /// Products of a matrix with its transpose and of its transpose with a vector, by hand; small integers are exact.
  @Test func productsWithTheTranspose() throws {
    let matrix = try Matrix([[1, 2, 3], [-4, 5, 6]])
    #expect(try matrix.gram() == Matrix([[17, -18, -21], [-18, 29, 36], [-21, 36, 45]]))
    #expect(try matrix.rowGram() == Matrix([[14, 24], [24, 77]]))
    #expect(try matrix.transposeMultiplied(by: [2, -1]) == [6, -1, 0])
    #expect(throws: NumericsError.self) { try matrix.transposeMultiplied(by: [1, 2, 3]) }
  }

  @Test func whatIsNotPositiveDefiniteIsAnError() throws {
    func status(_ rows: [[Double]]) -> NumericsError.Status? {
      do { _ = try Cholesky(Matrix(rows)) } catch { return (error as? NumericsError)?.status }
      return nil
    }
    #expect(status([[1, 2], [2, 1]]) == .domain)
    #expect(status([[1, .nan], [.nan, 1]]) == .invalidArgument)
    #expect(status([[1, 2, 3], [2, 5, 6]]) == .badLength)
    #expect(status([]) == .badLength)
    #expect(throws: NumericsError.self) { try Matrix([[1, 2], [3]]) }
    #expect(throws: NumericsError.self) { try Matrix(rows: 2, columns: 2, elements: [1]) }
    #expect(throws: NumericsError.self) { try Matrix(a).multiplied(by: Matrix(a + a)) }
  }

  @Test func eigenvaluesOfKnownMatrices() throws {
    let two = try SymmetricEigen(Matrix([[2, 1], [1, 2]]))
    #expect(zip(two.values, [1.0, 3]).allSatisfy { abs($0 - $1) < 1e-15 })
    // The second-difference matrix: 2 − 2 cos(kπ/(n+1)).
    let size = 40
    var matrix = Matrix(rows: size, columns: size)
    for i in 0..<size {
      matrix[i, i] = 2
      if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (-1, -1) }
    }
    let eigen = try SymmetricEigen(matrix)
    for k in 1...size {
      #expect(abs(eigen.values[k - 1] - (2 - 2 * cos(Double(k) * .pi / Double(size + 1)))) < 1e-13)
    }
    #expect(eigen.values == eigen.values.sorted())
    let rebuilt = try eigen.vectors.multiplied(by: Matrix(diagonal: eigen.values)).multiplied(
      by: eigen.vectors.transposed)
    #expect(zip(rebuilt.elements, matrix.elements).map { abs($0 - $1) }.max()! < 1e-13)
    let identity = try eigen.vectors.transposed.multiplied(by: eigen.vectors)
    #expect(zip(identity.elements, Matrix.identity(size).elements).map { abs($0 - $1) }.max()! < 1e-13)
    #expect(throws: NumericsError.self) { try SymmetricEigen(Matrix([[1, .nan], [.nan, 1]])) }
  }

  @Test func theBLASIsOpenBLASOnOneThread() throws {
    #expect(NumericsLibrary.blasLibrary?.contains("openblas") == true)
    #expect(NumericsLibrary.blasThreads == 1)
    #expect(NumericsLibrary.gslVersion.hasPrefix("2."))
  }
}
