import NuTuneCatalog
import NuTuneCore
import NuTuneImport
import NuTuneNumerics
import Testing

@Suite("Covariances larger than a measurement")
struct CovarianceRowTests {
  private let place: MeasurementPlace

  init() throws { place = try MeasurementPlace() }

  /// A grid of bins in (cosθ, p), p fastest, with relative errors that fit `distinctCovariance`.
  private func grid(_ cosines: Int, _ momenta: Int) throws -> ColumnTable {
    var text = ""
    for i in 0..<cosines {
      let edges = "\(Double(i) / Double(cosines)) \(Double(i + 1) / Double(cosines))"
      for j in 0..<momenta { text += "\(edges) \(0.2 * Double(j)) \(0.2 * Double(j + 1)) 4\n" }
    }
    return try ColumnTable(blankSeparated: try place.folder.file("grid.txt", text), skip: 0)
  }

  private func covariance(_ table: ColumnTable, _ matrix: [[Double]], rows: String?) throws -> Matrix {
    let found = try place.measurement([table], columns: MeasurementPlace.columns) {
      $0.covariance = [try place.folder.file("big.txt", lines(matrix))]
      $0.covarianceRows = rows.map { [$0] } ?? []
    }
    return try #require(found.covariance)
  }

  private func expect(_ found: Matrix, is rows: [Int], of matrix: [[Double]]) {
    for (i, row) in rows.enumerated() {
      for (j, column) in rows.enumerated() { #expect(found[i, j] == matrix[row][column]) }
    }
  }

  @Test("240 × 240 with the flow bins of a histogram of 14 × 13 around its bins")
  func flowBins() throws {
    let matrix = distinctCovariance(240)
    let table = try grid(13, 14)
    let rows = (1...13).flatMap { y in (1...14).map { x in x + 16 * y } }
    expect(try covariance(table, matrix, rows: "flow:14x13"), is: rows, of: matrix)
    let said = place.folder.sentence { _ = try covariance(table, matrix, rows: nil) }
    #expect(
      said
        == "big.txt: covariance: found 240 × 240 elements; expected 182 × 182; --covariance-rows says which rows of a "
        + "larger matrix belong to the bins: flow:13x14 or flow:14x13, if 240 is (13 + 2) × (14 + 2), bins with their "
        + "under- and overflow")
    #expect(
      place.folder.sentence { _ = try covariance(table, matrix, rows: "flow:14x12") }
        == "big.txt: covariance: found 240 rows; expected 224, (14 + 2) × (12 + 2), as --covariance-rows says")
  }

  @Test("116 × 116 of two measurements, cut to the block of the second")
  func joint() throws {
    let matrix = distinctCovariance(116)
    let table = try grid(2, 29)
    expect(try covariance(table, matrix, rows: "58-115"), is: Array(58...115), of: matrix)
    expect(try covariance(table, matrix, rows: "0-28,87-115"), is: Array(0...28) + Array(87...115), of: matrix)
    #expect(
      place.folder.sentence { _ = try covariance(table, matrix, rows: nil) }
        .hasSuffix("belong to the bins: 0-57 for the first block of 2"))
    for rows in ["58-116", "0-57,57-57"] {
      #expect(place.folder.sentence { _ = try covariance(table, matrix, rows: rows) }.contains("found 116 rows"))
    }
    #expect(
      place.folder.sentence { _ = try covariance(table, matrix, rows: "1-2-3") }.hasPrefix(
        "--covariance-rows: found “1-2-3”; expected all, ranges counted from 0"))
    for rows in ["", "x", "-1-3", "5-3", "flow:", "flow:0x4", "flow:99999x99999", "0-99999999999999999999"] {
      #expect(
        place.folder.sentence { _ = try covariance(table, matrix, rows: rows) }.hasPrefix("--covariance-rows: found “"))
    }
  }

  @Test("one row of under- and one of overflow around the bins")
  func inner() throws {
    let matrix = distinctCovariance(8)
    let table = try grid(2, 3)
    expect(try covariance(table, matrix, rows: "inner"), is: Array(1...6), of: matrix)
    #expect(
      place.folder.sentence { _ = try covariance(table, matrix, rows: nil) }
        .hasSuffix(": inner, if the first and last are those of under- and overflow"))
  }

  @Test("a column that names the row of each bin")
  func column() throws {
    let matrix = distinctCovariance(6)
    let text = "4 -1 0 0.2 0.6 2\n0 -1 0 0.6 1 3\n5 0 1 0.2 0.6 4\n2 0 1 0.6 1 5\n"
    func measurement(_ text: String) throws -> CrossSectionMeasurement {
      let table = try ColumnTable(blankSeparated: try place.folder.file("m.txt", text), skip: 0)
      return try place.measurement([table], columns: "row,\(MeasurementPlace.columns)") {
        $0.covariance = [try place.folder.file("big.txt", lines(matrix))]
      }
    }
    expect(try #require(try measurement(text).covariance), is: [4, 0, 5, 2], of: matrix)
    #expect(
      place.folder.sentence { _ = try measurement(text.replacing("5 0 1 0.2", with: "6 0 1 0.2")) }
        == "big.txt: covariance: found a column “row” from 0 to 6; expected rows from 0 to 5, each once")
    #expect(
      place.folder.sentence { _ = try measurement(text.replacing("5 0 1 0.2", with: "0.5 0 1 0.2")) }
        .hasPrefix("m.txt:3: column 1 (4, …): found 0.5; expected the row of the covariance"))
  }
}
