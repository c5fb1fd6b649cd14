import Foundation
import NuTuneCore
import NuTuneStudy
import Testing

@Suite("The effective study says everything")
struct EffectiveStudyTests {
  @Test("defaults of sections and plugins are in it")
  func defaults() throws {
    let values = try TemporaryStudy().load().effective.values
    #expect(values["models.first.model"] == .text("flat"))
    #expect(values["models.first.height"] == .number(0.5))
    #expect(values["models.second.height"] == .number(1))
    #expect(values["truth.network.activation"] == .text("silu"))
    #expect(values["near.events"] == .text("infinite"))
    #expect(values["near.sample"] == .text("asimov"))
    #expect(values["fold.nodes_w2"] == .integer(140))
    #expect(values["seed.network"] == .integer(7))
    #expect(values["seed.data"] == .integer(1))
    let seeded = try TemporaryStudy().load(["seed={study: 5}"])
    #expect(seeded.effective.values["seed.network"] == .integer(5))
    #expect(seeded.effective.values["seed.data"] == .integer(5))
    #expect(values["experiment.base"] == .text("small"))
    #expect(values["experiment.near.binning.cos_theta"] == .numbers([-1, 0, 0.5, 0.75, 1]))
    #expect(values["experiment.far.fluxes.fhc.base"] == .text("beam"))
    #expect(values["oscillation.dm2_31"] == .number(2.5e-3))
    #expect(values["oscillation.preset"] == .text("usual"))
  }

  @Test("through JSON and back")
  func json() throws {
    let study = try TemporaryStudy().load().effective
    let copy = try JSONDecoder().decode(EffectiveStudy.self, from: JSONEncoder().encode(study))
    #expect(copy.models == study.models)
    #expect(Set(copy.values.keys) == Set(study.values.keys))
    for (key, value) in study.values { #expect(copy.values[key]?.description == value.description, "\(key)") }
  }

  @Test("read as a study, it is the same study")
  func fixedPoint() throws {
    let folder = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: folder.folder) }
    let study = try folder.load(["near.events=1e6", "models.first.height=0.1 GeV"]).effective
    try folder.write("schema: nutune.study/1\nname: x\n", to: "study.yaml")
    let again = try folder.load(study.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).effective
    #expect(again.values == study.values)
  }
}
