import NuTuneCore
import NuTuneNumerics

/// Selection of the rows and columns of a larger matrix that belong to the bins of a table, in their order.
package enum CovarianceRows: Sendable, Equatable {
  /// All rows.
  case all
  /// Ranges counted from 0, both ends included: a block of a joint measurement.
  case ranges([ClosedRange<Int>])
  /// All but the first and the last, which are under- and overflow.
  case inner
  /// The bins inside the under- and overflow of a histogram of two axes, in its global numbering: `flow:12x13`.
  case flow(first: Int, second: Int)

  static let choices =
    "all, ranges counted from 0 as 58-115 or 0-28,58-86, inner for all but the first and last, or flow:12x13 for a "
    + "histogram of 12 × 13 bins numbered with its under- and overflow"

  /// Parses the option.
  package init(_ text: String) throws {
    if text == "all" {
      self = .all
    } else if text == "inner" {
      self = .inner
    } else if text.hasPrefix("flow:") {
      let parts = text.dropFirst(5).split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard parts.count == 2, parts.allSatisfy({ (1...MatrixLimits.rows).contains($0) }) else {
        throw Self.refuse(text)
      }
      self = .flow(first: parts[0], second: parts[1])
    } else {
      self = .ranges(
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
          let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
          guard (1...2).contains(ends.count), ends.allSatisfy({ (0...MatrixLimits.rows).contains($0) }),
            ends[0] <= ends[ends.count - 1]
          else { throw Self.refuse(text) }
          return ends[0]...ends[ends.count - 1]
        })
    }
  }

  private static func refuse(_ text: String) -> NuTuneError { refusal(text, choices) }

  /// Returns the rows of a matrix in the order of the bins.
  /// - Parameters:
  ///   - size: number of rows of the matrix.
  ///   - places: index of each bin among the chosen rows, counted from 0; nil for one after the other.
  ///   - bins: number of bins.
  ///   - location: the file of the matrix.
  func rows(of size: Int, places: [Int]?, bins: Int, at location: SourceLocation) throws -> [Int] {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: location, key: "covariance", found: found, expected: expected)
    }
    let chosen: [Int]
    switch self {
    case .all: chosen = Array(0..<size)
    case .inner: chosen = size > 2 ? Array(1..<size - 1) : []
    case .ranges(let ranges): chosen = ranges.flatMap { Array($0) }
    case .flow(let first, let second):
      guard size == (first + 2) * (second + 2) else {
        throw refuse(
          "\(size) rows", "\((first + 2) * (second + 2)), (\(first) + 2) × (\(second) + 2), as --covariance-rows says")
      }
      chosen = (1...second).flatMap { y in (1...first).map { x in x + (first + 2) * y } }
    }
    guard chosen.allSatisfy({ $0 < size }), Set(chosen).count == chosen.count else {
      throw refuse("\(size) rows", "rows 0 to \(chosen.max() ?? 0), each once, as --covariance-rows says")
    }
    if let places {
      guard places.allSatisfy(chosen.indices.contains), Set(places).count == places.count else {
        throw refuse(
          "a column “row” from \(places.min() ?? 0) to \(places.max() ?? 0)",
          "rows from 0 to \(chosen.count - 1), each once")
      }
      return places.map { chosen[$0] }
    }
    guard chosen.count == bins else {
      throw refuse("\(chosen.count) × \(chosen.count) elements", "\(bins) × \(bins)\(hint(size, bins))")
    }
    return chosen
  }

  /// Suggests a selection for a matrix that is larger than its bins.
  private func hint(_ size: Int, _ bins: Int) -> String {
    guard self == .all, size > bins else { return "" }
    var reading = ""
    if size == bins + 2 { reading = ": inner, if the first and last are those of under- and overflow" }
    let flows = (1...bins).filter { bins % $0 == 0 && ($0 + 2) * (bins / $0 + 2) == size }
    if let first = flows.first {
      let both = Set(flows).sorted().map { "flow:\($0)x\(bins / $0)" }.joined(separator: " or ")
      reading = ": \(both), if \(size) is (\(first) + 2) × (\(bins / first) + 2), bins with their under- and overflow"
    } else if size % bins == 0 {
      reading = ": 0-\(bins - 1) for the first block of \(size / bins)"
    }
    return "; --covariance-rows says which rows of a larger matrix belong to the bins\(reading)"
  }

  /// Returns the part of a matrix with some rows and columns.
  static func part(_ rows: [Int], of matrix: Matrix) -> Matrix {
    var part = Matrix(rows: rows.count, columns: rows.count)
    for (i, row) in rows.enumerated() { for (j, column) in rows.enumerated() { part[i, j] = matrix[row, column] } }
    return part
  }
}
