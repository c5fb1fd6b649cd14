import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

/// A flux covariance as it is published: a table of bins and a matrix, both CSV.
///
/// Bins have a header `index,detector,horn_mode,flavour,E_low_GeV,E_high_GeV` and, optionally,
/// `fractional_error_1sigma`, columns in any order, rows in the order of the matrix; the matrix has no header, a row and
/// a column a bin. Lines that start with `#` are comments.
struct FluxCovarianceTable {
  /// What the tables' names of detectors and horn modes mean.
  struct Names {
    /// Detectors by their name in the table, `ND`.
    var detectors: [String: DetectorSite]
    /// Horn modes by their name in the table, `FHC`.
    var modes: [String: String]
  }

  private static let columns = ["index", "detector", "horn_mode", "flavour", "E_low_GeV", "E_high_GeV"]
  private static let errorColumn = "fractional_error_1sigma"

  private static let flavors: [String: NeutrinoSpecies] = [
    "numu": .numu, "numubar": .numubar, "numub": .numubar, "nue": .nue, "nuebar": .nuebar, "nueb": .nuebar,
  ]

  /// Largest relative difference between √C_bb and the error in the table of bins: four digits. Published ones agree to
  /// 5·10⁻⁸, and a matrix in another order than its bins is off by percents.
  private static let errorTolerance = 1e-3

  /// Reads bins and matrix and checks that they belong together.
  static func read(bins binsFile: String, matrix matrixFile: String, names: Names) throws -> FluxCovariance {
    let rows = try rows(of: binsFile, names: names)
    let matrix = try MatrixFile.read(matrixFile, size: rows.count)
    for (index, row) in rows.enumerated() {
      guard let error = row.error, matrix[index, index] >= 0 else { continue }
      let found = matrix[index, index].squareRoot()
      guard abs(found - error.value) <= errorTolerance * error.value else {
        throw NuTuneError(
          .badData, at: error.location, key: errorColumn,
          found: "\(error.value) for \(row.bin), but √C = \(found) in \(matrixFile)",
          expected: "the square root of the matrix's diagonal (to \(errorTolerance)): bins in the order of the matrix")
      }
    }
    try checkSize(matrix, of: matrixFile)
    do {
      return try FluxCovariance(bins: rows.map(\.bin), covariance: matrix)
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: error.key == "bins" ? binsFile : matrixFile))
    }
  }

  /// Median of the relative errors above which a matrix is none of relative changes.
  private static let largestMedian = 1.0

  /// Refuses a matrix in %², of which the errors are a hundred times too large.
  private static func checkSize(_ matrix: Matrix, of file: String) throws {
    let errors = matrix.diagonal.filter { $0 > 0 }.map { $0.squareRoot() }.sorted()
    guard !errors.isEmpty, errors[errors.count / 2] > largestMedian else { return }
    throw NuTuneError(
      .badData, at: SourceLocation(file: file), key: "matrix",
      found: "a median error of \(SignificantDigits.text(100 * errors[errors.count / 2], 3)) % of the flux",
      expected: "a covariance of relative changes, 0.0049 for 7 %, neither in %² nor in units of the flux")
  }

  /// One row of the table of bins.
  private struct Row {
    var bin: FluxBin
    var error: (value: Double, location: SourceLocation)?
  }

  private static func rows(of file: String, names: Names) throws -> [Row] {
    let content = "a table of flux bins in CSV, \(columns.joined(separator: ","))"
    var lines = try DelimitedFile(file, content: content).lines
    let header = lines.removeFirst()
    let position = try positions(in: header)
    guard !lines.isEmpty else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), found: "a header without rows", expected: "at least one bin")
    }
    return try lines.enumerated().map { index, line in
      try line.requireFields(header.fields.count, because: "as in the header")
      func known<Value>(_ column: String, _ values: [String: Value]) throws -> Value {
        let field = position[column] ?? 0
        let text = line.fields[field].text
        guard let value = values[text] else {
          throw NuTuneError(
            .badData, at: line.location(of: field), key: column, found: "“\(text)”",
            expected: "one of \(values.keys.sorted().joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: text, among: values.keys.sorted()))
        }
        return value
      }
      func number(_ column: String) throws -> Double { try line.number(position[column] ?? 0, key: column) }
      guard try number("index") == Double(index) else {
        let field = position["index"] ?? 0
        throw NuTuneError(
          .badData, at: line.location(of: field), key: "index", found: "“\(line.fields[field].text)”",
          expected: "\(index), rows in the order of the matrix counted from 0")
      }
      let bin = FluxBin(
        site: try known("detector", names.detectors), mode: try known("horn_mode", names.modes),
        species: try known("flavour", flavors), low: try number("E_low_GeV"), high: try number("E_high_GeV"))
      let error = try position[errorColumn].map { (try line.number($0, key: errorColumn), line.location(of: $0)) }
      return Row(bin: bin, error: error)
    }
  }

  /// Where each column stands in the header.
  private static func positions(in header: DelimitedFile.Line) throws -> [String: Int] {
    var positions: [String: Int] = [:]
    let known = columns + [errorColumn]
    for (index, field) in header.fields.enumerated() {
      guard known.contains(field.text), positions[field.text] == nil else {
        throw NuTuneError(
          .badData, at: header.location(of: index), key: "header", found: "the column “\(field.text)”",
          expected: "each of \(known.joined(separator: ", ")) once",
          suggestion: Suggestion.nearest(to: field.text, among: known))
      }
      positions[field.text] = index
    }
    if let missing = columns.first(where: { positions[$0] == nil }) {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header", found: "no column \(missing)",
        expected: columns.joined(separator: ","))
    }
    return positions
  }
}
