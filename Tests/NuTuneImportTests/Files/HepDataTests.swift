import NuTuneCore
import NuTuneImport
import Testing

@Suite("HEPData tables")
struct HepDataTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("bins, values, errors by label, percents and unequal errors")
  func table() throws {
    let path = try folder.file(
      "table.yaml",
      """
      dependent_variables:
      - header: {name: D2SIG, units: 1E-39 CM**2}
        qualifiers: [{name: RE, value: NUMU}]
        values:
        - {value: 2.0, errors: [{label: stat, symerror: 0.1}, {label: sys, symerror: 5%}]}
        - {value: 4.0, errors: [{label: stat, symerror: 0.2}, {label: sys, asymerror: {plus: 0.3, minus: -0.5}}]}
      independent_variables:
      - header: {name: P, units: GEV}
        values: [{low: 0, high: 0.5}, {low: 0.5, high: 1}]
      - header: {name: BIN}
        values: [{value: 1}, {value: 2}]
      """)
    let table = try ColumnTable(hepData: path)
    #expect(
      table.names == [
        "P [GEV] low", "P [GEV] high", "BIN", "D2SIG [1E-39 CM**2]", "D2SIG [1E-39 CM**2] ± stat",
        "D2SIG [1E-39 CM**2] ± sys",
      ])
    #expect(
      table.rows.map(\.cells) == [
        [.number(0), .number(0.5), .number(1), .number(2), .number(0.1), .number(0.1)],
        [.number(0.5), .number(1), .number(2), .number(4), .number(0.2), .number(0.4)],
      ])
  }

  @Test("what is no HEPData table")
  func mistakes() throws {
    let bare = try folder.file("bare.yaml", "values: [1]\n")
    #expect(
      folder.sentence { _ = try ColumnTable(hepData: bare) }
        == "bare.yaml:1:1: independent_variables: found nothing; expected a list of variables, as in a table of a HEPData "
        + "submission")
    let uneven = try folder.file(
      "uneven.yaml",
      """
      independent_variables: [{header: {name: P}, values: [{low: 0, high: 1}]}]
      dependent_variables: [{header: {name: S}, values: [{value: 1}, {value: 2}]}]
      """)
    #expect(folder.sentence { _ = try ColumnTable(hepData: uneven) }.contains("found variables with 1, 1, 2 values"))
  }
}
