import NuTuneCatalog
import NuTuneCore
import NuTuneImport
import Testing

/// Fluxes in the layouts in which T2K and MINERvA publish text; the numbers are made up.
@Suite("Fluxes in published text layouts")
struct TextFluxTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The table of the entry that is made.
  private func table(
    _ text: String, skip: Int, columns: String, transposed: Int? = nil, bins: String? = nil, area: String = "cm2",
    per: String = "50MeV", pot: String = "1e21"
  ) throws -> [String] {
    var table = try ColumnTable(
      blankSeparated: try folder.file("flux.txt", text), skip: skip, transposed: transposed)
    if let bins { table = try table.withBins(try EnergyEdges.read(bins)) }
    let flux = try fluxImport([table], columns: [columns], area: area, per: per, pot: pot, digits: 6)
    try folder.write(try flux.draft(try description("f")))
    return try folder.text("fluxes/f.csv").split(separator: "\n").dropFirst().map(String.init)
  }

  @Test("T2K 2013: index, range, one species and its error")
  func t2k2013() throws {
    let text = """
      Flux [/cm^2/50MeV/1E21]
      1  0.00 - 0.05  1.0e+10  2.0e+08
      2  0.05 - 0.10  4.0e+10  3.0e+08
      3  0.10- 10.00  2.0e+10  1.0e+08

      """
    #expect(
      try table(text, skip: 1, columns: "-,low,high,numu,-") == [
        "0,0.05,2e-10", "0.05,0.1,8e-10", "0.1,10,4e-10",
      ])
  }

  @Test("T2K 2016 and 2020: three lines of header, the range as one word, four species")
  func t2k2020() throws {
    let text = """
      T2K flux at ND280, +250 kA
      [/cm^2/50MeV/10^21 p.o.t.]
      Bin  Energy  numu  numubar  nue  nuebar
      1  0.0-0.1  1e+10  2e+9  3e+8  4e+7
      2  0.1-0.2  2e+10  3e+9  4e+8  5e+7
      220  0.2-3.0  1e+9  1e-05  1e+7  0

      """
    #expect(
      try table(text, skip: 3, columns: "-,low,high,numu,numubar,nue,nuebar") == [
        "0,0.1,2e-10,4e-11,6e-12,8e-13", "0.1,0.2,4e-10,6e-11,8e-12,1e-12", "0.2,3,2e-11,2e-25,2e-13,0",
      ])
  }

  @Test("MINERvA: the flux in one line, its error in the next, the covariance below, bins nowhere")
  func minerva() throws {
    let text = "1e-5 4e-5 2e-5\n1e-6 2e-6 1e-6\n1e-12 0 0\n0 4e-12 0\n0 0 1e-12\n"
    #expect(
      try table(
        text, skip: 0, columns: "low,high,numu,-", transposed: 2, bins: "0:1.5:0.5", area: "m2", per: "0.5GeV",
        pot: "1") == ["0,0.5,2e-09", "0.5,1,8e-09", "1,1.5,4e-09"])
    #expect(
      folder.sentence {
        _ = try table(text, skip: 0, columns: "low,high,numu,-", transposed: 2, bins: "0:1:0.5")
      } == "flux.txt: --bins: found 2 bins; expected 3, one a row")
  }

  @Test("a first edge that is zero but for rounding is zero")
  func firstEdge() throws {
    let text = "3.5e-18 0.5 1e10\n0.5 1 4e10\n"
    #expect(try table(text, skip: 0, columns: "low,high,numu") == ["0,0.5,2e-10", "0.5,1,8e-10"])
    let negative = "-1.4e-17 0.5 1e10\n0.5 1 4e10\n"
    #expect(try table(negative, skip: 0, columns: "low,high,numu").first == "0,0.5,2e-10")
    #expect(folder.sentence { _ = try table("-0.1 0.5 1e10\n", skip: 0, columns: "low,high,numu") }.contains("0 ≤ low"))
  }

  @Test("values that no beam has are refused, and all digits can be asked for")
  func extremes() throws {
    #expect(
      folder.sentence { _ = try table("0 0.5 1e308\n0.5 1 1e308\n", skip: 0, columns: "low,high,numu") }
        .hasPrefix("flux.txt:1: numu: found the flux 1e+308; expected one up to "))
    let path = try folder.file("d.txt", "0 0.1 0.1234567890123456789\n0.1 0.3 0.3\n")
    for digits in [1, 9, 15, 16, 17] {
      let flux = try fluxImport(
        [try ColumnTable(blankSeparated: path, skip: 0)], columns: ["low,high,numu"], pot: "7e20", digits: digits)
      try folder.write(try flux.draft(try description("d\(digits)")))
    }
  }

  @Test("dashes: between edges, before a negative one, in an exponent, as a sign")
  func dashes() throws {
    func cells(_ line: String) throws -> [ColumnTable.Cell] {
      try ColumnTable(blankSeparated: try folder.file("l.txt", line + "\n"), skip: 0).rows[0].cells
    }
    let wanted: [ColumnTable.Cell] = [-1, -0.6, 0.2, 2e-5].map { .number($0) }
    for line in [
      "-1 - -0.6 | 0.2 | 2e-05", "-1--0.6 0.2 2e-05", "[-1, -0.6] 0.2 2e-05", "-1 -0.6 0.2-2e-05",
      "-1 | -0.6 | 0.2 - 2e-05",
      "−1 – −0.6 0.2 2e-05",
    ] {
      #expect(try cells(line) == wanted, "\(line)")
    }
    #expect(folder.sentence { _ = try cells("1 - | 2") }.contains("found “-”"))
  }
}
