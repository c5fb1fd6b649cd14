import Foundation
import NuTuneResults
import Testing

/// Does the near detector constrain what the far detector needs? The run says so, and says when not.
@Suite struct SupportTests {
  /// A study of seconds, with a model that needs no training.
  private func run(_ extra: String...) throws -> (
    run: CommandLineRun, results: StudyResults, maps: StructureFunctionMaps
  ) {
    let folder = NSTemporaryDirectory() + "nutune-support-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let common = [
      "catalogs/studies/dune-closure.yaml", "fold.cell_scale=4", "fold.nodes_w2=80", "fold.nodes_q2=48",
      "fold.accuracy=1e-2",
      "slices.energies=[2]", "oscillation.fit=[]",
      "models.neural={model: toy-sf, quasi_elastic: {scale: 2}, dis: {scale: 2}}",
    ]
    let sets = (common.dropFirst() + extra).map { "--set '\($0)'" }.joined(separator: " ")
    let run = try CommandLineRun(shell: "$nutune run \(common[0]) --no-report --out \(folder) \(sets)")
    func read<Value: Decodable>(_ name: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
    return (run, try read("results.json"), try read("structure_functions.json"))
  }

  @Test func duneCoversDune() throws {
    let (run, results, maps) = try run()
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(!run.errors.contains("warning"))
    let model = try #require(results.models["neural"])
    #expect(model.warnings == [])
    let support = try #require(model.support)
    // Measured 2e-7 to 1e-6 on coarse to fine nodes; the warning is at 5e-3.
    #expect(try #require(support.uncovered) < 1e-4)
    #expect(support.overlap > 0.7 && support.overlap < 0.9)

    let channel = try #require(maps.channels.first)
    #expect(maps.channels.count == 1 && channel.channel == "numu")
    // The map leaves out 0.2 % of the rate at each of its four sides, less where sides are rounded outwards; coarse
    // nodes smear another little over the rim.
    for importance in [channel.nearImportance, try #require(channel.farImportance)] {
      #expect(importance.allSatisfy { $0 >= 0 })
      let sum = importance.reduce(0, +)
      #expect(sum > 0.985 && sum < 1.002, "\(sum)")
    }
    // Twice the truth is the truth once scales are fixed: exactly half, and no deviation.
    #expect(abs(try #require(channel.scales["neural"]) - 0.5) < 1e-9)
    let deviations = try #require(model.structureFunctions)
    for deviation in [deviations.w1, deviations.w2, deviations.w3] {
      // Six digits are kept.
      #expect(deviation.mean < 2e-6 && deviation.nearWeighted < 2e-6)
    }
  }

  @Test func aNearDetectorThatSeesOnlyForwardMuonsDoesNot() throws {
    let (run, results, _) = try run(
      "experiment.near.binning.cos_theta=[0.95, 0.97, 0.99, 1]",
      "experiment.far.binning={lepton_energy: [0.2, 0.5, 1, 2, 3, 4, 6, 8], cos_theta: [-1, 0, 0.6, 0.8, 0.9, 1]}")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("warning: neural: ") && run.errors.contains("near-detector data do not constrain"))
    let model = try #require(results.models["neural"])
    #expect(model.warnings?.count == 1)
    #expect(try #require(model.support?.uncovered) > 0.01)
  }
}
