import NuTuneCore

/// What a file says of the unit of a column, or of its numbers in general.
struct UnitStatement: Sendable {
  /// The unit.
  let unit: StatedUnit
  /// What it is said of, `“p [MEV]”` or `the header`.
  let subject: String
  let file: String

  /// What a table says of a column; nil where it says nothing that is understood.
  init?(_ table: ColumnTable, column: Int) {
    guard let unit = table.unit(of: column).flatMap(StatedUnit.init) else { return nil }
    self.init(unit: unit, subject: "“\(table.names[column])”", file: table.file)
  }

  /// What a file says of something; nil where that is nothing that is understood.
  init?(_ text: String?, of subject: String, in file: String) {
    guard let unit = text.flatMap({ StatedUnit($0) }) else { return nil }
    self.init(unit: unit, subject: subject, file: file)
  }

  private init(unit: StatedUnit, subject: String, file: String) {
    (self.unit, self.subject, self.file) = (unit, subject, file)
  }

  /// Whether it is said of numbers in general.
  var isGeneral: Bool { subject == Self.header }

  private static let header = "the header"

  /// Units in the brackets of a text above numbers, `cross-section (10^-38 cm2/(nucleon x GeV))`.
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

  /// Texts between outermost brackets.
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

  /// The error of an option that says something else.
  func contradicts(_ option: String, _ found: String) -> NuTuneError {
    NuTuneError(
      .usage, at: SourceLocation(file: file), key: option, found: "“\(found)”",
      expected: "what the file says of \(subject), \(unit.text)")
  }

  /// Units that differ by less are one: a file prints some digits of a factor.
  static func isOne(_ ratio: Double) -> Bool { abs(ratio - 1) < 1e-6 }
}

extension UnitStatement {
  /// What tables say of their energies: of the columns that are some, otherwise a header that speaks of one unit.
  static func energies(_ tables: [(table: ColumnTable, columns: [Int])]) -> [UnitStatement] {
    let said = tables.flatMap { table, columns in
      columns.compactMap { UnitStatement(table, column: $0) }.filter { $0.unit.energy != nil }
    }
    guard said.isEmpty else { return said }
    let headers = tables.flatMap { inHeader($0.table.header, of: $0.table.file) }.filter { $0.unit.energy != nil }
    return Set(headers.map { $0.unit.energy }).count == 1 ? [headers[0]] : []
  }

  /// GeV per unit of energy: what the option says, or what the files say, which have to agree; otherwise asked.
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
