import NuTuneCore

extension ColumnTable {
  /// Joins tables side by side, for example bins and values in two files: the columns of all, row by row.
  /// - Parameter tables: at least one, all with the same number of rows.
  package init(beside tables: [ColumnTable]) throws {
    let first = tables[0]
    for table in tables where table.rows.count != first.rows.count {
      throw NuTuneError(
        .badData, at: SourceLocation(file: table.file), key: "--beside", found: "\(table.rows.count) rows",
        expected: "\(first.rows.count), as in \(first.file)")
    }
    self.init(
      file: tables.map(\.file).joined(separator: ", "), names: tables.flatMap(\.names),
      rows: first.rows.indices.map { row in
        Row(cells: tables.flatMap { $0.rows[row].cells }, location: tables[tables.count - 1].rows[row].location)
      })
    units = tables.flatMap { table in table.names.indices.map { table.unit(of: $0) } }
    header = tables.map(\.header).joined(separator: "\n")
  }

  /// Returns the table with the columns `low` and `high` before its own.
  /// - Parameter edges: strictly increasing, one more than there are rows.
  package func withBins(_ edges: [Double]) throws -> ColumnTable {
    guard edges.count == rows.count + 1 else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: file), key: "--bins", found: "\(edges.count - 1) bins",
        expected: "\(rows.count), one a row")
    }
    var table = self
    table.names = ["low", "high"] + names
    table.units = [nil, nil] + names.indices.map { unit(of: $0) }
    for row in rows.indices {
      table.rows[row].cells = [.number(edges[row]), .number(edges[row + 1])] + rows[row].cells
    }
    return table
  }
}
