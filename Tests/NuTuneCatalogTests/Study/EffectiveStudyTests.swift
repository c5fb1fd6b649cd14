import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneResults
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

  @Test("libraries of plugins are in it, and named in the study are found before anything else is read")
  func plugins() throws {
    let study = try TemporaryStudy([
      (file: "study.yaml", old: "truth: {model: flat}", new: "truth: {model: loaded}\nplugins: [lib/libA.so, Bare]")
    ])
    defer { try? FileManager.default.removeItem(atPath: study.folder) }
    let references = try StudyConfiguration.plugins(of: study.path)
    #expect(references.map(\.name) == ["lib/libA.so", "Bare"] && references.map(\.isPath) == [true, false])
    #expect(references[0].path == "\(study.folder)/lib/libA.so")
    #expect(references[0].location?.line == 6)
    #expect(
      try StudyConfiguration.plugins(of: study.path, overrides: ["plugins=[B]", "near.events=3"]).map(\.name) == ["B"])
    #expect(throws: NuTuneError.self) { try StudyConfiguration.plugins(of: study.path, overrides: ["plugins=B"]) }

    var registry = try ConfigurationPlugins.registry()
    let library = PluginLibrary(path: "/tmp/libA.so", sha256: "ab")
    try registry.register(LoadedModel.self, from: library)
    let read = try StudyConfiguration.load(
      study.path, registry: registry, catalog: Catalog(folders: [study.folder + "/catalogs"]))
    #expect(read.effective.plugins == [library] && read.truth?.library == library)
    #expect(read.models[0].library == nil)
    #expect(try TemporaryStudy().load().effective.plugins == nil)
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

/// A model that a library has.
private struct LoadedModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "loaded", summary: "Zero.", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) {}
  func check(_ reactions: [Reaction]) {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) -> [Double] { points.cosTheta.map { _ in 0 } }
}
