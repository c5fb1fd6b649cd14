import NuTuneCore
import NuTuneImport
import Testing

@Suite("Tables of numbers in text files")
struct TextTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("fields between blanks, commas and brackets, below lines that belong to no table")
  func blanks() throws {
    let path = try folder.file("flux.txt", "FLUX PREDICTION\n#bin #E #flux\n0  [0,0.05]  9.7e9\n1\t[0.05,0.1]  3e10\n")
    let table = try ColumnTable(blankSeparated: path, skip: 1)
    #expect(
      table.rows.map(\.cells) == [
        [.number(0), .number(0), .number(0.05), .number(9.7e9)],
        [.number(1), .number(0.05), .number(0.1), .number(3e10)],
      ])
    #expect(table.names == ["column 1 (0, …)", "column 2 (0, …)", "column 3 (0.05, …)", "column 4 (9.7e9, …)"])
    #expect(table.rows.map(\.location.line) == [3, 4])
    #expect(
      folder.sentence { _ = try ColumnTable(blankSeparated: path, skip: 0) }
        == "flux.txt:1:1: found “FLUX”; expected a line of numbers; --skip 2 leaves out what stands above line 3")
    #expect(folder.sentence { _ = try ColumnTable(blankSeparated: path, skip: 9) }.contains("nothing below line 9"))
    let uneven = try folder.file("uneven.txt", "1 2\n3\n")
    #expect(
      folder.sentence { _ = try ColumnTable(blankSeparated: uneven, skip: 0) }
        == "uneven.txt:2:1: found 1 columns; expected 2, as in line 1")
  }

  @Test("GLoBES files have seven columns and comments after # and %")
  func globes() throws {
    let table = try ColumnTable(globes: try folder.file("g.txt", "% E …\n# more\n0.125 1 2 0 3 4 0\n"))
    #expect(table.rows.count == 1 && table.names[2] == "numu" && table.rows[0].cells[2] == .number(2))
    #expect(!table.hasContent("nutau") && table.hasContent("nuebar"))
    let short = try folder.file("s.txt", "0.125 1 2\n")
    #expect(
      folder.sentence { _ = try ColumnTable(globes: short) }
        == "s.txt:1:9: found 3 columns; expected 7, E nue numu nutau nuebar numubar nutaubar")
  }

  @Test("CSV names its columns; one without header is refused")
  func csv() throws {
    let table = try ColumnTable(commaSeparated: try folder.file("a.csv", "# note\nlow, high,f\n0,1,\n"))
    #expect(table.names == ["low", "high", "f"] && table.rows[0].cells[2] == .empty)
    let bare = try folder.file("b.csv", "0,1,2\n")
    #expect(
      folder.sentence { _ = try ColumnTable(commaSeparated: bare) }.hasPrefix("b.csv:1:1: header: found numbers only"))
    #expect(
      folder.sentence { _ = try ColumnTable(commaSeparated: "\(folder.path)/aa.csv") }.contains("did you mean “a.csv”?")
    )
  }

  @Test("what is said of columns has to fit them")
  func columns() throws {
    let table = try ColumnTable(commaSeparated: try folder.file("a.csv", "a,b,c\n0,1,2\n"))
    #expect(
      folder.sentence { _ = try fluxImport([table], columns: ["low,high"]) }
        == "--columns: found “low,high”; expected 3 names, one for each of a, b, c in a.csv")
    #expect(
      folder.sentence { _ = try fluxImport([table], columns: ["low,high,nume"]) }.hasSuffix("did you mean “nue”?"))
    #expect(
      folder.sentence { _ = try fluxImport([table], columns: []) }
        == "found no --columns; expected --columns (for each of a, b, c in turn, separated by commas, one of low, high, "
        + "center, offaxis, numu, numubar, nue, nuebar, -), or a terminal on which to ask")
    #expect(
      folder.sentence { _ = try fluxImport([table], columns: ["center,-,numu"]) }.contains("no --points"))
    #expect(
      folder.sentence {
        _ = try fluxImport([table], columns: ["center,-,numu"], per: "bin", points: "curve")
      }.contains("as --per bin speaks of bins and a curve has none"))
  }
}
