import Foundation
import Testing

private let dataFolder =
  ProcessInfo.processInfo.environment["NUTUNE_DATA"] ?? "\(CommandLineRun.root)/../shared/data"

/// What an untuned theory says of published bins, against another fold of the same formulas.
@Suite(
  .enabled(
    if: FileManager.default.fileExists(atPath: dataFolder + "/measurements"),
    "no \(dataFolder)/measurements; set NUTUNE_DATA"
  ))
struct PublishedPredictionTests {
  /// Sums and norm–shape χ² of `toy-sf-resonance` computed in NumPy with fluxes as published, products of Gaussian
  /// rules over bins and energies, and structure functions on other nodes: fluxes with their tails, units and widths
  /// of bins, composition, muon mass, and the cut at 20° that crosses bins of MINERvA.
  @Test func untunedTheoryIsThatOfAnotherFold() throws {
    let folder = NSTemporaryDirectory() + "nutune-published-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try """
    schema: nutune.study/1
    name: untuned
    data: [t2k-cc-inclusive-2018, minerva-le-cc-inclusive-2020]
    models: {resonance: {model: toy-sf-resonance}}
    likelihood: {pseudo_experiments: 0}
    fold: {accuracy: 0.01}
    """.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun("run", "\(folder)/study.yaml", "--out", "\(folder)/run", "--no-report")
    try #require(run.exitCode == 0, "\(run.errors)")
    let results = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(folder)/run/results.json")))
        as? [String: Any])
    let models = try #require(results["models"] as? [String: [String: Any]])
    let near = try #require(models["resonance"]?["near"] as? [String: Any])
    let measured = try #require(near["measured"] as? [[String: Any]])
    let expected = [
      ("t2k-cc-inclusive-2018", 0.8314, 858.0), ("minerva-le-cc-inclusive-2020", 0.7248, 2302.0),
    ]
    for (found, (name, ratio, chiSquare)) in zip(measured, expected) {
      #expect(found["measurement"] as? String == name)
      #expect(abs(try #require(found["ratio"] as? Double) / ratio - 1) < 2e-3)
      #expect(abs(try #require(found["norm_shape"] as? Double) / chiSquare - 1) < 1e-2)
    }
    #expect(measured.count == expected.count)
  }
}
