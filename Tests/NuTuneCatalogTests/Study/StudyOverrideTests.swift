import Foundation
import NuTuneCore
import Testing

@Suite("--set changes any value of a study")
struct StudyOverrideTests {
  @Test("plugin parameters, sections, catalog entries and new models")
  func changes() throws {
    let study = try TemporaryStudy().load([
      "models.second.network.hidden=[64,64,64]", "near.events=3.0e7", "fold.cell_scale=2", "slices.energies=[1, 2]",
      "experiment.target=Ar40", "experiment.near.fluxes.fhc.maximum=10 GeV",
      "experiment.near.binning.lepton_energy={from: 0.2, to: 8, bins: 39}", "models.third={model: flat}",
      "channels=[nue]",
    ])
    #expect(study.models[1].parameters.numbers("network.hidden") == [64, 64, 64])
    #expect(study.nearEvents == 3e7)
    #expect(study.nearSampling == .poisson)
    #expect(study.fold.number("cell_scale") == 2)
    #expect(study.slices.numbers("energies") == [1, 2])
    #expect(study.experiment.target.name == "Ar40")
    #expect(study.experiment.base == "small")
    #expect(study.experiment.near[0].fluxes[0].selection.parameters.number("maximum") == 10)
    #expect(study.experiment.near[0].fluxes[0].selection.directory.hasSuffix("catalogs/fluxes"))
    #expect(study.experiment.far?.fluxes[0].selection.parameters.number("maximum") == 20)
    #expect(study.experiment.near[0].binning.grids[0].first.count == 39)
    #expect(study.experiment.near[0].binning.grids[0].second.count == 4)
    #expect(study.models.map(\.label) == ["first", "second", "third"])
    #expect(study.channels == [.nue])
  }

  @Test("a file name is relative to the file in which it stands, on the command line to the study")
  func files() throws {
    // A flux that builds on a catalog entry, with a table beside the study.
    let overridden = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: overridden.folder) }
    let change = "experiment.near.fluxes.fhc.file=mine.csv"
    #expect(throws: NuTuneError.self) { try overridden.load([change]).check(try ConfigurationPlugins.registry()) }
    try overridden.write("0\n", to: "mine.csv")
    try overridden.load([change]).check(try ConfigurationPlugins.registry())

    let written = try TemporaryStudy([
      (
        "study.yaml", "experiment: small",
        "experiment: {base: small, near: {fluxes: {fhc: {base: beam, file: mine.csv}}}}"
      )
    ])
    defer { try? FileManager.default.removeItem(atPath: written.folder) }
    try written.write("0\n", to: "mine.csv")
    let study = try written.load()
    try study.check(try ConfigurationPlugins.registry())
    #expect(study.experiment.near[0].fluxes[0].selection.directories["file"] == written.folder)
    #expect(study.experiment.far?.fluxes[0].selection.directories["file"] == written.folder + "/catalogs/fluxes")
  }

  @Test("another model replaces the parameters of the first; other observables replace the bins")
  func replacement() throws {
    let study = try TemporaryStudy().load([
      "experiment.near.binning={transverse_momentum: [0, 1, 2], longitudinal_momentum: [0, 5]}"
    ])
    #expect(study.experiment.near[0].binning.observableNames[0] == .transverseMomentum)
    #expect(study.experiment.far?.binning.count == 2)
  }

  @Test("bins may be given in either order")
  func order() throws {
    let study = try TemporaryStudy().load(["experiment.near.binning={theta: [0, 90], lepton_momentum: [0, 1, 2]}"])
    #expect(study.experiment.near[0].binning.observableNames[0] == .leptonMomentum)
    #expect(study.experiment.near[0].binning.observableNames[1] == .theta)
  }

  @Test(
    "mistakes say that they came from --set",
    arguments: [
      ("modles.first.height=1", "--set: modles: found an unknown key", NuTuneError.Category.badData),
      ("models.first.height=tall", "--set: models.first.height: found “tall”", .badData),
      (
        "models.first.height.x=1",
        "--set: models.first.height.x: found “0.5” at models.first.height; expected a mapping above “x”", .badData
      ),
      ("near.events", "--set: found “near.events”; expected path.to.key=value", .usage),
      ("near..events=3", "--set: found “near..events=3”; expected path.to.key=value", .usage),
      ("name.x=3", "--set: name.x: found “example” at name; expected a mapping above “x”", .badData),
      ("near.events=[1", "--set: found did not find expected ',' or ']'", .badData),
    ])
  func mistakes(_ change: String, _ sentence: String, _ category: NuTuneError.Category) throws {
    let error = try #require(try TemporaryStudy().errors([change]).first)
    #expect(error.description.hasPrefix(sentence), "\(error)")
    #expect(error.category == category)
  }
}
