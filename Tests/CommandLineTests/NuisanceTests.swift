import Foundation
import NuTuneResults
import Testing

/// Flux components and the energy scale profiled in the fit, and regions after Feldman and Cousins, as `nutune run` gives
/// them.
@Suite(.serialized) struct NuisanceTests {
  private static let study = """
    schema: nutune.study/1
    name: nuisances
    experiment: \(CoarseBins.dune)
    channels: [numu]
    truth: {model: toy-sf}
    models:
      process: {model: gaussian-process-sf, prior: toy-detuned, kernel: {length_w2: 1.5, length_q2: 2}}
    near: {events: 30.0e6}
    far: {events: 6200, sample: asimov}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [sin2_theta23, dm2_32]}
    fold: {cell_scale: 6, nodes_w2: 60, nodes_q2: 36, accuracy: 1.0e-2}
    fit: {scan_points: 15}
    slices: {energies: []}
    systematics:
      flux: {covariance: dune-like}
    """

  /// The study as it stands, and with components of the flux profiled, for which models are tuned again.
  private static let plain = Result { try run() }
  private static let profiled = Result { try run("fit.nuisance.flux=6") }

  private static func run(_ changes: String...) throws -> StudyResults {
    let folder = NSTemporaryDirectory() + "nutune-nuisance-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let set = changes.map { " --set '\($0)'" }.joined()
    let run = try CommandLineRun(
      shell: "NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs' \"$nutune\" run '\(folder)/study.yaml' "
        + "--out '\(folder)/a' --no-report\(set)")
    try #require(run.exitCode == 0, "\(run.errors)")
    return try JSONDecoder().decode(
      StudyResults.self, from: try Data(contentsOf: URL(filePath: "\(folder)/a/results.json")))
  }

  private func halfWidth(_ fit: OscillationResults?, _ name: String) throws -> Double {
    let interval = try #require(fit?.intervals[name])
    return (interval.upper - interval.lower) / 2
  }

  @Test func profiledUncertaintiesWidenTheFitAndStayAtZeroOnAsimovData() throws {
    let only = "models={theory: {model: toy-sf}}"
    let (without, flux) = (try Self.plain.get(), try Self.profiled.get())
    // In all bins of energy: wide ones do not see the scale.
    let narrow =
      "{lepton_energy: {from: 0.2, to: 8, bins: 39}, cos_theta: [-1, 0, 0.5, 0.7, 0.8, 0.86, 0.9, 0.94, 0.97, 1]}"
    let smeared =
      "experiment={base: dune, near: {binning: \(CoarseBins.binning)}, "
      + "far: {binning: \(narrow), detector: {model: smearing, precision: {pieces: 2}}}}"
    let known = try Self.run(only, smeared)
    let scale = try Self.run(only, smeared, "fit.nuisance.energy_scale=0.02")
    for name in ["sin2_theta23", "dm2_32"] {
      let narrow = try halfWidth(without.truth.oscillation, name)
      #expect(try halfWidth(flux.truth.oscillation, name) > 1.02 * narrow, "\(name)")
    }
    // The far spectrum itself fixes the scale to better than 2 %; what it leaves goes into Δm².
    #expect(
      try halfWidth(scale.truth.oscillation, "dm2_32") > 1.05 * halfWidth(known.truth.oscillation, "dm2_32"))
    #expect(without.truth.oscillation?.pulls == nil)
    #expect(scale.truth.oscillation?.pulls?.keys.sorted() == ["energy_scale"])
    let pulls = try #require(flux.truth.oscillation?.pulls)
    #expect(pulls.count == 6 && pulls.values.allSatisfy { abs($0) < 0.01 }, "\(pulls)")
  }

  /// Near data constrain what a flux that is common to both detectors can do to a model that learns from them: the
  /// variance that its components add is less than half of what they add to a model that is not tuned again.
  @Test func tuningAgainConstrainsTheFlux() throws {
    func variance(_ results: StudyResults) throws -> Double {
      pow(try halfWidth(results.models["process"]?.oscillation, "sin2_theta23"), 2)
    }
    let none = try variance(Self.plain.get())
    let again = try variance(Self.profiled.get()) - none
    let never = try variance(Self.run("fit.nuisance={flux: 6, retune: false}")) - none
    #expect(again > 0 && again < 0.5 * never, "\(again) and \(never) beside \(none)")
  }

  @Test func regionsOfFeldmanAndCousins() throws {
    let results = try Self.run("fit.feldman_cousins=200")
    let regions = try #require(results.truth.oscillation?.feldmanCousins)
    for (key, level) in [("68.27", 2.30), ("95.45", 6.18)] {
      let region = try #require(regions[key])
      #expect(!region.lines.isEmpty && region.experiments == 200)
      // Near maximal mixing critical values are below those of χ², never far above.
      #expect(region.criticalValues[0] < level && region.criticalValues[1] < 1.6 * level, "\(region.criticalValues)")
      #expect(abs(region.atMinimum[0] - level) < 4 * region.atMinimum[1] + 0.1 * level, "\(region.atMinimum)")
    }
    // What integrates something else has no fixed prediction to draw from.
    #expect(results.models["process"]?.oscillation?.feldmanCousins == nil)
  }

  @Test func anEnergyScaleNeedsADetectorThatHasOne() throws {
    let folder = NSTemporaryDirectory() + "nutune-nuisance-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try CommandLineRun(
      "run", "catalogs/studies/dune-closure.yaml", "--out", folder, "--set", "fit.nuisance.energy_scale=0.02", "--set",
      "fold={cell_scale: 6, nodes_w2: 60, nodes_q2: 36}", "--set", "models.neural.training.steps=5")
    #expect(run.exitCode == 65 && run.errors.contains("smearing"), "\(run.errors)")
  }
}
