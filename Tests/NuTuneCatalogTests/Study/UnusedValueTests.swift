import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

/// Values that are given and not used, and which far flux a study takes.
@Suite struct UnusedValueTests {
  private func unused(_ study: StudyConfiguration) -> [String] { study.unusedValues.map(\.key) }

  @Test func nothingIsSaidOfAStudyThatUsesAll() throws {
    let folder = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    #expect(try unused(folder.load()).isEmpty)
  }

  @Test(arguments: [
    ("experiment.far.exposure={pot: 1e21, mass: 14 kt}", "experiment.far.exposure"),
    ("experiment.near.exposure={pot: 1e21, mass: 1 t}", "experiment.near.exposure"),
    ("systematics.flux.scale=2", "systematics.flux.scale"),
    ("systematics.statistics.method=redraw", "systematics.statistics.method"),
    ("fit.nuisance.retune=false", "fit.nuisance.retune"),
    ("near={events: 1e6, precision: 1e5}", "near.precision"),
  ]) func aValueWithoutEffectIsSaid(change: String, key: String) throws {
    let folder = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    let found = try folder.load([change]).unusedValues
    #expect(found.map(\.key) == [key])
    #expect(found.first?.location?.file == "--set")
  }

  /// A far detector whose bins are those of the near one has none that could be left unused.
  @Test func binsOfTheNearDetectorAreNotThoseOfAFarOneThatIsReplaced() throws {
    let folder = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    let predicted = "predict={experiment: small, at: far}"
    let edges = "binning={lepton_energy: {from: 0.3, to: 2, bins: 5}, cos_theta: [-1, 0, 1]}"
    #expect(try unused(folder.load([predicted, "experiment.near.\(edges)"])) == [])
    #expect(try unused(folder.load([predicted, "experiment.far.\(edges)"])) == ["experiment.far"])
  }

  @Test func anExposureBesideItsEventsSaysWhatTheyAreFor() throws {
    let folder = try TemporaryStudy([
      (
        "catalogs/experiments/small.yaml", "far:\n", "far:\n  exposure: {pot: 1e21, mass: 1 kt}\n  events: 20\n"
      )
    ])
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    #expect(try unused(folder.load()).isEmpty)
    #expect(try unused(folder.load(["experiment.far.exposure.pot=2e21"])) == ["experiment.far.exposure"])
  }

  @Test func theFarFluxIsOnesOwnUnlessTheExperimentOrTheStudySaysOtherwise() throws {
    let folder = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    #expect(try folder.load().usesOwnFarFlux)
    #expect(try !folder.load(["far.flux=near"]).usesOwnFarFlux)
    #expect(try !folder.load(["experiment.far.flux=near"]).usesOwnFarFlux)
    #expect(try folder.load(["experiment.far.flux=near", "far.flux=own"]).usesOwnFarFlux)
    #expect(try folder.load(["far.flux=near"]).effective.values["far.flux"] == .text("near"))
    #expect(try folder.load().effective.values["far.flux"] == .text("own"))
  }

  @Test func fewPseudoExperimentsAreRefusedBeforeAnythingIsComputed() throws {
    let folder = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    #expect(throws: NuTuneError.self) { try folder.load(["fit.feldman_cousins=21"]) }
    #expect(throws: NuTuneError.self) { try folder.load(["fit.feldman_cousins=22", "fit.nuisance.energy_scale=0.01"]) }
    #expect(throws: NuTuneError.self) {
      try folder.load(["fit.feldman_cousins=22", "far={events: 1e10, sample: asimov}"])
    }
    _ = try folder.load(["fit.feldman_cousins=22"])
  }
}
