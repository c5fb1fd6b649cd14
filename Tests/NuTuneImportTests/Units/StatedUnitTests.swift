import Foundation
import NuTuneCore
import NuTuneImport
import Testing

/// Units as files state them, through what they allow and refuse.
@Suite("Units that files state")
struct StatedUnitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A flux table with a header line over its numbers.
  private func flux(_ header: String, area: String = "cm2", per: String = "50MeV", pot: String = "1e21") -> String {
    folder.sentence {
      let table = try ColumnTable(
        blankSeparated: try folder.file("f.txt", "\(header)\n0 0.5 1e10\n0.5 1 4e10\n"), skip: 1)
      _ = try fluxImport([table], columns: ["low,high,numu"], area: area, per: per, pot: pot)
        .draft(try description("f"))
    }
  }

  @Test(
    "headers of fluxes as they are published agree with the options they mean",
    arguments: [
      ("Flux [/cm^2/50MeV/1E21]", "cm2", "50MeV", "1e21"), ("#Flux[cm^{-2}/50MeV]", "cm2", "50MeV", "5.7e20"),
      ("flux (1/cm^2/50 MeV/10^21 p.o.t.)", "cm2", "50MeV", "1e21"),
      ("[nu/m^2/0.5 GeV/1e6 POT]", "m2", "0.5GeV", "1e6"),
      ("Φ [cm⁻² GeV⁻¹ POT⁻¹]", "cm2", "GeV", "1"), ("nothing of units", "m2", "GeV", "1"),
      ("[see text] (a.u.)", "m2", "bin", "1"),
    ])
  func agreeing(header: String, area: String, per: String, pot: String) {
    #expect(flux(header, area: area, per: per, pot: pot) == "no error")
  }

  @Test(
    "an option that says something else is refused",
    arguments: [
      ("m2", "50MeV", "1e21"), ("cm2", "GeV", "1e21"), ("cm2", "50MeV", "1e20"), ("cm2", "bin", "1e21"),
    ])
  func contradicting(area: String, per: String, pot: String) {
    let said = flux("Flux [/cm^2/50MeV/1E21]", area: area, per: per, pot: pot)
    #expect(said.hasSuffix("expected what the file says of the header, /cm^2/50MeV/1E21"), "\(said)")
  }

  @Test(
    "energies: a column in MeV is no GeV, by its name in CSV or the header of a text",
    arguments: ["E_low_MeV,E_high_MeV", "low [MeV],high [MeV]", "low (MeV),high (MeV)"])
  func energies(names: String) throws {
    let table = try ColumnTable(commaSeparated: try folder.file("f.csv", "\(names),numu\n0,500,1e-9\n"))
    let said = folder.sentence { _ = try fluxImport([table], columns: ["low,high,numu"], energy: "GeV") }
    #expect(said.hasPrefix("f.csv: --energy: found “GeV”; expected what the file says of “"), "\(said)")
    #expect(said.hasSuffix("MeV"))
    #expect(folder.sentence { _ = try fluxImport([table], columns: ["low,high,numu"], energy: "MeV") } == "no error")
  }

  @Test("a unit that never ends, nests without end or overflows is none")
  func hostile() {
    for text in [
      String(repeating: "(", count: 100_000), "cm^" + String(repeating: "9", count: 150), "1e308*1e308/cm^2",
      String(repeating: "(", count: 40) + "cm" + String(repeating: "^99)", count: 40), "/", "^", "cm^", ")(",
      "1e-400/cm2",
    ] {
      #expect(flux("Flux [\(text)]") == "no error", "\(text.prefix(20))")
    }
  }
}
