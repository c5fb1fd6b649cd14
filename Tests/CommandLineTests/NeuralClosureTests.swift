import Foundation
import Testing

/// The promise of the project, held in a few seconds: a net that saw only the near detector predicts the far one.
@Suite struct NeuralClosureTests {
  /// Ten seeds trained to the end have a far tv of 0.0069 in the middle and 0.0091 at most, with a scatter of 0.0012
  /// (docs/explanation/ablation.md); the limit is three scatters above the largest. The short training on coarse nodes used
  /// here is that of the ensembles and lies among them; near and far shapes differ by 0.20.
  @Test func aShortTrainingPredictsTheFarDetector() throws {
    let folder = NSTemporaryDirectory() + "nutune-closure-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try CommandLineRun(
      "run", "dune-closure", "--out", folder, "--no-report", "--set",
      "models.neural.training={steps: 2500, learning_rate: 0.03, warm_up: 50}", "--set",
      "fold={nodes_w2: 40, nodes_q2: 26}", "--set", "slices.energies=[]")
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/results.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let model = try #require((results["models"] as? [String: Any])?["neural"] as? [String: Any])
    func number(_ path: String...) -> Double? {
      path.reduce(Optional<Any>(model)) { ($0 as? [String: Any])?[$1] } as? Double
    }
    #expect(try #require((results["truth"] as? [String: Any])?["near_far_tv"] as? Double) > 0.19)
    #expect(try #require(number("near", "tv")) < 1e-3)
    #expect(try #require(number("far", "tv")) < 0.0127)
    // Ten seeds: at most 0.17 and 0.41.
    #expect(abs(try #require(number("oscillation", "bias_sigma", "sin2_theta23"))) < 0.4)
    #expect(abs(try #require(number("oscillation", "bias_sigma", "dm2_32"))) < 0.7)
  }
}
