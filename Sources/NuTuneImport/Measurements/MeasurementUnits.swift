import NuTuneCatalog
import NuTuneCore

/// Compares the units that tables of a measurement state with the options.
enum MeasurementUnits {
  /// Returns the units that tables state for their energies and momenta.
  static func energies(_ tables: [ColumnTable], _ columns: [[MeasurementColumn]]) -> [UnitStatement] {
    UnitStatement.energies(
      zip(tables, columns).map { table, columns in
        (table, columns.indices.filter { isEnergy(columns[$0]) })
      })
  }

  private static func axis(_ column: MeasurementColumn) -> MeasurementColumn.Axis? {
    switch column {
    case .low(let axis), .high(let axis): axis
    default: nil
    }
  }

  private static func isEnergy(_ column: MeasurementColumn) -> Bool { axis(column)?.observable.unit == "GeV" }

  /// Returns the units that tables state for values and errors: in their columns, otherwise in a header about a cross
  /// section.
  static func values(_ tables: [ColumnTable], _ columns: [[MeasurementColumn]]) -> [UnitStatement] {
    let said = zip(tables, columns).flatMap { table, columns in
      columns.indices.filter { [.value, .error].contains(columns[$0]) }
        .compactMap { UnitStatement(table, column: $0) }
    }
    let found = said.isEmpty ? tables.flatMap { UnitStatement.inHeader($0.header, of: $0.file) } : said
    return found.filter { $0.unit.powers["cm"] == 2 }
  }

  /// Throws for a cosine in degrees or an angle in radians.
  static func checkAngles(_ tables: [(table: ColumnTable, columns: [MeasurementColumn])]) throws {
    for (table, columns) in tables {
      for (index, column) in columns.enumerated() {
        guard let observable = axis(column)?.observable, let unit = UnitStatement(table, column: index)?.unit else {
          continue
        }
        let fits =
          switch observable {
          case .cosTheta: unit.powers.isEmpty && UnitStatement.isOne(unit.factor)
          case .theta: unit.powers == ["deg": 1] && UnitStatement.isOne(unit.factor)
          case .q2: unit.powers == ["GeV": 2] && UnitStatement.isOne(unit.factor)
          default: unit.energy != nil
          }
        guard fits else {
          throw NuTuneError(
            .usage, at: SourceLocation(file: table.file), key: "--columns",
            found: "\(observable.rawValue) for “\(table.names[index])”, in \(unit.text)",
            expected: "a column in \(observable.unit.isEmpty ? "no unit" : observable.unit)")
        }
      }
    }
  }

  /// Throws if the unit of values contradicts a table.
  /// - Parameter text: the unit in the option.
  static func check(
    _ statement: UnitStatement, _ unit: CrossSectionUnit, of pair: ObservablePair, said text: String
  ) throws {
    let isComparable = fits(statement, pair)
    // A column that has a unit of another kind is another cross section.
    let isOther = !isComparable && !statement.isGeneral && statement.unit.powers["nucleon"] == -1
    guard isOther || (isComparable && !UnitStatement.isOne(statement.unit.factor / unit.factor)) else { return }
    throw statement.contradicts("--unit", text)
  }

  /// Throws if the unit of a covariance contradicts its file, whether the file states the unit or its square.
  /// - Parameter unit: nil for a covariance relative to the values.
  static func check(covariance statement: UnitStatement, _ unit: CrossSectionUnit?, of pair: ObservablePair) throws {
    let power = statement.unit.powers["cm"] ?? 0
    guard power == 2 || power == 4 else { return }
    guard let unit else { throw statement.contradicts("--covariance-unit", CovariancePart.relative) }
    guard fits(statement, pair) else { return }
    let factor = power == 4 ? statement.unit.factor.squareRoot() : statement.unit.factor
    guard UnitStatement.isOne(factor / unit.factor) else {
      throw statement.contradicts("--covariance-unit", "\(unit)")
    }
  }

  /// Whether a stated unit is per as many energies as the pair of observables needs; a unit of another kind does not
  /// tell the factor.
  private static func fits(_ statement: UnitStatement, _ pair: ObservablePair) -> Bool {
    let square = (statement.unit.powers["cm"] ?? 0) / 2
    guard square > 0 else { return false }
    let energies = CrossSectionUnit.powerOfEnergy(of: pair)
    return (statement.unit.powers["GeV"] ?? 0) == -energies * square
      && (statement.unit.powers["deg"] ?? 0) == (pair.second == .theta ? -square : 0)
  }
}
