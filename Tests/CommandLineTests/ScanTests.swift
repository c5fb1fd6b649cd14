import Foundation
import Testing

/// `nutune scan`, and finished runs against a key.
@Suite struct ScanTests {
  private static let study = """
    schema: nutune.study/1
    name: scanned
    experiment:
      base: dune
      near:
        detector: {model: calorimeter}
        binning: {lepton_energy: {from: 0.2, to: 6, bins: 5}, cos_theta: [-1, 0.5, 0.8, 1], hadronic_energy: [0, 9]}
      far: {binning: {lepton_energy: {from: 0.2, to: 6, bins: 5}, cos_theta: [-1, 0.5, 0.8, 1]}}
    channels: [numu]
    truth: {model: toy-sf}
    models: {theory: {model: toy-sf, dis: {scale: 0.8}}}
    oscillation: {model: three-flavor, preset: nufit-6.0-no}
    slices: {energies: [2]}
    fold: {cell_scale: 8, nodes_w2: 40, nodes_q2: 26, accuracy: 1.0e-2}
    scan: {over: experiment.near.binning.hadronic_energy, values: [[0, 9], [0, 0.3, 9]]}
    """

  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "nutune-scan-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    return folder
  }

  /// Each variant is a run, whose results are those of a study with that value; a finer near detector leaves the far
  /// distances of a model that does not learn as they are.
  @Test func variantsAreRuns() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scan = try CommandLineRun("scan", "\(folder)/study.yaml", "--out", "\(folder)/scan", "--no-report")
    #expect(scan.exitCode == 0, "\(scan.errors)")
    let rows = scan.output.split(separator: "\n").filter { $0.contains("theory") }.map {
      $0.split(separator: " ", omittingEmptySubsequences: true)
    }
    // 1 bins theory, then near, far and slice tv.
    #expect(rows.count == 2 && rows[0].prefix(3) == ["1", "bin", "theory"] && rows[1][0] == "2")
    #expect(rows[0][4] == rows[1][4] && rows[0][5] == rows[1][5] && rows[0][3] != rows[1][3])
    let again = try CommandLineRun(
      "compare", "\(folder)/scan/variants/2", "\(folder)/scan/variants/1", "--against",
      "experiment.near.binning.hadronic_energy")
    #expect(again.exitCode == 0 && again.output == scan.output, "\(again.errors)")
    let report = try CommandLineRun("report", "\(folder)/scan")
    #expect(report.exitCode == 0 && report.output == "\(folder)/scan/report.html\n", "\(report.errors)")
    let page = try String(contentsOfFile: "\(folder)/scan/report.html", encoding: .utf8)
    #expect(page.contains("href=\"variants/2/\"") && page.contains("<svg"))
    let run = try CommandLineRun("run", "\(folder)/study.yaml", "--out", "\(folder)/scan")
    #expect(run.exitCode == 73 && run.errors.contains("a scan of nutune scan"), "\(run.errors)")
  }

  /// Variants that differ in the seed of the data share a fold, and have the numbers of runs of their own.
  @Test func seedsShareAFold() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scan = try CommandLineRun(
      "scan", "\(folder)/study.yaml", "--over", "seed.data", "--values", "3", "--values", "4", "--set",
      "near.events=1e5", "--set", "near.sample=poisson", "--out", "\(folder)/scan", "--no-report")
    #expect(scan.exitCode == 0, "\(scan.errors)")
    let alone = try CommandLineRun(
      "run", "\(folder)/study.yaml", "--set", "seed.data=4", "--set", "near.events=1e5", "--set",
      "near.sample=poisson", "--out", "\(folder)/alone", "--no-report")
    #expect(alone.exitCode == 0, "\(alone.errors)")
    func results(_ path: String) throws -> NSDictionary {
      let data = try Data(contentsOf: URL(filePath: "\(folder)/\(path)/results.json"))
      let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      return try #require(all["models"] as? NSDictionary)
    }
    #expect(try results("scan/variants/2") == results("alone"))
    #expect(try results("scan/variants/1") != results("alone"))
  }

  /// Every mistake is found before anything is run.
  @Test func mistakes() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let study = "\(folder)/study.yaml"
    let wrong = try CommandLineRun(
      "scan", study, "--over", "near.events", "--values", "1e6", "--values", "many", "--out", "\(folder)/scan")
    #expect(wrong.exitCode == 65 && wrong.errors.contains("near.events"), "\(wrong.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/scan"))
    let same = try CommandLineRun(
      "scan", study, "--over", "near.events", "--values", "1e6", "--values", "1.0e+6", "--out", "\(folder)/scan")
    #expect(same.exitCode == 65 && same.errors.contains("as in variant 1"), "\(same.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/scan"))
    let negative = try CommandLineRun(
      "scan", study, "--over", "near.events", "--values", "-1", "--values", "1e6", "--out", "\(folder)/scan")
    #expect(negative.exitCode == 65 && negative.errors.contains("found “-1”"), "\(negative.errors)")
    // The report of a run is not written over.
    try FileManager.default.createDirectory(atPath: "\(folder)/scan", withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(filePath: "\(folder)/scan/study.json"))
    let taken = try CommandLineRun("scan", study, "--out", "\(folder)/scan")
    #expect(taken.exitCode == 73 && taken.errors.contains("a folder of its own"), "\(taken.errors)")
    let half = try CommandLineRun("scan", study, "--over", "near.events")
    #expect(half.exitCode == 64 && half.errors.contains("found one of --over and --values"), "\(half.errors)")
    let one = try CommandLineRun("check", study, "--set", "scan.values=[1]")
    #expect(one.exitCode == 65 && one.errors.contains("at least two"), "\(one.errors)")
    let none = try CommandLineRun("scan", "dune-closure")
    #expect(none.exitCode == 64 && none.errors.contains("a study without a scan"), "\(none.errors)")
  }
}
