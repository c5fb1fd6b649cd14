import Foundation
import NuTuneCore
import NuTuneResults
import Testing

@Suite("nutune cite")
struct CiteCommandTests {
  @Test("method, plugins and catalog entries of a run, each once")
  func cite() throws {
    let folder = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let study = EffectiveStudy(
      name: "x", title: "x", models: ["a"],
      values: [
        "truth.model": .text("toy-sf"), "models.a.model": .text("toy-sf"), "experiment.base": .text("dune"),
        "oscillation.model": .text("three-flavor"), "near.events": .text("infinite"),
      ])
    try JSONEncoder().encode(study).write(to: URL(filePath: folder + "/study.json"))
    let run = try CommandLineRun("cite", folder)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("2412.16303"))
    #expect(run.output.hasPrefix("@software{NuTune,"))
    #expect(run.output.components(separatedBy: "LlewellynSmith:1971uhs").count == 2)
    #expect(run.output.contains("DUNE:2020jqi"))
  }

  @Test("a folder without a study is exit 66")
  func missing() throws {
    let run = try CommandLineRun("cite", "/nowhere")
    #expect(run.exitCode == 66)
  }
}
