import NuTuneCore

extension ColumnTable {
  /// Reads a table in CSV; its first line names the columns.
  public init(commaSeparated file: String) throws {
    var lines = try DelimitedFile(file, content: "a table in CSV with a header").lines
    let header = lines.removeFirst()
    guard header.fields.contains(where: { Double($0.text) == nil }) else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header", found: "numbers only",
        expected: "a first line with the names of the columns (format nuisance reads tables without)")
    }
    try self.init(file: file, names: header.fields.map(\.text), lines: lines, because: "as in the header")
  }

  /// Reads a table whose fields are separated by blanks, commas or brackets, without header.
  /// - Parameter skip: number of lines at the top that belong to no table; lines that start with `#` never do.
  public init(blankSeparated file: String, skip: Int) throws {
    let lines = try DelimitedFile(file, content: "a table of numbers", separator: .blank).lines
      .filter { $0.number > skip }
    guard let first = lines.first else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: "nothing below line \(skip)", expected: "a table of numbers")
    }
    if let text = first.fields.first(where: { Double($0.text) == nil }) {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file, line: first.number, column: text.column), found: "“\(text.text)”",
        expected: "a line of numbers; --skip says how many lines at the top belong to no table")
    }
    try self.init(
      file: file, names: first.fields.indices.map { "column \($0 + 1) (\(first.fields[$0].text), …)" }, lines: lines,
      because: "as in line \(first.number)")
  }

  /// Reads a GLoBES flux file: seven columns E, ν_e, ν_μ, ν_τ and their antineutrinos, comments after `#` or `%`.
  public init(globes file: String) throws {
    let names = ["E", "nue", "numu", "nutau", "nuebar", "numubar", "nutaubar"]
    let lines = try DelimitedFile(
      file, content: "a GLoBES flux file, \(names.joined(separator: " "))", separator: .blank, comments: ["#", "%"]
    ).lines
    try self.init(file: file, names: names, lines: lines, because: names.joined(separator: " "))
  }

  private init(file: String, names: [String], lines: [DelimitedFile.Line], because reason: String) throws {
    guard !lines.isEmpty else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: "a header without rows", expected: "at least one row")
    }
    self.init(
      file: file, names: names,
      rows: try lines.map { line in
        try line.requireFields(names.count, because: reason)
        return Row(
          cells: line.fields.map { Cell($0.text) }, location: SourceLocation(file: line.file, line: line.number))
      })
  }
}
