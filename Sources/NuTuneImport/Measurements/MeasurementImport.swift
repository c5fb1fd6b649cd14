import NuTuneCore
import NuTuneNumerics
import NuTuneStudy

/// From tables to a measurement entry.
public struct MeasurementImport: Sendable {
  /// What is said on the command line; nil where nothing is.
  public struct Options: Sendable {
    /// What columns are, by position, once or for each table.
    public var columns: [String] = []
    /// Ranges of an observable that tables share, one for each table.
    public var slices: [String] = []
    /// More for the record of the entry: options of the format.
    public var record: [(option: String, text: String)] = []
    /// `GeV` or `MeV`.
    public var energy: String?
    /// Neutrino species.
    public var channel: String?
    /// Nucleus.
    public var target: String?
    /// Flux entry over which it is averaged.
    public var flux: String?
    /// Unit of values and errors.
    public var unit: String?
    /// Where the covariance is.
    public var covariance: String?
    /// Unit whose square the covariance has, or `relative`.
    public var covarianceUnit: String?
    /// There is no covariance.
    public var hasNoCovariance = false

    /// Nothing said.
    public init() {}
  }

  private let reaction: Reaction
  private let flux: String
  private let table: CrossSectionTable
  private let unit: CrossSectionUnit
  /// Where the covariance is, and the unit of which it has the square; no unit where it is relative to the values.
  private let covariance: (source: CovarianceSource, unit: CrossSectionUnit?)?

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
    choices: "a text file, FILE.root:OBJECT, a HEPData FILE.yaml, or none, which is --no-covariance")
  static let covarianceUnitQuestion = Question(
    "--covariance-unit", "Elements of the covariance are in which unit, squared?",
    choices: "a unit as for --unit, or \(relative) to the values")

  /// Said of a covariance that is relative to the values.
  private static let relative = "relative"

  private let record: [(option: String, text: String)]

  /// Asks for what is missing; nil where it stays missing, of which the interview tells.
  /// - Parameter catalog: where the flux has to be.
  public init?(
    _ tables: [ColumnTable], _ options: Options, catalog: Catalog, _ interview: inout Interview
  ) throws {
    let columns = ColumnList.read(
      options.columns, of: tables, names: MeasurementColumn.names, &interview, column: MeasurementColumn.init)
    let energy = FluxUnits.energy(options.energy, &interview)
    let species = interview.answer(Self.channelQuestion, given: options.channel) { try NeutrinoSpecies(named: $0) }
    let target = interview.answer(Self.targetQuestion, given: options.target) { try Target(named: $0) }
    let flux = interview.answer(Self.fluxQuestion, given: options.flux) { text in
      try catalog.entry(.fluxes, named: text).name
    }
    let unit = interview.answer(Self.unitQuestion, given: options.unit) { $0 }
    let source = interview.answer(
      Self.covarianceQuestion, given: options.hasNoCovariance ? "none" : options.covariance
    ) { $0 == "none" ? nil : try CovarianceSource($0) }
    var covarianceUnit: String?
    if case .some(.some) = source {
      covarianceUnit = interview.answer(Self.covarianceUnitQuestion, given: options.covarianceUnit) { $0 }
      if covarianceUnit == nil { return nil }
    }
    guard let columns, let energy, let species, let target, let flux, let unit, let source else { return nil }
    table = try CrossSectionTable(
      Array(zip(tables, columns).map { ($0, $1) }), slices: try options.slices.map(MeasurementSlice.init),
      species: species, energy: energy)
    self.unit = try CrossSectionUnit(unit, of: table.pair, key: "--unit")
    let pair = table.pair
    covariance = try source.map { source in
      let isRelative = covarianceUnit == Self.relative
      return (source, isRelative ? nil : try CrossSectionUnit(covarianceUnit ?? "", of: pair, key: "--covariance-unit"))
    }
    reaction = Reaction(species: species, target: target)
    self.flux = flux
    record = options.record + options.slices.map { ("slice", $0) }
  }

  /// The file of the covariance, nil without one.
  public var covarianceFile: String? { covariance?.source.file }

  /// The entry that would be written; a covariance that is none or belongs to other errors is refused.
  /// - Parameter python: makes the Python that reads ROOT files.
  public func draft(_ description: EntryDescription, python: () throws -> PythonWithUproot) throws -> EntryDraft {
    let matrix = try covariance.map { covariance in
      scaled(
        try covariance.source.matrix(size: table.bins.count, python: python), from: covariance.unit)
    }
    var hints: [String] = []
    guard let errors = table.errors ?? matrix?.diagonal.map({ max($0, 0).squareRoot() }) else {
      throw NuTuneError(
        .usage, key: "--columns", found: "neither errors nor a covariance", expected: "at least one of the two")
    }
    if matrix == nil { hints.append("without a covariance the errors count as independent, which they rarely are") }
    if table.errors == nil { hints.append("no column is an error: errors are those of the covariance") }
    let measurement = try CrossSectionMeasurement(
      observables: table.pair, bins: table.bins, unit: unit, values: table.values, errors: errors,
      covariance: matrix, covarianceLocation: covariance.map { SourceLocation(file: $0.source.file) })
    var description = description
    description.record(record)
    return try draft(description, measurement, hints: hints)
  }

  /// The covariance in the unit of the values.
  private func scaled(_ matrix: Matrix, from unit: CrossSectionUnit?) -> Matrix {
    let factors = table.values.map { unit.map { $0.factor / self.unit.factor } ?? $0 }
    guard matrix.rows == factors.count, matrix.columns == factors.count, factors.contains(where: { $0 != 1 }) else {
      return matrix
    }
    var scaled = matrix
    for i in factors.indices { for j in factors.indices { scaled[i, j] *= factors[i] * factors[j] } }
    return scaled
  }

  private func draft(_ description: EntryDescription, _ measurement: CrossSectionMeasurement, hints: [String]) throws
    -> EntryDraft
  {
    let pair = measurement.observables
    let name = description.name
    var files = [("\(name).csv", Self.table(measurement))]
    var values: [(String, String)] = [
      ("channel", reaction.species.rawValue), ("target", reaction.target.name), ("flux", flux),
      ("observables", "[\(pair.first.rawValue), \(pair.second.rawValue)]"), ("unit", "\(unit)"),
      ("file", "\(name).csv"),
    ]
    if let matrix = measurement.covariance {
      files.append(("\(name)-covariance.csv", Self.table(matrix)))
      values.append(("covariance", "\(name)-covariance.csv"))
    }
    files.append(("\(name).yaml", EntryText(description, .measurements, values: values).text))
    return EntryDraft(
      kind: .measurements, name: name, files: files,
      summary: "\(reaction.species.rawValue) on \(reaction.target.name), flux \(flux)\n" + (try measurement.summary()),
      hints: hints, check: MeasurementReadBack(measurement: measurement))
  }

  private static func table(_ measurement: CrossSectionMeasurement) -> String {
    let rows = measurement.bins.indices.map { index in
      let bin = measurement.bins[index]
      return [
        bin.first.lowerBound, bin.first.upperBound, bin.second.lowerBound, bin.second.upperBound,
        measurement.values[index], measurement.errors[index],
      ].map { SignificantDigits.text($0, nil) }.joined(separator: ",")
    }
    return ([MeasurementConfiguration.columns(of: measurement.observables).joined(separator: ",")] + rows)
      .joined(separator: "\n") + "\n"
  }

  private static func table(_ matrix: Matrix) -> String {
    (0..<matrix.rows).map { row in
      matrix.row(row).map { SignificantDigits.text($0, nil) }.joined(separator: ",") + "\n"
    }.joined()
  }
}

/// Whether a written measurement entry gives back the measurement it was made from.
struct MeasurementReadBack: EntryCheck {
  let measurement: CrossSectionMeasurement

  /// Reads the entry, which checks it, and compares every number.
  func check(_ entry: CatalogEntry, registry: Registry) throws {
    let found = try MeasurementConfiguration(entry).measurement
    guard found.bins == measurement.bins, found.values == measurement.values, found.errors == measurement.errors,
      found.covariance == measurement.covariance
    else {
      throw NuTuneError(
        .internalError, at: SourceLocation(file: entry.path), found: "other numbers", expected: "those written")
    }
  }
}
