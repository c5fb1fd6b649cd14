import NuTuneCore
import NuTuneImport
import Testing

@Suite("Units of fluxes")
struct FluxUnitTests {
  /// One bin of 0.5 GeV with the content 6; its density.
  private func density(area: String = "cm2", per: String = "GeV", pot: String = "1", energy: String = "GeV") throws
    -> Double
  {
    let folder = try TemporaryFolder()
    let edges = energy == "MeV" ? "1000,1500" : "1,1.5"
    let table = try ColumnTable(commaSeparated: try folder.file("flux.csv", "a,b,c\n\(edges),6\n"))
    let flux = try fluxImport(
      [table], columns: ["low,high,numu"], area: area, per: per, pot: pot, energy: energy)
    try folder.write(try flux.draft(try description("one")))
    let row = try folder.text("fluxes/one.csv").split(separator: "\n")[1].split(separator: ",")
    #expect(row[0] == "1" && row[1] == "1.5")
    return try #require(Double(row[2]))
  }

  @Test("area, width, protons and energy")
  func units() throws {
    #expect(try density() == 6)
    #expect(try density(area: "m2") == 6e-4)
    #expect(try density(per: "bin") == 12)
    #expect(try density(per: "50MeV") == 120)
    #expect(try density(per: "0.5GeV") == 12)
    #expect(try density(pot: "1e21") == 6e-21)
    #expect(try density(energy: "MeV") == 6)
    #expect(try density(per: "bin", energy: "MeV") == 12)
    // MINERvA: ν/m²/1e6 POT/0.5 GeV.
    #expect(abs(try density(area: "m2", per: "0.5GeV", pot: "1e6") / 1.2e-9 - 1) < 1e-14)
  }

  @Test(
    "what is no unit is refused with the choices",
    arguments: [
      ("km2", "GeV", "1", "GeV", "--area: found “km2”; expected cm2 or m2"),
      ("m2", "50", "1", "GeV", "--per: found “50”; expected GeV, 50MeV or another energy, or bin"),
      ("m2", "-1GeV", "1", "GeV", "--per: found “-1GeV”; expected GeV, 50MeV or another energy, or bin"),
      ("m2", "GeV", "0", "GeV", "--pot: found “0”; expected a number above zero"),
      ("m2", "GeV", "1", "TeV", "--energy: found “TeV”; expected GeV or MeV"),
    ])
  func nonsense(area: String, per: String, pot: String, energy: String, sentence: String) throws {
    let error = try #require(throws: NuTuneError.self) {
      _ = try density(area: area, per: per, pot: pot, energy: energy)
    }
    #expect("\(error)" == sentence)
  }
}
