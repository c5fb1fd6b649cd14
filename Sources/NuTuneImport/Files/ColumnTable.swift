import NuTuneCore

/// Columns of numbers as a file holds them, before anything is said of what they mean.
package struct ColumnTable: Sendable {
  /// What stands in a field.
  package enum Cell: Sendable, Equatable {
    /// A finite number.
    case number(Double)
    /// Nothing.
    case empty
    /// Something else.
    case text(String)

    /// A field of a text file.
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
    /// As many as the table has columns.
    package var cells: [Cell]
    /// Where it stands.
    package var location: SourceLocation
  }

  /// The file it was read from, for people.
  package var file: String
  /// What the file calls its columns; their position where it says nothing.
  package var names: [String]
  /// At least one row.
  package var rows: [Row]
  /// What the file says of the units of its columns, in its own words; as many as columns, or none.
  package var units: [String?] = []
  /// Text above the table, which may speak of units.
  package var header = ""

  /// Whether a column has a number that is not zero.
  package func hasContent(_ name: String) -> Bool {
    guard let column = names.firstIndex(of: name) else { return false }
    return rows.contains {
      if case .number(let value) = $0.cells[column] { value != 0 } else { false }
    }
  }

  /// What the file says of the unit of a column, in its own words.
  func unit(of column: Int) -> String? { units.indices.contains(column) ? units[column] : nil }

  /// The number in a cell, nil where nothing stands; a text is an error.
  func number(row: Int, column: Int) throws -> Double? {
    switch rows[row].cells[column] {
    case .number(let value): return value
    case .empty: return nil
    case .text(let text):
      throw NuTuneError(
        .badData, at: rows[row].location, key: names[column], found: "“\(text)”", expected: "a finite number")
    }
  }

  /// The number in a cell; nothing is an error too.
  func requiredNumber(row: Int, column: Int) throws -> Double {
    guard let value = try number(row: row, column: column) else {
      throw NuTuneError(
        .badData, at: rows[row].location, key: names[column], found: "nothing", expected: "a finite number")
    }
    return value
  }
}
