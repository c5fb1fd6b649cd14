import BuiltInPlugins
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneExport
import Testing

@Suite("runs and models by name")
struct ExportedRunTests {
  private let folder: TemporaryFolder
  private let registry: Registry

  init() throws {
    folder = try TemporaryFolder()
    registry = try BuiltInPlugins.registry()
    try ExportFixture.writeRun(to: folder.path)
  }

  private func run(_ label: String? = nil) throws -> ExportedRun {
    try ExportedRun(
      try RunReference(folder.path + (label.map { "#\($0)" } ?? "")), registry: registry, catalog: Catalog(folders: []))
  }

  @Test("a model is made from the effective study, with the parameters of the run")
  func models() throws {
    let points = KinematicPoints(neutrinoEnergy: [1], leptonEnergy: [0.8], cosTheta: [0.8])
    let reaction = try ExportFixture.reaction(.numubar)
    for (label, mass) in [("theory", 1.2), ("truth", 1.03)] {
      let model = try run(label).model(label, ExportSettings())
      let expected = try ExportFixture.toy(["quasi_elastic.axial_mass": .number(mass)])
      #expect(
        try model.model.crossSection(of: reaction, at: points) == expected.crossSection(of: reaction, at: points))
      #expect(model.scales[.numubar] == .absolute)
    }
    #expect(try run().labels == ["theory"])
  }

  @Test("mistyped names are answered with the nearest")
  func mistakes() throws {
    let label = try #require(throws: NuTuneError.self) { try run("teory") }
    #expect("\(label)".contains("found no model “teory”; expected one of theory, truth; did you mean “theory”?"))
    let format = try #require(throws: NuTuneError.self) { try ExportFormat(named: "hepdat", key: "--format") }
    #expect(format.category == .usage && "\(format)".hasSuffix("did you mean “hepdata”?"))
    let place = try #require(throws: NuTuneError.self) { try RunReference(folder.path + "x#theory") }
    #expect(place.category == .missingInput && place.suggestion == FilePath.name(of: folder.path))
    #expect(throws: NuTuneError.self) { try RunReference("#theory") }
    let weights = try #require(throws: NuTuneError.self) {
      try Export.write(
        try run("theory"), as: .safetensors, settings: ExportSettings(), to: "\(folder.path)/out",
        runScript: { _, _ in Data() }, skip: { Issue.record("\($0)") })
    }
    #expect("\(weights)".contains("a model that was not tuned has none"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out"))
  }

  @Test("what a model is made of is read back with it")
  func components() throws {
    let values: [String: ParameterValue] = [
      "models.gp.model": .text("gaussian-process-sf"), "models.gp.prior.model": .text("toy-sf"),
      "models.gp.prior.dis.scale": .number(0.8), "models.gp.kernel.length_w2": .number(1.2),
    ]
    let selection = try PluginSelection(
      label: "gp", kind: .crossSection, effective: values, path: "models.gp", file: "results.json", registry: registry,
      catalog: Catalog(folders: []))
    #expect(selection.parameters.number("kernel.length_w2") == 1.2)
    #expect(selection.components.map(\.label) == ["prior"])
    #expect(selection.components.first?.parameters.number("dis.scale") == 0.8)
    let broken = try #require(throws: NuTuneError.self) {
      try PluginSelection(
        label: "gp", kind: .crossSection, effective: ["models.gp.model": .text("toy-fs")], path: "models.gp",
        file: "results.json", registry: registry, catalog: Catalog(folders: []))
    }
    #expect(broken.suggestion == "toy-sf")
  }

  @Test("a folder whose name has a # is taken as it stands")
  func folderWithMark() throws {
    let path = "\(folder.path)/run#2"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(try RunReference(path) == RunReference(path))
    #expect(try RunReference(path).label == nil)
    #expect(try RunReference("\(path)#neural").label == "neural")
  }
}
