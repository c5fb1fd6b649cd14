import Foundation
import NuTuneResults
import Testing

/// Smeared near data as `nutune run` handles them.
@Suite(.serialized) struct SmearingStudyTests {
  /// A quarter as many bins as DUNE's, as narrow in energy, where a smearing is seen.
  private static let narrow =
    "{lepton_energy: [{from: 0.2, to: 4, bins: 19}, 4.5, 5, 6, 8], cos_theta: [-1, 0, 0.5, 0.7, 0.8, 0.86, 0.9, 0.94, 0.97, 1]}"
  private static let fold = "fold={cell_scale: 6, nodes_w2: 64, nodes_q2: 40, accuracy: 1.0e-2}"

  private func run(_ changes: [String]) throws -> StudyResults {
    let folder = NSTemporaryDirectory() + "nutune-smearing-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model =
      "models={process: {model: gaussian-process-sf, prior: toy-detuned, kernel: {length_w2: 1, length_q2: 1.4}}}"
    let common = [
      model, Self.fold, "oscillation.fit=[]", "slices.energies=[]", "experiment.near.binning=\(Self.narrow)",
      "experiment.far.binning=\(CoarseBins.binning)",
    ]
    let set = (common + changes).map { " --set '\($0)'" }.joined()
    let run = try CommandLineRun(
      shell: "\"$nutune\" run catalogs/studies/systematics/smearing.yaml --no-report --out '\(folder)'\(set)")
    try #require(run.exitCode == 0, "\(run.errors)")
    return try JSONDecoder().decode(
      StudyResults.self, from: try Data(contentsOf: URL(filePath: "\(folder)/results.json")))
  }

  /// What is learned behind a smearing near detector predicts the ideal far one.
  @Test func theUnsmearedTruthIsRecovered() throws {
    let results = try run([])
    let far = try #require(results.models["process"]?.far)
    #expect(far.tv < 0.005, "\(far.tv)")
    // Two and a half times as wide.
    let strong = try run(["experiment.near.detector={model: smearing, energy: {resolution: 0.1}}"])
    #expect(try #require(strong.models["process"]?.far).tv < 0.02)
  }

  /// A model with a density of its own in every bin learns behind NOvA's response: no rate is negative.
  @Test func aFlowLearnsBehindNova() throws {
    let folder = NSTemporaryDirectory() + "nutune-smearing-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let set = [
      "models={flow: {model: normalizing-flow, training: {steps: 100}}}", "oscillation.fit=[]", "slices.energies=[]",
      Self.fold, "experiment.near.binning=\(CoarseBins.binning)", "experiment.far.binning=\(CoarseBins.binning)",
    ].map { " --set '\($0)'" }.joined()
    let run = try CommandLineRun(shell: "\"$nutune\" run nova-closure --no-report --out '\(folder)'\(set)")
    // So few steps do not converge.
    #expect(run.exitCode == 2, "\(run.errors)")
    let results = try JSONDecoder().decode(
      StudyResults.self, from: try Data(contentsOf: URL(filePath: "\(folder)/results.json")))
    #expect(results.failures == nil, "\(results.failures ?? [:])")
    #expect(try #require(results.models["flow"]).near.tv < 0.2)
  }
}
