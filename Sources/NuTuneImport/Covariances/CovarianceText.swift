import NuTuneCore
import NuTuneNumerics

/// A covariance in a text file, in any of the usual published layouts: one row per line, a triangle, or one element per
/// line with its two indices. Lines of text above the numbers are its header.
struct CovarianceText {
  /// Shape [rows × rows].
  let matrix: Matrix
  /// Text above the numbers.
  let header: String
  /// Remarks for the user on how the matrix was read.
  let hints: [String]

  /// Reads a file.
  /// - Parameters:
  ///   - file: its path.
  ///   - bins: number of bins, which decides between three rows and three elements of two bins.
  init(_ file: String, bins: Int) throws {
    let all = try DelimitedFile(file, content: "a matrix in a text file", separator: .range).lines
    let lines = Array(all.drop { line in !line.fields.contains { Double($0.text) != nil } || !Self.isNumbers(line) })
    guard let first = lines.first else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), key: "matrix", found: "no numbers",
        expected: "a matrix in a text file")
    }
    guard lines.count <= MatrixLimits.rows * MatrixLimits.rows else { throw MatrixLimits.refusal(lines.count, file) }
    header = FileHeader.text(of: file, above: first.number)
    let counts = lines.map(\.fields.count)
    let size = lines.count
    if Self.isElementList(lines, bins: bins) {
      (matrix, hints) = (try Self.elements(lines, file: file), [])
      return
    }
    guard (1...MatrixLimits.rows).contains(size) else { throw MatrixLimits.refusal(size, file) }
    var square = Matrix(rows: size, columns: size)
    if counts.allSatisfy({ $0 == size }) {
      for (i, line) in lines.enumerated() { for j in 0..<size { square[i, j] = try line.number(j, key: "matrix") } }
      (matrix, hints) = Self.mirrored(square, file: file)
    } else if counts == (0..<size).map({ size - $0 }) || counts == (0..<size).map({ $0 + 1 }) {
      let isUpper = counts[0] == size
      for (i, line) in lines.enumerated() {
        for place in line.fields.indices {
          let j = isUpper ? i + place : place
          square[i, j] = try line.number(place, key: "matrix")
          square[j, i] = square[i, j]
        }
      }
      (matrix, hints) = (square, [])
    } else {
      let odd = lines.first { $0.fields.count != size } ?? first
      throw NuTuneError(
        .badData, at: odd.location(of: 0), key: "matrix", found: "\(odd.fields.count) numbers in one of \(size) lines",
        expected:
          "\(size) in each, the triangle \(size), \(size - 1), …, 1 or 1, 2, …, \(size), or lines of row, column, "
          + "element")
    }
  }

  private static func isNumbers(_ line: DelimitedFile.Line) -> Bool {
    line.fields.allSatisfy { Double($0.text) != nil }
  }

  /// Whether lines are row, column, element. Three lines of three numbers are, unless there are three bins.
  private static func isElementList(_ lines: [DelimitedFile.Line], bins: Int) -> Bool {
    guard lines.allSatisfy({ $0.fields.count == 3 }), lines.count != 3 || bins != 3 else { return false }
    return lines.allSatisfy { line in
      line.fields.prefix(2).allSatisfy { Int($0.text).map { (0...MatrixLimits.rows).contains($0) } ?? false }
    }
  }

  /// Reads elements with indices that are counted from 0 or from 1.
  private static func elements(_ lines: [DelimitedFile.Line], file: String) throws -> Matrix {
    let places = lines.map { line in line.fields.prefix(2).map { Int($0.text) ?? 0 } }
    let (least, most) = (places.joined().min() ?? 0, places.joined().max() ?? 0)
    guard least <= 1 else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), key: "matrix", found: "indices from \(least) on",
        expected: "indices counted from 0 or from 1")
    }
    return try ElementList(
      zip(lines, places).map { line, place in
        ElementList.Element(
          row: place[0] - least, column: place[1] - least, value: try line.number(2, key: "matrix"),
          location: line.location(of: 0))
      }, size: most - least + 1, file: file
    ).matrix()
  }

  /// Mirrors a matrix with one triangle of zeros, which no covariance has: the other triangle counts for both.
  private static func mirrored(_ matrix: Matrix, file: String) -> (Matrix, [String]) {
    var (above, below) = (false, false)
    for i in 0..<matrix.rows {
      for j in 0..<i {
        above = above || matrix[j, i] != 0
        below = below || matrix[i, j] != 0
      }
    }
    guard above != below else { return (matrix, []) }
    var mirrored = matrix
    for i in 0..<matrix.rows {
      for j in 0..<i {
        if above { mirrored[i, j] = matrix[j, i] } else { mirrored[j, i] = matrix[i, j] }
      }
    }
    let sides = above ? ("below", "above") : ("above", "below")
    return (mirrored, ["\(file): \(sides.0) the diagonal stands nothing but zero; what is \(sides.1) counts for both"])
  }
}
