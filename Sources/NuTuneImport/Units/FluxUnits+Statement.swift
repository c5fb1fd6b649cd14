import NuTuneCore

extension FluxUnits {
  /// Throws if the units contradict the tables' statements about their fluxes, `/cm^2/50MeV/1E21`.
  func check(_ tables: [(table: ColumnTable, columns: [FluxColumn])]) throws {
    for (table, columns) in tables {
      let flux = columns.indices.filter { if case .flux = columns[$0] { true } else { false } }
      let said = flux.compactMap { UnitStatement(table, column: $0) }
      let all = said.isEmpty ? UnitStatement.inHeader(table.header, of: table.file) : said
      for statement in all { try check(statement) }
    }
  }

  private func check(_ statement: UnitStatement) throws {
    let unit = statement.unit
    guard unit.powers["cm"] == -2, Set(unit.powers.keys).isSubset(of: ["cm", "GeV", "POT", "bin"]) else { return }
    let hasEnergy = unit.powers["GeV"] == -1
    switch per {
    case .bin where hasEnergy: throw statement.contradicts("--per", "bin")
    case .energy where unit.powers["bin"] == -1: throw statement.contradicts("--per", "GeV")
    default: break
    }
    // The file's unit in units of the options; a unit without protons leaves them to the options.
    var ratio = unit.factor * area
    if hasEnergy, case .energy(let width) = per { ratio *= width }
    guard UnitStatement.isOne(ratio * pot) || (unit.powers["POT"] == nil && UnitStatement.isOne(ratio)) else {
      throw statement.contradicts("--area, --per, --pot", said)
    }
  }

  /// The options in words.
  private var said: String {
    let width = if case .energy(let width) = per { "/\(width) GeV" } else { "/bin" }
    return "/\(area == 1 ? "cm2" : "m2")\(width)/\(pot) POT"
  }
}
