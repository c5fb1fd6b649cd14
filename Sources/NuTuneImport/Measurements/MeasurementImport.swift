import NuTuneCatalog
import NuTuneCore

/// Imports tables as a measurement entry.
package struct MeasurementImport: Sendable {
  /// Options of the command line; nil where the user gave none.
  package struct Options: Sendable {
    /// Meaning of the columns, by position, once or for each table.
    package var columns: [String] = []
    /// Ranges of an observable that tables share, one for each table.
    package var slices: [String] = []
    /// Options of the format, for the record of the entry.
    package var record: [(option: String, text: String)] = []
    /// `GeV` or `MeV`.
    package var energy: String?
    /// Neutrino species.
    package var channel: String?
    /// Nucleus.
    package var target: String?
    /// Flux entry over which the cross section is averaged.
    package var flux: String?
    /// Unit of values and errors.
    package var unit: String?
    /// Sources of covariances, which are added.
    package var covariance: [String] = []
    /// Units whose square the covariances have, or `relative`, once or for each.
    package var covarianceUnit: [String] = []
    /// Rows of covariances that belong to the bins, once or for each.
    package var covarianceRows: [String] = []
    /// Whether the user said that there is no covariance.
    package var hasNoCovariance = false

    /// Creates empty options.
    package init() {}
  }

  private let reaction: Reaction
  private let flux: String
  private let table: CrossSectionTable
  private let unit: CrossSectionUnit
  /// Parts of the covariance; empty without a covariance.
  private let covariance: [CovariancePart]

  static let channelQuestion = Question(
    "--channel", "Which neutrino was it?", choices: NeutrinoSpecies.allCases.map(\.rawValue).joined(separator: ", "))
  static let targetQuestion = Question(
    "--target", "On which nucleus?", choices: Target.known.keys.sorted().joined(separator: ", "))
  static let fluxQuestion = Question(
    "--flux", "Over which flux of the catalog is it averaged?", choices: "an entry of nutune list fluxes")
  static let unitQuestion = Question(
    "--unit", "What is the unit of values and errors?",
    choices: "1e-39 cm2/GeV/nucleon for an energy and an angle, 1e-39 cm2/GeV2/nucleon for two momenta")
  static let covarianceQuestion = Question(
    "--covariance", "Where is the covariance of the values?",
    choices: "a text file, FILE.root:OBJECT, a HEPData FILE.yaml or FILE.yaml:NAME, or none, which is --no-covariance; "
      + "several add up")
  static let covarianceUnitQuestion = Question(
    "--covariance-unit", "Elements of the covariance are in which unit, squared?",
    choices: "a unit as for --unit, or \(CovariancePart.relative) to the values")

  private let record: [(option: String, text: String)]

  /// Asks for missing options; nil if they stay missing, which the interview reports.
  /// - Parameter catalog: the catalog that must hold the flux.
  package init?(
    _ tables: [ColumnTable], _ options: Options, catalog: Catalog, _ interview: inout Interview
  ) throws {
    let columns = ColumnList.read(
      options.columns, of: tables, names: MeasurementColumn.names, &interview, column: MeasurementColumn.init)
    let energy = UnitStatement.energy(
      options.energy, stated: columns.map { MeasurementUnits.energies(tables, $0) } ?? [], &interview)
    let species = interview.answer(Self.channelQuestion, given: options.channel) { try NeutrinoSpecies(named: $0) }
    let target = interview.answer(Self.targetQuestion, given: options.target) { try Target(named: $0) }
    let flux = interview.answer(Self.fluxQuestion, given: options.flux) { text in
      try catalog.entry(.fluxes, named: text).name
    }
    let stated = columns.map { MeasurementUnits.values(tables, $0) } ?? []
    let unit = interview.answer(
      Self.unitQuestion, given: options.unit ?? stated.lazy.compactMap(\.unit.crossSection).first
    ) { $0 }
    let sources = interview.answers(
      Self.covarianceQuestion, given: options.hasNoCovariance ? ["none"] : options.covariance
    ) { $0 == "none" ? nil : try CovarianceSource($0) }?.compactMap { $0 }
    var units: [String] = []
    if let sources, !sources.isEmpty {
      guard let answers = interview.answers(Self.covarianceUnitQuestion, given: options.covarianceUnit, read: { $0 })
      else { return nil }
      units = answers
    }
    guard let columns, let energy, let species, let target, let flux, let unit, let sources else { return nil }
    let read = Array(zip(tables, columns).map { ($0, $1) })
    try MeasurementUnits.checkAngles(read)
    table = try CrossSectionTable(
      read, slices: try options.slices.map(MeasurementSlice.init), species: species, energy: energy)
    self.unit = try CrossSectionUnit(unit, of: table.pair, key: "--unit")
    for statement in stated { try MeasurementUnits.check(statement, self.unit, of: table.pair, said: unit) }
    covariance = try CovariancePart.parts(sources, units: units, rows: options.covarianceRows, of: table.pair)
    reaction = Reaction(species: species, target: target)
    self.flux = flux
    record =
      options.record + options.slices.map { ("slice", $0) } + options.covarianceRows.map { ("covariance-rows", $0) }
  }

  /// The files of the covariance.
  package var covarianceFiles: [String] { covariance.map(\.source.file) }

  /// Returns the entry as it would be written; throws if the matrix is no covariance or belongs to other errors.
  /// - Parameter python: returns the Python that reads ROOT files.
  package func draft(_ description: EntryDescription, python: () throws -> PythonWithUproot) throws -> EntryDraft {
    let parts = try covariance.map { try $0.matrix(of: table, in: unit, python: python) }
    let matrix = parts.first.map { first in
      parts.dropFirst().reduce(into: first.matrix) { sum, part in
        for i in table.bins.indices { for j in table.bins.indices { sum[i, j] += part.matrix[i, j] } }
      }
    }
    var hints = parts.flatMap(\.hints)
    guard let errors = table.errors ?? matrix?.diagonal.map({ max($0, 0).squareRoot() }) else {
      throw NuTuneError(
        .usage, key: "--columns", found: "neither errors nor a covariance", expected: "at least one of the two")
    }
    if matrix == nil { hints.append("without a covariance the errors count as independent, which they rarely are") }
    if table.errors == nil { hints.append("no column is an error: errors are those of the covariance") }
    let measurement = try CrossSectionMeasurement(
      observables: table.pair, bins: table.bins, unit: unit, values: table.values, errors: errors,
      covariance: matrix,
      covarianceLocation: covariance.isEmpty
        ? nil : SourceLocation(file: covarianceFiles.joined(separator: " + ")))
    hints += measurement.doubts
    var description = description
    description.record(record)
    return try EntryDraft(measurement, of: reaction, flux: flux, description, hints: hints)
  }
}
