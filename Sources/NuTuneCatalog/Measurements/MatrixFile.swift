import NuTuneCore
import NuTuneNumerics

/// A square matrix in a text file without header, a line a row.
package enum MatrixFile {
  /// Reads a matrix of `size` rows and columns; another number of either is an error.
  package static func read(_ file: String, size: Int, separator: DelimitedFile.Separator = .comma) throws -> Matrix {
    let lines = try DelimitedFile(file, content: "a matrix in a text file without header", separator: separator).lines
    guard lines.count == size else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), key: "matrix", found: "\(lines.count) rows",
        expected: "\(size), one a bin")
    }
    var matrix = Matrix(rows: size, columns: size)
    for (i, line) in lines.enumerated() {
      try line.requireFields(size, because: "one a bin")
      for j in 0..<size { matrix[i, j] = try line.number(j, key: "matrix") }
    }
    return matrix
  }
}
