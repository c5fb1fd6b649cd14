import NuTuneCore
import NuTuneNumerics

/// A symmetric matrix as a list of its elements, all of them or a triangle.
struct ElementList {
  struct Element {
    /// Row, counted from 0.
    var row: Int
    /// Column, counted from 0.
    var column: Int
    var value: Double
    var location: SourceLocation
  }

  private let elements: [Element]
  private let size: Int
  private let file: String

  init(_ elements: [Element], size: Int, file: String) {
    (self.elements, self.size, self.file) = (elements, size, file)
  }

  /// Returns the matrix; throws for a missing or repeated element.
  func matrix() throws -> Matrix {
    guard (1...MatrixLimits.rows).contains(size) else { throw MatrixLimits.refusal(size, file) }
    var matrix = Matrix(rows: size, columns: size)
    var isGiven = [Bool](repeating: false, count: size * size)
    for element in elements {
      let place = element.row * size + element.column
      guard !isGiven[place] else {
        throw refuse(
          element.location, "element (\(element.row), \(element.column)) a second time", "every element once")
      }
      isGiven[place] = true
      matrix[element.row, element.column] = element.value
    }
    for row in 0..<size {
      for column in 0..<size where !isGiven[row * size + column] {
        guard isGiven[column * size + row] else {
          throw refuse(
            SourceLocation(file: file), "no element (\(row), \(column)), counted from 0",
            "all of \(size) × \(size), or those of a triangle")
        }
        matrix[row, column] = matrix[column, row]
      }
    }
    return matrix
  }

  private func refuse(_ place: SourceLocation, _ found: String, _ expected: String) -> NuTuneError {
    NuTuneError(.badData, at: place, key: "covariance", found: found, expected: expected)
  }
}
