import CGSL

/// A dense matrix of doubles, row-major: element (i, j) is `elements[i * columns + j]`.
public struct Matrix: Equatable, Sendable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// All elements, shape [rows × columns], row-major.
  public internal(set) var elements: [Double]

  /// Creates a matrix filled with `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative number of rows or columns")
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: value, count: rows * columns)
  }

  /// Creates a matrix over row-major `elements`; their number must be rows × columns.
  public init(rows: Int, columns: Int, elements: [Double]) throws {
    guard rows >= 0, columns >= 0, elements.count == rows * columns else {
      throw NumericsError("Matrix", .badLength, "\(elements.count) elements for \(rows)×\(columns)")
    }
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Creates a matrix from rows of equal length.
  public init(_ rows: [[Double]]) throws {
    let columns = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == columns }) else {
      throw NumericsError("Matrix", .badLength, "rows of different length: \(rows.map(\.count))")
    }
    try self.init(rows: rows.count, columns: columns, elements: rows.flatMap { $0 })
  }

  /// Creates the square matrix with `diagonal` on its diagonal and zero elsewhere.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for (i, value) in diagonal.enumerated() { self[i, i] = value }
  }

  /// The identity of the given size.
  public static func identity(_ size: Int) -> Matrix {
    Matrix(diagonal: [Double](repeating: 1, count: size))
  }

  /// Creates the matrix with some blocks on its diagonal, one after the other, and zero elsewhere.
  public init(blocks: [Matrix]) {
    self.init(rows: blocks.reduce(0) { $0 + $1.rows }, columns: blocks.reduce(0) { $0 + $1.columns })
    var (row, column) = (0, 0)
    for block in blocks {
      for i in 0..<block.rows { for j in 0..<block.columns { self[row + i, column + j] = block[i, j] } }
      (row, column) = (row + block.rows, column + block.columns)
    }
  }

  /// Element (row, column).
  public subscript(row: Int, column: Int) -> Double {
    @inline(__always) get { elements[row * columns + column] }
    @inline(__always) set { elements[row * columns + column] = newValue }
  }

  /// The elements of one row, shape [columns].
  public func row(_ row: Int) -> [Double] { Array(elements[(row * columns)..<((row + 1) * columns)]) }

  /// The elements of one column, shape [rows].
  public func column(_ column: Int) -> [Double] { (0..<rows).map { self[$0, column] } }

  /// The diagonal, shape [min(rows, columns)].
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The matrix of some rows and the columns of the same numbers, shape [indices × indices]: of a covariance that of some of
  /// its values.
  public func selecting(_ indices: [Int]) -> Matrix {
    var result = Matrix(rows: indices.count, columns: indices.count)
    for (i, row) in indices.enumerated() {
      for (j, column) in indices.enumerated() { result[i, j] = self[row, column] }
    }
    return result
  }

  /// The transpose. O(rows · columns).
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }

  /// The matrix product `self · other`, by BLAS dgemm. O(rows · columns · other.columns).
  public func multiplied(by other: Matrix) throws -> Matrix {
    try product(with: other, transposed: false)
  }

  /// The matrix product `selfᵀ · other`, by BLAS dgemm. O(rows · columns · other.columns).
  public func transposeMultiplied(by other: Matrix) throws -> Matrix {
    try product(with: other, transposed: true)
  }

  private func product(with other: Matrix, transposed: Bool) throws -> Matrix {
    let (outer, inner) = transposed ? (columns, rows) : (rows, columns)
    guard inner == other.rows else {
      throw NumericsError("Matrix.multiplied", .badLength, "\(outer)×\(inner) times \(other.rows)×\(other.columns)")
    }
    var result = Matrix(rows: outer, columns: other.columns)
    guard outer > 0, inner > 0, other.columns > 0 else { return result }
    NumericsLibrary.prepare()
    let status = withGSLMatrix(self) { a in
      withGSLMatrix(other) { b in
        withGSLMatrix(&result) {
          gsl_blas_dgemm(transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, 1, a, b, 0, $0)
        }
      }
    }
    try NumericsLibrary.check(status, "Matrix.multiplied")
    return result
  }

  /// The product `selfᵀ · vector`, shape [rows] → [columns], by BLAS dgemm. O(rows · columns).
  public func transposeMultiplied(by vector: [Double]) throws -> [Double] {
    try Matrix(rows: 1, columns: vector.count, elements: vector).multiplied(by: self).elements
  }

  /// `selfᵀ · self`, shape [columns × columns], by BLAS dsyrk. O(rows · columns²/2).
  public func gram() throws -> Matrix { try gram(ofColumns: true) }

  /// `self · selfᵀ`, shape [rows × rows], by BLAS dsyrk. O(columns · rows²/2).
  public func rowGram() throws -> Matrix { try gram(ofColumns: false) }

  private func gram(ofColumns: Bool) throws -> Matrix {
    let size = ofColumns ? columns : rows
    var result = Matrix(rows: size, columns: size)
    guard rows > 0, columns > 0 else { return result }
    NumericsLibrary.prepare()
    let status = withGSLMatrix(self) { a in
      withGSLMatrix(&result) { gsl_blas_dsyrk(CblasLower, ofColumns ? CblasTrans : CblasNoTrans, 1, a, 0, $0) }
    }
    try NumericsLibrary.check(status, "Matrix.gram")
    for i in 0..<size { for j in 0..<i { result[j, i] = result[i, j] } }
    return result
  }

  /// The product with a vector, shape [columns] → [rows].
  public func multiplied(by vector: [Double]) throws -> [Double] {
    guard columns == vector.count else {
      throw NumericsError("Matrix.multiplied", .badLength, "\(rows)×\(columns) times \(vector.count) elements")
    }
    return (0..<rows).map { i in
      var sum = 0.0
      for j in 0..<columns { sum += self[i, j] * vector[j] }
      return sum
    }
  }

  /// Throws unless the matrix is square, not empty and finite; GSL's eigenvalue iteration never ends on NaN.
  func requireSquareFinite(_ operation: String) throws {
    guard rows == columns, rows > 0 else {
      throw NumericsError(operation, .badLength, "\(rows)×\(columns); expected a square matrix")
    }
    guard let bad = elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw NumericsError(
      operation, .invalidArgument, "element (\(bad / columns), \(bad % columns)) is \(elements[bad])")
  }
}
