import Foundation
import NuTuneCore
import Testing

@Suite("Flux covariances of the catalog")
struct FluxCovarianceConfigurationTests {
  @Test("published tables")
  func tables() throws {
    let temporary = try TemporaryFluxCovariance()
    defer { temporary.remove() }
    let flux = try temporary.load("tables")
    #expect(flux.name == "tables" && flux.title == "Two bins" && flux.citations.map(\.key) == ["Flux:2020"])
    #expect(
      flux.covariance.bins == [
        FluxBin(site: .near, mode: "fhc", species: .numubar, low: 0, high: 0.5),
        FluxBin(site: .near, mode: "fhc", species: .numubar, low: 0.5, high: 2),
        FluxBin(site: .far, mode: "fhc", species: .numu, low: 0, high: 1),
      ])
    #expect(flux.covariance.covariance.elements == [0.01, 0.01, 0, 0.01, 0.04, 0, 0, 0, 0.01])
    #expect(
      flux.files == ["bins.csv", "matrix.csv"].map { "\(temporary.folder)/catalogs/flux-covariances/\($0)" })
  }

  @Test("components add up as their formula says")
  func components() throws {
    let temporary = try TemporaryFluxCovariance()
    defer { temporary.remove() }
    let covariance = try temporary.load("made").covariance
    #expect(covariance.bins.count == 12)
    func element(_ first: String, _ second: String) throws -> Double {
      let names = covariance.bins.map(\.description)
      return covariance.covariance[
        try #require(names.firstIndex(of: first)), try #require(names.firstIndex(of: second))]
    }
    // Middles are at 1, 3 and 2 GeV: the focusing component is 0.02 and −0.04 there.
    let (low, high) = ("near fhc numu 0–2 GeV", "near fhc numu 2–4 GeV")
    let distance = exp(-log(3.0) * log(3.0) / 2)
    #expect(abs(try element(low, low) - (0.01 + 0.0004)) < 1e-16)
    #expect(abs(try element(low, high) - (0.01 * distance - 0.0008)) < 1e-16)
    #expect(abs(try element(low, "far fhc numu 2–4 GeV") - (0.009 * distance - 0.0008)) < 1e-16)
    #expect(abs(try element(low, "near rhc numu 0–2 GeV") - 0.008) < 1e-16)
    #expect(abs(try element("near rhc numu 0–2 GeV", "far rhc numu 0–2 GeV") - 0.009) < 1e-16)
    let electrons = exp(-log(2.0) * log(2.0) / 2)
    #expect(abs(try element(low, "far rhc nuebar 1–3 GeV") - 0.01 * 0.9 * 0.8 * 0.5 * electrons) < 1e-16)
  }

  @Test("fractions are linear in ln E between knots and constant outside")
  func knots() throws {
    let temporary = try TemporaryFluxCovariance([
      ("made.yaml", "fraction: 0.1", "fraction: 0"), ("made.yaml", "[0, 2, 4]", "[0, 1, 2, 9]"),
    ])
    defer { temporary.remove() }
    // Middles at 0.5, 1.5 and 5.5 GeV, knots 0.02 at 1 and −0.04 at 3 GeV.
    let errors = try temporary.load("made").covariance.fractionalErrors
    let expected = [0.02, abs(0.02 - 0.06 * log(1.5) / log(3)), 0.04, 0]
    for (error, value) in zip(errors, expected) { #expect(abs(error - value) < 1e-16) }
  }

  @Test("files are looked for in NUTUNE_DATA, then in shared/data beside the folder of the catalogs")
  func dataFolder() throws {
    let temporary = try TemporaryFluxCovariance([
      ("tables.yaml", "bins: bins.csv", "bins: $NUTUNE_DATA/flux/bins.csv")
    ])
    defer { temporary.remove() }
    let folder = (temporary.folder as NSString).deletingLastPathComponent
    let absent = try #require(temporary.errors("tables").first)
    #expect(absent.category == .missingInput && absent.category.rawValue == 66)
    #expect(absent.location?.description == "tables.yaml:7:7" && absent.key == "bins")
    #expect(absent.found == "no folder with flux/bins.csv (NUTUNE_DATA is not set, no \(folder)/shared/data)")
    #expect(absent.expected.contains("NUTUNE_DATA"))

    try temporary.write(TemporaryFluxCovariance.bins, to: "../shared/data/flux/bins.csv")
    #expect(try temporary.load("tables").files[0] == "\(folder)/shared/data/flux/bins.csv")
    #expect(try temporary.load("tables", environment: ["NUTUNE_DATA": ""]).covariance.bins.count == 3)

    let elsewhere = temporary.errors("tables", environment: ["NUTUNE_DATA": folder + "/elsewhere"])
    #expect(elsewhere.map(\.category) == [.missingInput])
    #expect(elsewhere.first?.found == "no such file (\(folder)/elsewhere/flux/bins.csv)")
    try temporary.write(TemporaryFluxCovariance.bins, to: "../elsewhere/flux/bins.csv")
    let named = try temporary.load("tables", environment: ["NUTUNE_DATA": folder + "/elsewhere"])
    #expect(named.files[0] == "\(folder)/elsewhere/flux/bins.csv")
  }

  @Test("an entry without its data can be listed")
  func listed() throws {
    let temporary = try TemporaryFluxCovariance([("matrix.csv", "0.01", nil)])
    defer { temporary.remove() }
    #expect(temporary.catalog.names(of: .fluxCovariances) == ["made", "tables"])
    #expect(try temporary.catalog.entry(.fluxCovariances, named: "tables").title == "Two bins")
    let error = try #require(temporary.errors("tables").first)
    #expect(error.category == .missingInput && error.key == "matrix")
    #expect(error.found == "no such file (catalogs/flux-covariances/matrix.csv)")
  }

  @Test("an unknown name brings the nearest")
  func unknownName() throws {
    let temporary = try TemporaryFluxCovariance()
    defer { temporary.remove() }
    let error = try #require(temporary.errors("table").first)
    #expect(error.found == "the unknown flux-covariance “table”" && error.suggestion == "tables")
  }
}
