import NuTuneCore

/// Columns of numbers as in a file, before their meaning is known.
package struct ColumnTable: Sendable {
  /// The content of a field.
  package enum Cell: Sendable, Equatable {
    /// A finite number.
    case number(Double)
    /// An empty field.
    case empty
    /// Any other text.
    case text(String)

    /// Reads a field of a text file.
    init(_ text: String) {
      if text.isEmpty {
        self = .empty
      } else if let value = Double(text), value.isFinite {
        self = .number(value)
      } else {
        self = .text(text)
      }
    }
  }

  /// One line of the table.
  package struct Row: Sendable {
    /// The fields, one for each column of the table.
    package var cells: [Cell]
    /// Position of the line.
    package var location: SourceLocation
  }

  /// Name of the file from which the table was read, for messages.
  package var file: String
  /// Names of the columns in the file, or their position if the file has none.
  package var names: [String]
  /// The rows, at least one.
  package var rows: [Row]
  /// Statements of the file about the units of its columns, in its own words; one for each column, or none.
  package var units: [String?] = []
  /// Text above the table, which may state units.
  package var header = ""

  /// Whether a column has a number that is not zero.
  package func hasContent(_ name: String) -> Bool {
    guard let column = names.firstIndex(of: name) else { return false }
    return rows.contains {
      if case .number(let value) = $0.cells[column] { value != 0 } else { false }
    }
  }

  /// Returns the file's statement about the unit of a column, in its own words.
  func unit(of column: Int) -> String? { units.indices.contains(column) ? units[column] : nil }

  /// Returns the number in a cell, nil for an empty one; a text is an error.
  func number(row: Int, column: Int) throws -> Double? {
    switch rows[row].cells[column] {
    case .number(let value): return value
    case .empty: return nil
    case .text(let text):
      throw NuTuneError(
        .badData, at: rows[row].location, key: names[column], found: "“\(text)”", expected: "a finite number")
    }
  }

  /// Returns the number in a cell; an empty cell is an error, too.
  func requiredNumber(row: Int, column: Int) throws -> Double {
    guard let value = try number(row: row, column: column) else {
      throw NuTuneError(
        .badData, at: rows[row].location, key: names[column], found: "nothing", expected: "a finite number")
    }
    return value
  }
}
