import NuTuneCore
import NuTuneImport
import NuTuneNumerics
import Testing

@Suite("Layouts of covariances")
struct CovarianceLayoutTests {
  private let place: MeasurementPlace

  init() throws { place = try MeasurementPlace() }

  @Test(
    "the same matrix in every layout",
    arguments: [
      MeasurementPlace.statistical,
      "0.04 0.01 0 0\n0.09 0 0\n0.16 0.02\n0.25\n",
      "0.04\n0.01,0.09\n0,0,0.16\n0,0,0.02,0.25\n",
      "0.04 0.01 0 0\n0 0.09 0 0\n0 0 0.16 0.02\n0 0 0 0.25\n",
      "0 0 0.04\n0 1 0.01\n0 2 0\n0 3 0\n1 1 0.09\n1 2 0\n1 3 0\n2 2 0.16\n2 3 0.02\n3 3 0.25\n",
      "Units: cross-section (10^-39 cm2/(nucleon x GeV))\n\nrow (bin i) - column (bin j) | element\n"
        + "1 - 1 | 0.04\n2 - 1 | 0.01\n2 - 2 | 0.09\n3 - 1 | 0\n3 - 2 | 0\n3 - 3 | 0.16\n4 - 1 | 0\n4 - 2 | 0\n"
        + "4 - 3 | 0.02\n4 - 4 | 0.25\n",
    ])
  func layouts(text: String) throws {
    #expect(try place.small(text).covariance?.elements == MeasurementPlace.matrix)
  }

  @Test("a triangle of zeros counts as left out, and the user is told")
  func halfOfZeros() throws {
    let table = try ColumnTable(blankSeparated: try place.folder.file("m.txt", MeasurementPlace.bins), skip: 0)
    let draft = try place.draft([table], columns: MeasurementPlace.columns) {
      $0.covariance = [try place.folder.file("c.txt", "0.04 0.01 0 0\n0 0.09 0 0\n0 0 0.16 0.02\n0 0 0 0.25\n")]
    }
    #expect(
      draft.hints.contains { $0.hasSuffix("below the diagonal stands nothing but zero; what is above counts for both") }
    )
  }

  @Test("three lines of three numbers are a matrix of three bins, and a triangle of two")
  func threeByThree() throws {
    let rows = "0 1 0.6 2\n0 1 0.8 2\n0 1 1 2\n".split(separator: "\n").map(String.init)
    func matrix(_ bins: Int, _ text: String) throws -> [Double]? {
      let edges = [0.2, 0.6, 0.8, 1]
      let table = (0..<bins).map { "0 1 \(edges[$0]) \(edges[$0 + 1]) 2\n" }.joined()
      let read = try ColumnTable(blankSeparated: try place.folder.file("b.txt", table), skip: 0)
      return try place.measurement([read], columns: MeasurementPlace.columns) {
        $0.covariance = [try place.folder.file("c.txt", text)]
      }.covariance?.elements
    }
    #expect(rows.count == 3)
    #expect(try matrix(3, "1 0 0\n0 1 0\n0 0 1\n") == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(try matrix(2, "0 0 0.04\n0 1 0.01\n1 1 0.09\n") == [0.04, 0.01, 0.01, 0.09])
  }

  @Test(
    "what is no matrix",
    arguments: [
      (
        "0.04 0.01\n0.09\n1 2\n",
        "c0.txt:1:1: matrix: found 2 numbers in one of 3 lines; expected 3 in each, the triangle"
      ),
      ("0 0 1\n0 1 0\n0 0 1\n1 1 1\n", "c0.txt:3:1: covariance: found element (0, 0) a second time"),
      ("0 0 1\n0 1 0\n1 1 1\n2 2 1\n", "c0.txt: covariance: found no element (0, 2), counted from 0"),
      ("2 2 1\n2 3 0\n3 3 1\n4 4 1\n", "c0.txt: matrix: found indices from 2 on"),
      ("no numbers\n", "c0.txt: matrix: found no numbers"),
    ])
  func mistakes(text: String, sentence: String) {
    let said = place.folder.sentence { _ = try place.small(text) }
    #expect(said.hasPrefix(sentence), "\(said)")
  }

  @Test("HEPData: the variable by its name, elements where their indices say")
  func hepData() throws {
    // The order of the elements is that of a shuffled table; indices count from 1.
    var elements: [(row: Int, column: Int, value: Double)] = []
    for place in (0..<16).map({ ($0 * 7 + 3) % 16 }) {
      elements.append((place / 4, place % 4, MeasurementPlace.matrix[place]))
    }
    func list(_ values: [Double]) -> String { "[" + values.map { "{value: \($0)}" }.joined(separator: ", ") + "]" }
    let path = try place.folder.file(
      "cov.yaml",
      """
      independent_variables:
      - {header: {name: i}, values: \(list(elements.map { Double($0.row + 1) }))}
      - {header: {name: j}, values: \(list(elements.map { Double($0.column + 1) }))}
      dependent_variables:
      - {header: {name: zero, units: "(1E-39 CM**2/GEV/NUCLEON)**2"}, values: \(list(elements.map { _ in 0 }))}
      - {header: {name: stat, units: "(1E-39 CM**2/GEV/NUCLEON)**2"}, values: \(list(elements.map(\.value)))}

      """)
    let table = try ColumnTable(blankSeparated: try place.folder.file("m.txt", MeasurementPlace.bins), skip: 0)
    func measurement(_ source: String, unit: String = MeasurementPlace.unit) throws -> [Double]? {
      try place.measurement([table], columns: MeasurementPlace.columns) {
        ($0.covariance, $0.covarianceUnit) = ([source], [unit])
      }.covariance?.elements
    }
    #expect(try measurement("\(path):stat") == MeasurementPlace.matrix)
    #expect(
      place.folder.sentence { _ = try measurement(path) }
        == "--covariance: found 2 matrices in cov.yaml; expected one of them behind the file: cov.yaml:zero, cov.yaml:stat"
    )
    #expect(place.folder.sentence { _ = try measurement("\(path):stt") }.hasSuffix("did you mean “stat”?"))
    #expect(
      place.folder.sentence { _ = try measurement("\(path):stat", unit: "1e-38 cm2/GeV/nucleon") }
        == "cov.yaml: --covariance-unit: found “1e-38 cm2/GeV/nucleon”; expected what the file says of “stat”, "
        + "(1E-39 CM**2/GEV/NUCLEON)**2")
  }
}
