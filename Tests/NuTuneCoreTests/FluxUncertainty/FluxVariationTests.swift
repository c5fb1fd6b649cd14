import Foundation
import NuTuneCore
import Testing

@Suite("Flux variations")
struct FluxVariationTests {
  static let variation = FluxVariation(
    bins: SyntheticFlux.pair + [FluxBin(site: .far, mode: "fhc", species: .numu, low: 0.5, high: 1)],
    relativeChanges: [0.25, -1.5, 0.125])

  @Test("factors are constant in the bins and exactly 1 outside")
  func factors() {
    let energies = [0, 0.5, 0.999, 1, 1.5, 2, 2.000001, 100]
    let near = Self.variation.factors(site: .near, mode: "fhc", species: .numu, at: energies)
    #expect(near == [1.25, 1.25, 1.25, 0, 0, 0, 1, 1])
    let changes = Self.variation.changes(site: .near, mode: "fhc", species: .numu, at: energies)
    #expect(changes == [0.25, 0.25, 0.25, -1.5, -1.5, -1.5, 0, 0])
    #expect(
      Self.variation.factors(site: .far, mode: "fhc", species: .numu, at: energies) == [
        1, 1.125, 1.125, 1.125, 1, 1, 1, 1,
      ])
  }

  @Test("spectra without bins do not change")
  func otherSpectra() {
    for (site, mode, species) in [
      (DetectorSite.far, "rhc", NeutrinoSpecies.numu), (.near, "fhc", .nue), (.near, "rhc", .numubar),
    ] {
      #expect(Self.variation.factors(site: site, mode: mode, species: species, at: [0.5, 1]) == [1, 1])
      #expect(Self.variation.breakpoints(site: site, mode: mode, species: species) == [])
    }
    #expect(FluxVariation.nominal.factors(site: .near, mode: "fhc", species: .numu, at: [0.5, 1]) == [1, 1])
    #expect(FluxVariation.nominal.changes(site: .near, mode: "fhc", species: .numu, at: []) == [])
  }

  @Test("breakpoints are the edges")
  func breakpoints() {
    #expect(Self.variation.breakpoints(site: .near, mode: "fhc", species: .numu) == [0, 1, 2])
    #expect(Self.variation.breakpoints(site: .far, mode: "fhc", species: .numu) == [0.5, 1])
  }

  @Test("JSON keeps every bit; changes without bins are refused")
  func coding() throws {
    let data = try JSONEncoder().encode(Self.variation)
    #expect(try JSONDecoder().decode(FluxVariation.self, from: data) == Self.variation)
    let text = try #require(String(data: data, encoding: .utf8))
    let shorter = text.replacing("[0.25,", with: "[")
    #expect(shorter != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FluxVariation.self, from: Data(shorter.utf8))
    }
  }
}
