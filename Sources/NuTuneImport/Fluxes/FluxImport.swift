import NuTuneCore

/// Imports tables as a flux entry.
package struct FluxImport: Sendable {
  /// Options of the command line; nil where the user gave none.
  package struct Options: Sendable {
    /// Units.
    package var units = FluxUnits.Options()
    /// Meaning of the columns, by position, once or for each table.
    package var columns: [String] = []
    /// `centers` or `curve`.
    package var points: String?
    /// Edges of the entry, a list or a flux table; nil keeps the edges of the file.
    package var rebin: String?
    /// Significant digits of the entry; nil keeps all.
    package var digits: Int?
    /// Options of the format, for the record of the entry.
    package var record: [(option: String, text: String)] = []

    /// Warnings about suspicious input.
    package var hints: [String] = []

    /// Creates empty options.
    package init() {}
  }

  private let options: Options
  private let tables: [(table: ColumnTable, columns: [FluxColumn])]
  private let units: FluxUnits
  private let points: ImportedFlux.Points?

  /// Asks for missing options; nil if they stay missing, which the interview reports.
  package init?(_ tables: [ColumnTable], _ options: Options, _ interview: inout Interview) {
    let columns = ColumnList.read(
      options.columns, of: tables, names: FluxColumn.names.joined(separator: ", "), &interview,
      column: FluxColumn.init)
    let energies = columns.map { columns in
      zip(tables, columns).map { table, columns in
        (table, columns.indices.filter { [.low, .high, .center].contains(columns[$0]) })
      }
    }
    let units = FluxUnits(options.units, stated: UnitStatement.energies(energies ?? []), &interview)
    var points: ImportedFlux.Points?
    if columns?.contains(where: { $0.contains(.center) }) == true {
      points = interview.answer(ImportedFlux.Points.question, given: options.points) { text in
        guard let points = ImportedFlux.Points(rawValue: text) else {
          throw refusal(text, ImportedFlux.Points.question.choices)
        }
        guard points != .curve || units?.per != .bin else {
          throw refusal(text, "centers, as --per bin speaks of bins and a curve has none")
        }
        return points
      }
      if points == nil { return nil }
    }
    guard let columns, let units else { return nil }
    self.options = options
    self.tables = Array(zip(tables, columns).map { ($0, $1) })
    self.units = units
    self.points = points
  }

  /// Returns the entry as it would be written.
  package func draft(_ description: EntryDescription) throws -> EntryDraft {
    if let digits = options.digits, !(1...17).contains(digits) {
      throw NuTuneError(.usage, key: "--digits", found: "\(digits)", expected: "1 to 17")
    }
    try units.check(tables)
    let read = try ImportedFlux(tables, units: units, points: points)
    let flux = try read.rebinned(to: try options.rebin.map(EnergyEdges.read))
    let file = "\(description.name).csv"
    var description = description
    description.record(options.record)
    if let rebin = options.rebin { description.record("rebin", rebin) }
    if let digits = options.digits { description.record("digits", "\(digits)") }
    let entry = EntryText(description, .fluxes, values: [("model", "tabulated-flux"), ("file", file)])
    return EntryDraft(
      kind: .fluxes, name: description.name,
      files: [(file, flux.table(digits: options.digits)), ("\(description.name).yaml", entry.text)],
      summary: flux.summary, hints: options.hints + read.hints(units: units),
      check: FluxReadBack(flux: flux, digits: options.digits))
  }
}
