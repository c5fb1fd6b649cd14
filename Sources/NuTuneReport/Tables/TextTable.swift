import NuTuneCore

/// A table as text for a terminal: aligned columns, a rule below the header.
package struct TextTable: Sendable {
  /// Column titles.
  var header: [String]
  /// Number of left-aligned columns; the others are right-aligned.
  var leftColumns = 1
  /// Rows of cells, each as long as the header.
  private(set) var rows: [[String]] = []
  /// Positions of the cells of each row that need a reader's attention.
  private(set) var bad: [Set<Int>] = []

  /// Creates an empty table.
  package init(header: [String], leftColumns: Int = 1) {
    self.header = header.map(Self.printable)
    self.leftColumns = leftColumns
  }

  /// Adds a row, with the positions of cells that a page highlights.
  package mutating func append(_ cells: [String], bad: Set<Int> = []) {
    precondition(cells.count == header.count)
    rows.append(cells.map(Self.printable))
    self.bad.append(bad)
  }

  /// The table, ending in a newline.
  package var text: String {
    let lines = [header] + rows
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let rule = String(repeating: "─", count: widths.reduce(2 * (widths.count - 1), +)) + "\n"
    return lines.enumerated().map { number, line in
      let cells = line.enumerated().map { column, cell -> String in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < leftColumns ? cell + padding : padding + cell
      }
      return cells.joined(separator: "  ") + "\n" + (number == 0 ? rule : "")
    }.joined()
  }

  /// Returns a text on one line, without characters that could move the cursor of a terminal.
  static func printable(_ text: String) -> String {
    PrintableText.line(text, limit: 300)
  }
}
