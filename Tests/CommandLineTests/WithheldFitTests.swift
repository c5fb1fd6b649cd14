import Foundation
import NuTuneResults
import Testing

/// A fit that integrates out what near data left open is withheld where it cannot be trusted, all the way to the report.
@Suite struct WithheldFitTests {
  private static let study = """
    schema: nutune.study/1
    name: withheld
    experiment: \(CoarseBins.dune)
    channels: [numu]
    truth: {model: toy-sf}
    models:
      gp: {model: gaussian-process-sf, kernel: {length_w2: 1, length_q2: 1.4}}
    near: {events: 3000}
    far: {events: 6200, sample: asimov}
    fit: {scan_points: 11}
    slices: {energies: []}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [sin2_theta23, dm2_32]}
    fold: {cell_scale: 6, nodes_w2: 60, nodes_q2: 36, accuracy: 1.0e-2}
    """

  private func run(
    _ changes: String..., report: Bool = false
  ) throws -> (run: CommandLineRun, model: ModelResults, page: String) {
    let folder = NSTemporaryDirectory() + "nutune-withheld-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun(
      shell: "cd '\(CommandLineRun.root)' && \"$nutune\" run '\(folder)/study.yaml' --out '\(folder)/run'"
        + (report ? "" : " --no-report")
        + changes.map { " --set '\($0)'" }.joined())
    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder)/run/results.json")))
    let page = report ? try String(contentsOfFile: "\(folder)/run/report.html", encoding: .utf8) : ""
    return (run, try #require(results.models["gp"]), page)
  }

  /// Three thousand near events leave a process of smoothness alone far more open than rates that are linear in it can
  /// say: no number, exit code 2, and the reason on the screen and in the report.
  @Test func fewNearEventsWithholdTheFit() throws {
    let (run, model, page) = try run("models.gp.kernel={length_w2: 1.5, length_q2: 2}", report: true)
    #expect(run.exitCode == 2)
    #expect(model.oscillation == nil)
    let check = try #require(model.oscillationCheck)
    #expect(check.drawnShift > MarginalFitCheck.largestShift && !check.reasons.isEmpty)
    #expect(run.errors.contains("is withheld"), "\(run.errors)")
    #expect(page.contains("is withheld"))
  }

  /// With enough of them and a prior the number is there: folding the model again moves it by less than the check allows, and
  /// changes far rates as the slopes along the open directions say. 0.97 of it is what 32 groups of neutrino energy leave.
  @Test func manyNearEventsGiveTheFit() throws {
    let (run, model, _) = try run("near.events=3.0e5", "models.gp.prior=toy-detuned")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(model.oscillation != nil)
    let check = try #require(model.oscillationCheck)
    #expect(check.reasons.isEmpty && check.refoldShift < 0.1 && check.drawnShift < 0.25, "\(check)")
    #expect(abs(check.slopeRatio - 1) < 0.06 && check.slopeError < 0.2, "\(check)")
  }
}
