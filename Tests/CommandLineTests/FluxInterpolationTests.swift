import Foundation
import NuTuneResults
import Testing

/// Smooth fluxes and histograms in a study.
@Suite struct FluxInterpolationTests {
  private func truth(_ changes: [String]) throws -> [[Double]] {
    let folder = NSTemporaryDirectory() + "nutune-flux-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let common = [
      "models={same: {model: toy-sf}}", "oscillation.fit=[]", "slices.energies=[]", "fold.cell_scale=2",
      "fold.nodes_w2=100", "fold.nodes_q2=60", "fold.accuracy=1e-2",
    ]
    let set = (common + changes).map { " --set '\($0)'" }.joined()
    let run = try CommandLineRun(shell: "\"$nutune\" run dune-closure --no-report --out '\(folder)'\(set)")
    try #require(run.exitCode == 0, "\(run.errors)")
    let bytes = try Data(contentsOf: URL(filePath: "\(folder)/predictions.json"))
    return try JSONDecoder().decode(Predictions.self, from: bytes).samples.map { try #require($0.truth) }
  }

  @Test("the histogram that was published is a tv of about a thousandth from the smooth flux in DUNE's bins")
  func histogramOfDune() throws {
    let smooth = try truth([])
    let histogram = try truth(["experiment.near.fluxes.fhc.interpolation=histogram"])
    let differences: [Double] = zip(smooth[0], histogram[0]).map { abs($0 - $1) }
    let near = differences.reduce(0, +) / 2
    #expect(near > 5e-4 && near < 1.5e-3, "\(near)")
    let ratios: [Double] = zip(smooth[0], histogram[0]).filter { $0.0 > 1e-4 }.map { $0 / $1 }
    let worst = ratios.map { abs($0 - 1) }.max() ?? 0
    #expect(worst > 0.01 && worst < 0.05, "\(worst)")
  }
}
