import NuTuneCatalog
import NuTuneCore
import NuTuneNumerics

/// One of the matrices whose sum is a covariance.
struct CovariancePart {
  /// The word for a covariance relative to the values.
  static let relative = "relative"

  /// Source of the matrix.
  let source: CovarianceSource
  /// The unit whose square the elements have; nil for elements relative to the values.
  private let unit: CrossSectionUnit?
  /// The rows that belong to the bins.
  private let rows: CovarianceRows

  /// Combines sources, units and rows into parts: one unit and one choice of rows for all, or one for each.
  static func parts(
    _ sources: [CovarianceSource], units: [String], rows: [String], of pair: ObservablePair
  ) throws -> [CovariancePart] {
    func count(_ option: String, _ texts: [String]) throws {
      guard texts.count <= 1 || texts.count == sources.count else {
        throw NuTuneError(
          .usage, key: option, found: "\(texts.count) times",
          expected: "once, or once for each of \(sources.count) --covariance"
        )
      }
    }
    try count("--covariance-unit", units)
    try count("--covariance-rows", rows)
    for (index, source) in sources.enumerated() where sources[..<index].contains(source) {
      throw NuTuneError(
        .usage, key: "--covariance", found: "\(source.name) twice", expected: "every part once: they add up")
    }
    let choices = try rows.map { text in
      do {
        return try CovarianceRows(text)
      } catch var error as NuTuneError {
        error.key = "--covariance-rows"
        throw error
      }
    }
    return try sources.enumerated().map { index, source in
      let text = units[units.count == 1 ? 0 : index]
      return CovariancePart(
        source: source,
        unit: text == relative ? nil : try CrossSectionUnit(text, of: pair, key: "--covariance-unit"),
        rows: choices.isEmpty ? .all : choices[choices.count == 1 ? 0 : index])
    }
  }

  /// Returns the elements in the square of the unit of the values, shape [bins × bins], and hints for the user.
  func matrix(
    of table: CrossSectionTable, in valueUnit: CrossSectionUnit, python: () throws -> PythonWithUproot
  ) throws -> (matrix: Matrix, hints: [String]) {
    let content = try source.content(bins: table.bins.count, python: python)
    let place = SourceLocation(file: source.file)
    guard content.matrix.rows == content.matrix.columns else {
      throw NuTuneError(
        .badData, at: place, key: "covariance",
        found: "\(content.matrix.rows) × \(content.matrix.columns) elements", expected: "as many rows as columns")
    }
    for statement in content.stated {
      try MeasurementUnits.check(covariance: statement, unit, of: table.pair)
    }
    let chosen = try rows.rows(
      of: content.matrix.rows, places: table.places, bins: table.bins.count, at: place)
    var matrix = CovarianceRows.part(chosen, of: content.matrix)
    let factors = table.values.map { value in unit.map { $0.factor / valueUnit.factor } ?? value }
    if factors.contains(where: { $0 != 1 }) {
      for i in factors.indices { for j in factors.indices { matrix[i, j] *= factors[i] * factors[j] } }
    }
    return (matrix, content.hints)
  }
}
