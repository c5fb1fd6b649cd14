import Foundation
import NeuralStructureFunctions
import NuTuneCatalog
import NuTuneCore
import Testing

/// A trained model in a catalog needs its run no more.
@Suite struct ModelInstallationTests {
  private func install(_ fixture: TrainedFixture, replaces: Bool = false) throws -> String {
    let files = try TrainedModelFiles(of: fixture.name("neural"), in: "", catalog: fixture.catalog)
    return try ModelInstallation(
      name: "small-v1", title: "A \"small\" net", licence: "CC-BY-4.0", replaces: replaces
    ).write(files, reference: "runs/x#neural", in: "\(fixture.folder)/catalogs")
  }

  @Test func itIsFoundByItsName() throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    let trained = try fixture.train(
      "neural", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    #expect(try install(fixture) == "\(fixture.folder)/catalogs/cross-sections/small-v1.yaml")
    let refusal = #expect(throws: NuTuneError.self) { try install(fixture) }
    #expect(refusal?.category == .cannotWrite)
    #expect(try install(fixture, replaces: true).hasSuffix("small-v1.yaml"))
    try FileManager.default.removeItem(atPath: "\(fixture.folder)/runs")

    #expect(try TrainedFixture.values(fixture.read("small-v1")) == TrainedFixture.values(trained))
    let entry = try fixture.catalog.entry(.crossSections, named: "small-v1")
    #expect(entry.title == "A \"small\" net" && entry.node["licence"]?.text == "CC-BY-4.0")
    let files = try TrainedModelFiles(of: "small-v1", in: "", catalog: fixture.catalog)
    #expect(try ModelCard.read(files.card).licence == "CC-BY-4.0")
  }

  @Test func changedWeightsAreRefused() throws {
    let fixture = try TrainedFixture()
    defer { fixture.remove() }
    try fixture.train("neural", TrainedFixture.selection(NeuralStructureFunctions.self, TrainedFixture.smallNet))
    let entry = try install(fixture)
    let text = try String(contentsOfFile: entry, encoding: .utf8)
    let digest = try #require(text.firstMatch(of: /weights_sha256: "([0-9a-f]{64})"/)?.1)
    try text.replacing(digest, with: String(repeating: "0", count: 64))
      .write(toFile: entry, atomically: true, encoding: .utf8)
    let error = #expect(throws: NuTuneError.self) { try fixture.read("small-v1") }
    #expect(error?.expected.contains("which the catalog entry belongs to") == true, "\(String(describing: error))")
  }
}
