import Foundation
import Testing

/// Studies that fit far samples of two experiments together.
@Suite struct TwoExperimentStudyTests {
  /// Two experiments of the catalog with ideal detectors and a few bins, each with its beam, baseline and target.
  private static let study = """
    schema: nutune.study/1
    name: two
    experiment: {base: t2k, near: &near {detector: {model: ideal}, binning: &bins {lepton_energy: [0.3, 0.7, 1.2, 2, 4], \
    cos_theta: [-1, 0.6, 0.9, 1]}}, far: &far {detector: {model: ideal}, binning: *bins}}
    joint: {second: {base: nova, near: *near, far: *far}}
    channels: [numu]
    truth: {model: toy-sf}
    models: {theory: {model: toy-sf, dis: {scale: 0.9}}}
    near: {events: infinite}
    far:
      samples:
        first-muons: {mode: fhc, components: {numu-to-numu: 318}}
        second-muons: {experiment: second, mode: fhc, components: {numu-to-numu: 211}}
        second-electrons: {experiment: second, mode: fhc, components: {numu-to-nue+nue-to-nue: 82}}
    likelihood: {statistic: poisson}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [dm2_32]}
    fold: {cell_scale: 6, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}
    """

  @Test func aRun() throws {
    let folder = NSTemporaryDirectory() + "nutune-two-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun("run", "\(folder)/study.yaml", "--out", "\(folder)/out", "--no-report")
    #expect(run.exitCode == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/results.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let fit = try #require((results["truth"] as? [String: Any])?["oscillation"] as? [String: Any])
    let best = try #require((fit["best_fit"] as? [String: Double])?["dm2_32"])
    #expect(abs(best / 2.4381e-3 - 1) < 1e-3)
    let far = try #require(
      ((results["models"] as? [String: Any])?["theory"] as? [String: Any])?["far"] as? [String: Any])
    let samples = try #require(far["samples"] as? [[String: Any]])
    #expect(
      Set(samples.compactMap { $0["name"] as? String }) == [
        "far-first-muons-numu-to-numu", "far-second-muons-numu-to-numu", "far-second-electrons-numu-to-nue",
        "far-second-electrons-nue-to-nue", "far-second-electrons",
      ])
  }

  @Test func theShippedStudyIsChecked() throws {
    let run = try CommandLineRun("check", "catalogs/studies/t2k-nova-joint.yaml")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("; T2K far detector with its own flux; NOvA far detector with its own flux"))
  }
}
