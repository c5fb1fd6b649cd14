import NuTuneCore

extension ColumnTable {
  /// Reads a table in CSV; its first line names the columns.
  package init(commaSeparated file: String) throws {
    var lines = try DelimitedFile(file, content: "a table in CSV with a header").lines
    let header = lines.removeFirst()
    guard header.fields.contains(where: { Double($0.text) == nil }) else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header", found: "numbers only",
        expected: "a first line with the names of the columns (format nuisance reads tables without)")
    }
    let names = header.fields.map(\.text)
    try self.init(file: file, names: names, lines: lines, because: "as in the header")
    units = names.map(StatedUnit.text(inName:))
  }

  /// Reads a table whose fields are separated by blanks, commas, brackets, bars or the dash between two edges, without
  /// header.
  /// - Parameters:
  ///   - file: its path.
  ///   - skip: number of lines at the top before the table; lines that start with `#` are always skipped.
  ///   - transposed: number of following lines, each of which holds a column of the table; nil for one row per line.
  package init(blankSeparated file: String, skip: Int, transposed: Int? = nil) throws {
    var lines = try DelimitedFile(file, content: "a table of numbers", separator: .range).lines
      .filter { $0.number > skip }
    guard let first = lines.first else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: "nothing below line \(skip)", expected: "a table of numbers")
    }
    if let text = first.fields.first(where: { Double($0.text) == nil }) {
      let numbers = lines.first { line in line.fields.allSatisfy { Double($0.text) != nil } }
      throw NuTuneError(
        .badData, at: SourceLocation(file: file, line: first.number, column: text.column), found: "“\(text.text)”",
        expected: "a line of numbers"
          + (numbers.map { "; --skip \($0.number - 1) leaves out what stands above line \($0.number)" } ?? ""))
    }
    if let transposed {
      guard transposed <= lines.count else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: file), key: "--transposed", found: "\(lines.count) lines of numbers",
          expected: "at least \(transposed)")
      }
      lines = Array(lines.prefix(transposed))
      try self.init(transposing: lines, file: file)
    } else {
      try self.init(
        file: file, names: first.fields.indices.map { "column \($0 + 1) (\(first.fields[$0].text), …)" }, lines: lines,
        because: "as in line \(first.number)")
    }
    header = FileHeader.text(of: file, above: first.number)
  }

  /// Reads each line as a column.
  private init(transposing lines: [DelimitedFile.Line], file: String) throws {
    for line in lines { try line.requireFields(lines[0].fields.count, because: "as in line \(lines[0].number)") }
    self.init(
      file: file, names: lines.map { "line \($0.number) (\($0.fields[0].text), …)" },
      rows: lines[0].fields.indices.map { place in
        Row(
          cells: lines.map { Cell($0.fields[place].text) }, location: lines[0].location(of: place))
      })
  }

  /// Reads a GLoBES flux file: seven columns E, ν_e, ν_μ, ν_τ and their antineutrinos, comments after `#` or `%`.
  package init(globes file: String) throws {
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
