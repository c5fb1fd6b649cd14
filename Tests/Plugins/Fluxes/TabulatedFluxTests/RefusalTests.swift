import NuTuneCore
import TabulatedFlux
import Testing

@Suite("What a flux table is refused for")
struct RefusalTests {
  private static let header = "E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT,nue_per_cm2_per_GeV_per_POT"

  @Test(
    "a bad table, and where it is bad",
    arguments: [
      (
        "0,0.5,1e-9,1e-11\n0.5,1,nan,1e-11",
        "table.csv:3:7: numu_per_cm2_per_GeV_per_POT: found “nan”; "
          + "expected a finite number"
      ),
      (
        "0,0.5,1e-9,1e-11\n0.5,1,  inf,1e-11",
        "table.csv:3:9: numu_per_cm2_per_GeV_per_POT: found “inf”; "
          + "expected a finite number"
      ),
      (
        "0,0.5,1e-9,many", "table.csv:2:12: nue_per_cm2_per_GeV_per_POT: found “many”; expected a finite number"
      ),
      (
        "0,0.5,1e-9,-1e-11",
        "table.csv:2:12: nue: found the negative flux -1e-11; expected a flux ≥ 0 in ν/cm²/GeV/POT"
      ),
      (
        "0,0.5,1,1\n0.4,1,1,1",
        "table.csv:3:1: energy bins: found E_low 0.4 after E_high 0.5, overlapping or out of "
          + "order; expected E_low equal to the E_high of the row above"
      ),
      (
        "0,0.5,1,1\n\n# a comment\n0.6,1,1,1",
        "table.csv:5:1: energy bins: found E_low 0.6 after E_high 0.5, leaving a "
          + "gap; expected E_low equal to the E_high of the row above"
      ),
      (
        "0.5,0.5,1,1",
        "table.csv:2:5: energy bins: found E_high 0.5 not above E_low 0.5; expected strictly increasing "
          + "edges"
      ),
      ("-1,0.5,1,1", "table.csv:2:1: energy bins: found E_low -1.0; expected an energy ≥ 0 in GeV"),
      ("0,0.5,1", "table.csv:2:7: found 3 columns; expected 4, as in the header"),
      ("0,0.5,1,1,1", "table.csv:2:9: found 5 columns; expected 4, as in the header"),
      ("", "table.csv:1:1: found a header without rows; expected at least one energy bin"),
    ])
  func rows(rows: String, expected: String) throws {
    #expect(try TemporaryTable(Self.header + "\n" + rows + "\n").sentence() == expected)
  }

  @Test(
    "a bad header",
    arguments: [
      (
        "E_low,E_high_GeV,numu_per_cm2_per_GeV_per_POT",
        "table.csv:1:1: header: found “E_low”; expected the column "
          + "E_low_GeV"
      ),
      ("E_low_GeV", "table.csv:1:1: header: found “E_low_GeV”; expected the column E_high_GeV"),
      (
        "E_low_GeV,E_high_GeV",
        "table.csv:1:1: header: found no flux column; expected at least one column "
          + "<species>_per_cm2_per_GeV_per_POT"
      ),
      (
        "E_low_GeV,E_high_GeV,numu_per_m2_per_GeV_per_POT",
        "table.csv:1:22: header: found the column "
          + "“numu_per_m2_per_GeV_per_POT”; expected <species>_per_cm2_per_GeV_per_POT, the flux of a species in "
          + "ν/cm²/GeV/POT"
      ),
      (
        "E_low_GeV,E_high_GeV,numo_per_cm2_per_GeV_per_POT",
        "table.csv:1:22: header: found the channel “numo”; "
          + "expected one of numu, numubar, nue, nuebar; did you mean “numu”?"
      ),
      (
        "E_low_GeV,E_high_GeV,nue_per_cm2_per_GeV_per_POT,nue_per_cm2_per_GeV_per_POT",
        "table.csv:1:50: header: found a second column of nue; expected one"
      ),
    ])
  func header(header: String, expected: String) throws {
    #expect(try TemporaryTable(header + "\n0,1,1,1\n").sentence() == expected)
  }

  private static let content = "a flux table in CSV, E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT,…"

  @Test("a file that is empty, missing, or off axis where there is no axis")
  func files() throws {
    for text in ["", "\n\n", "# nothing but a comment\n"] {
      #expect(
        try TemporaryTable(text).sentence()
          == "table.csv: found an empty file; expected \(Self.content)")
    }
    let table = try TemporaryTable(Self.header + "\n0,1,1,1\n")
    #expect(table.sentence(file: "other.csv") == "other.csv: found no such file; expected \(Self.content)")
    do {
      _ = try table.provider(file: "other.csv")
    } catch let error as NuTuneError { #expect(error.category == .missingInput) }
    #expect(
      table.sentence(offaxis: "6")
        == "entry.yaml:2:10: offaxis: found an off-axis position; expected none, as table.csv has no column offaxis_m")
  }

  @Test("Windows line ends, a byte order mark, spaces and edges rounded in print are read")
  func tolerance() throws {
    let text = "\u{FEFF}" + Self.header + "\r\n0, 0.3, 1, 2\r\n0.30000000000000004,1,3,4\r\n"
    let flux = try TemporaryTable(text).provider()
    #expect(flux.breakpoints == [0, 0.3, 1])
    #expect(try abs(flux.integral(of: .nue, over: 0...1) - 3.4) < 1e-14)
  }

  @Test("a channel the flux does not have")
  func missingChannel() throws {
    let table = try TemporaryTable(Self.header + "\n0,1,1,1\n")
    do {
      _ = try table.provider().density(of: .numubar, at: [1])
      Issue.record("no error")
    } catch let error as NuTuneError {
      #expect(
        "\(error)".replacing(table.directory.path + "/", with: "")
          == "table.csv: channel: found numubar, a channel the flux does not have; expected one of numu, nue")
      #expect(error.category == .badData)
    }
  }
}
