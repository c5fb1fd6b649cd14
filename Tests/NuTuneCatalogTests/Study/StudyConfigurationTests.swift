import Foundation
import NuTuneCore
import Testing

@Suite("A study is read with every default filled in")
struct StudyConfigurationTests {
  @Test("values, defaults, presets and the order of models")
  func values() throws {
    let study = try TemporaryStudy().load()
    #expect(study.name == "example")
    #expect(study.models.map(\.label) == ["first", "second"])
    #expect(study.models[0].parameters.number("height") == 0.5)
    #expect(study.models[1].parameters.numbers("network.hidden") == [8, 8])
    #expect(study.models[1].parameters.text("network.activation") == "silu")
    #expect(study.channels == [.numu])
    #expect(study.modes == ["fhc"])
    #expect(study.nearEvents == nil)
    #expect(study.nearSampling == .asimov)
    #expect(study.farEvents == 100)
    #expect(study.farSampling == .poisson)
    #expect(study.networkSeed == 7)
    #expect(study.dataSeed == 1)
    #expect(study.experiment.baseline == Baseline(length: 295, density: 2.6, electronFraction: 0.5))
    #expect(study.experiment.far?.binning == study.experiment.near[0].binning)
    #expect(study.experiment.near[0].binning.grids[0].second.edges == [-1, 0, 0.5, 0.75, 1])
    #expect(study.oscillation.selection.parameters.number("sin2_theta23") == 0.47)
    #expect(study.oscillation.fit == ["sin2_theta23", "dm2_32"])
    let parts = try study.assemble(ConfigurationPlugins.registry())
    #expect(abs(try parts.oscillation.value(of: "dm2_32") - 2.425e-3) < 1e-15)
    #expect(study.samples(at: .far).map(\.name) == ["far-numu-fhc"])
  }

  @Test("an explicit oscillation parameter replaces the preset's, also one that says the same otherwise")
  func explicitOverPreset() throws {
    let study = try TemporaryStudy().load(["oscillation.dm2_32=2.6e-3", "oscillation.sin2_theta23=0.6"])
    #expect(study.oscillation.selection.parameters.optionalNumber("dm2_31") == nil)
    #expect(study.oscillation.selection.parameters.number("dm2_32") == 2.6e-3)
    #expect(study.oscillation.selection.parameters.number("sin2_theta23") == 0.6)
    #expect(study.oscillation.selection.parameters.number("dm2_21") == 7.5e-5)
  }
}
