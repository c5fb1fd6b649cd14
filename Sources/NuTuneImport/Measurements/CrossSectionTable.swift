import NuTuneCatalog
import NuTuneCore

/// Bins, values and errors of a measurement from its tables, in the units of the tables.
struct CrossSectionTable {
  /// The observables in the order of the catalog.
  let pair: ObservablePair
  /// Bins in the units of the observables.
  private(set) var bins: [CrossSectionMeasurement.Bin] = []
  /// Values, shape [bins].
  private(set) var values: [Double] = []
  /// Errors, shape [bins]; nil if the tables have none.
  private(set) var errors: [Double]?
  /// Row of the covariance for every bin, shape [bins]; nil if the tables do not state it.
  private(set) var places: [Int]?

  /// Interprets tables.
  /// - Parameters:
  ///   - slices: none, or one per table.
  ///   - energy: GeV per unit of energy in the files.
  init(
    _ tables: [(table: ColumnTable, columns: [MeasurementColumn])], slices: [MeasurementSlice],
    species: NeutrinoSpecies, energy: Double
  ) throws {
    guard slices.isEmpty || slices.count == tables.count else {
      throw NuTuneError(
        .usage, key: "--slice", found: "\(slices.count) slices", expected: "\(tables.count), one for each table")
    }
    let axes = try tables.enumerated().map { index, table in
      try Self.axes(table, slice: slices.isEmpty ? nil : slices[index])
    }
    guard let first = axes.first, axes.allSatisfy({ $0 == first }) else {
      throw NuTuneError(.usage, key: "--columns", found: "tables in different observables", expected: "the same in all")
    }
    let observables = first.map(\.observable)
    let isTurned = (try? ObservablePair(observables[1], observables[0])) != nil
    do {
      pair =
        try isTurned
        ? ObservablePair(observables[1], observables[0]) : ObservablePair(observables[0], observables[1])
    } catch var error as NuTuneError {
      (error.category, error.key) = (.usage, "--columns")
      throw error
    }
    let hasErrors = tables[0].columns.contains(.error)
    guard tables.allSatisfy({ $0.columns.contains(.error) == hasErrors }) else {
      throw NuTuneError(.usage, key: "--columns", found: "errors in some tables only", expected: "in all or in none")
    }
    errors = hasErrors ? [] : nil
    places = tables.contains { $0.columns.contains(.row) } ? [] : nil
    for (index, (table, columns)) in tables.enumerated() {
      for row in table.rows.indices {
        let ranges = try first.map { axis in
          try Self.range(
            axis, table, row, columns, slice: slices.isEmpty ? nil : slices[index], energy: energy,
            mass: species.leptonMass)
        }
        bins.append(CrossSectionMeasurement.Bin(first: ranges[isTurned ? 1 : 0], second: ranges[isTurned ? 0 : 1]))
        values.append(
          try table.requiredNumber(row: row, column: columns.firstIndex(of: .value) ?? 0))
        if places != nil { places?.append(try Self.place(table, row, columns)) }
        if hasErrors {
          let squares = try columns.indices.filter { columns[$0] == .error }
            .map { try table.number(row: row, column: $0) ?? 0 }.reduce(0) { $0 + $1 * $1 }
          errors?.append(squares.squareRoot())
        }
      }
    }
  }

  /// Returns the row of the covariance that a line of a table names.
  private static func place(_ table: ColumnTable, _ row: Int, _ columns: [MeasurementColumn]) throws -> Int {
    guard let column = columns.firstIndex(of: .row) else {
      throw NuTuneError(
        .usage, at: SourceLocation(file: table.file), key: "--columns", found: "row in other tables only",
        expected: "row in all or in none")
    }
    let number = try table.requiredNumber(row: row, column: column)
    guard let place = Int(exactly: number), place >= 0 else {
      throw NuTuneError(
        .badData, at: table.rows[row].location, key: table.names[column], found: "\(number)",
        expected: "the row of the covariance, counted from 0")
    }
    return place
  }

  /// Returns the two axes of a table, first the axes of its columns.
  private static func axes(
    _ table: (table: ColumnTable, columns: [MeasurementColumn]), slice: MeasurementSlice?
  ) throws -> [MeasurementColumn.Axis] {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(
        .usage, at: SourceLocation(file: table.table.file), key: "--columns", found: found, expected: expected)
    }
    let lows = table.columns.compactMap { if case .low(let axis) = $0 { axis } else { nil } }
    let highs = table.columns.compactMap { if case .high(let axis) = $0 { axis } else { nil } }
    guard lows.count == highs.count, lows.allSatisfy(highs.contains) else {
      throw refuse("\(lows.count) × low and \(highs.count) × high", "both for every observable")
    }
    let axes = lows + (slice.map { [$0.axis] } ?? [])
    guard axes.count == 2, axes[0] != axes[1] else {
      throw refuse("\(axes.count) observables", "two different ones, of which --slice may give one")
    }
    guard table.columns.count(where: { $0 == .value }) == 1 else {
      throw refuse("\(table.columns.count { $0 == .value }) × value", "value once")
    }
    return axes
  }

  private static func range(
    _ axis: MeasurementColumn.Axis, _ table: ColumnTable, _ row: Int, _ columns: [MeasurementColumn],
    slice: MeasurementSlice?, energy: Double, mass: Double
  ) throws -> ClosedRange<Double> {
    let edges: [Double]
    if let slice, slice.axis == axis {
      edges = [slice.low, slice.high]
    } else {
      edges = try [MeasurementColumn.low(axis), .high(axis)].map { column in
        try table.requiredNumber(row: row, column: columns.firstIndex(of: column) ?? 0)
      }
    }
    guard edges[0] < edges[1] else {
      throw NuTuneError(
        .badData, at: table.rows[row].location, key: axis.observable.rawValue,
        found: "a bin from \(edges[0]) to \(edges[1])", expected: "low < high")
    }
    let (low, high) = EnergyEdges.cleaned(edges[0], edges[1])
    let values = [low, high].map { EnergyEdges.rounded(axis.value($0, energy: energy, mass: mass)) }
    guard values[0] < values[1] else {
      throw NuTuneError(
        .badData, at: table.rows[row].location, key: axis.observable.rawValue,
        found: "a bin from \(edges[0]) to \(edges[1]), which is empty", expected: "edges that differ in twelve digits")
    }
    return values[0]...values[1]
  }
}
