import NuTuneCore

/// The statement of a file about the unit of a column, or of its numbers in general.
struct UnitStatement: Sendable {
  /// The unit.
  let unit: StatedUnit
  /// The subject of the statement, `“p [MEV]”` or `the header`.
  let subject: String
  let file: String

  /// Reads the statement of a table about a column; nil without an intelligible one.
  init?(_ table: ColumnTable, column: Int) {
    guard let unit = table.unit(of: column).flatMap(StatedUnit.init) else { return nil }
    self.init(unit: unit, subject: "“\(table.names[column])”", file: table.file)
  }

  /// Reads the statement of a file about a subject; nil without an intelligible one.
  init?(_ text: String?, of subject: String, in file: String) {
    guard let unit = text.flatMap({ StatedUnit($0) }) else { return nil }
    self.init(unit: unit, subject: subject, file: file)
  }

  private init(unit: StatedUnit, subject: String, file: String) {
    (self.unit, self.subject, self.file) = (unit, subject, file)
  }

  /// Whether the statement is about numbers in general.
  var isGeneral: Bool { subject == Self.header }

  private static let header = "the header"

  /// Returns the units in the brackets of a text above numbers, `cross-section (10^-38 cm2/(nucleon x GeV))`.
  static func inHeader(_ text: String, of file: String) -> [UnitStatement] {
    var units: [StatedUnit] = []
    for line in text.split(whereSeparator: \.isNewline) {
      units += bracketed(line).compactMap { StatedUnit($0) }
      if let colon = line.lastIndex(of: ":"), let unit = StatedUnit(String(line[line.index(after: colon)...])) {
        units.append(unit)
      }
    }
    return units.map { UnitStatement(unit: $0, subject: header, file: file) }
  }

  /// Returns the texts between outermost brackets.
  private static func bracketed(_ line: Substring) -> [String] {
    var found: [String] = []
    var (depth, start) = (0, line.startIndex)
    for index in line.indices {
      if "[(".contains(line[index]) {
        if depth == 0 { start = line.index(after: index) }
        depth += 1
      } else if "])".contains(line[index]), depth > 0 {
        depth -= 1
        if depth == 0 { found.append(String(line[start..<index])) }
      }
    }
    return found
  }

  /// Creates the error of an option that contradicts the statement.
  func contradicts(_ option: String, _ found: String) -> NuTuneError {
    NuTuneError(
      .usage, at: SourceLocation(file: file), key: option, found: "“\(found)”",
      expected: "what the file says of \(subject), \(unit.text)")
  }

  /// Whether two units are equal: a file prints only some digits of a factor.
  static func isOne(_ ratio: Double) -> Bool { abs(ratio - 1) < 1e-6 }
}

extension UnitStatement {
  /// Returns the statements of tables about their energies: in the columns with energies, otherwise in a header with a
  /// single unit.
  static func energies(_ tables: [(table: ColumnTable, columns: [Int])]) -> [UnitStatement] {
    let said = tables.flatMap { table, columns in
      columns.compactMap { UnitStatement(table, column: $0) }.filter { $0.unit.energy != nil }
    }
    guard said.isEmpty else { return said }
    let headers = tables.flatMap { inHeader($0.table.header, of: $0.table.file) }.filter { $0.unit.energy != nil }
    return Set(headers.map { $0.unit.energy }).count == 1 ? [headers[0]] : []
  }

  /// Returns GeV per unit of energy: from the option, or from the files, which have to agree; otherwise the user is
  /// asked.
  static func energy(
    _ given: String?, stated: [UnitStatement], _ interview: inout Interview
  ) -> Double? {
    let choices = ["GeV": 1.0, "MeV": 1e-3]
    let own = stated.first.map { first in
      choices.first { isOne($0.value / (first.unit.energy ?? 0)) }?.key ?? first.unit.text
    }
    return interview.answer(FluxUnits.energyQuestion, given: given ?? own) { text in
      guard let energy = choices[text] else { throw refusal(text, FluxUnits.energyQuestion.choices) }
      for one in stated where !isOne((one.unit.energy ?? 0) / energy) {
        throw one.contradicts(FluxUnits.energyQuestion.option, text)
      }
      return energy
    }
  }
}
