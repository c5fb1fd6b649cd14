import Foundation
import Testing

/// A fit of four parameters as a study: a prior, a periodic phase, both orderings.
@Suite struct FourParameterTests {
  private static let study = """
    schema: nutune.study/1
    name: four
    experiment: \(CoarseBins.dune)
    channels: [numu, nue]
    truth: {model: toy-sf}
    models: {theory: {model: toy-sf}}
    near: {events: infinite}
    far: {events: 8000, sample: asimov}
    oscillation:
      model: three-flavor
      preset: nufit-6.0-no
      delta_cp: 180 deg
      fit: [sin2_theta23, dm2_32, delta_cp, sin2_theta13]
    fit:
      scan_points: 11
      priors: [sin2_theta13 = 0.02215 ± 0.0006]
      hypotheses: [ordering, octant]
      planes: [sin2_theta23 delta_cp]
    slices: {energies: []}
    fold: {cell_scale: 6, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}
    """

  @Test func fitsWithAPriorAndBothOrderings() throws {
    let folder = NSTemporaryDirectory() + "nutune-four-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun("run", "\(folder)/study.yaml", "--out", "\(folder)/out")
    #expect(run.exitCode == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/results.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let fit = try #require((results["truth"] as? [String: Any])?["oscillation"] as? [String: Any])
    let best = try #require(fit["best_fit"] as? [String: Double])
    #expect(abs(try #require(best["delta_cp"]) - .pi) < 1e-3)
    let errors = try #require(fit["errors"] as? [String: Double])
    // The prior is what is known of θ₁₃: far data alone know ten times less.
    #expect(abs(try #require(errors["sin2_theta13"]) / 0.0006 - 1) < 0.05)
    #expect(try #require(errors["delta_cp"]) > 0.2 && errors["delta_cp"]! < 1)
    let orderings = try #require((fit["hypotheses"] as? [String: [String: [String: Any]]])?["ordering"])
    #expect(orderings["normal"]?["delta"] as? Double == 0)
    // DUNE tells the orderings apart, here by shapes of ν_μ and ν_e alone.
    #expect(try #require(orderings["inverted"]?["delta"] as? Double) > 9)
    #expect(try #require((orderings["inverted"]?["best_fit"] as? [String: Double])?["dm2_32"]) < 0)
    #expect((fit["correlations"] as? [[Any]])?.count == 4)
    #expect((fit["pair_contours"] as? [String: Any])?.keys.sorted() == ["sin2_theta23,delta_cp"])
    #expect(run.output.contains("inverted ordering"))
    let page = try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8)
    #expect(page.contains("by ordering with truth") && page.contains("All fits have Gaussian priors"))
  }

  /// A prior opposite the study's value puts the best fit of δ at the seam of its period: a minimum like any other, with an
  /// interval that reaches over the seam and the width of the prior.
  @Test func aBestFitAtTheSeam() throws {
    let folder = NSTemporaryDirectory() + "nutune-seam-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun(
      "run", "\(folder)/study.yaml", "--out", "\(folder)/out", "--no-report", "--set",
      "oscillation.delta_cp=0 deg", "--set",
      "fit.priors=[sin2_theta13 = 0.02215 ± 0.0006, delta_cp = 3.14159 ± 0.01]")
    #expect(run.exitCode == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/results.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let fit = try #require((results["truth"] as? [String: Any])?["oscillation"] as? [String: Any])
    #expect(fit["converged"] as? Bool == true)
    let best = try #require((fit["best_fit"] as? [String: Double])?["delta_cp"])
    #expect(abs(abs(best) - .pi) < 0.05)
    let interval = try #require((fit["intervals"] as? [String: [String: Any]])?["delta_cp"])
    let (lower, upper) = (try #require(interval["lower"] as? Double), try #require(interval["upper"] as? Double))
    #expect(lower < best && best < upper && abs((upper - lower) / 0.02 - 1) < 0.1)
    #expect(min(abs(lower), abs(upper)) < .pi && max(abs(lower), abs(upper)) > .pi - 0.05)
    #expect(interval["reaches_bound"] as? Bool != true)
    let orderings = try #require((fit["hypotheses"] as? [String: [String: [String: Any]]])?["ordering"])
    let inverted = try #require((orderings["inverted"]?["best_fit"] as? [String: Double])?["delta_cp"])
    #expect(abs(abs(inverted) - .pi) < 0.05)
  }

  @Test(arguments: [
    ("fit.priors=[sin2_theta12 = 0.3 ± 0.01]", "a prior of “sin2_theta12”, which is not fitted"),
    ("fit.priors=[sin2_theta13 = 0.02]", "expected a parameter with its value and a positive error"),
    ("fit.priors=[sin2_theta13 = 0.02 ± -1]", "expected a parameter with its value and a positive error"),
    ("fit.priors=[sin2_theta13=0.02±1, sin2_theta13 = 0.02 +- 1]", "two priors of sin2_theta13"),
    ("fit.priors=[delta_cp = 212 ± 30]", "a prior of delta_cp at 212.0 rad"),
    ("fit.priors=[sin2_theta13 = 2.2 ± 0.06]", "expected a value from 0.0 to 1.0"),
    ("fit.priors=[dm2_32 = 2.438 ± 0.03]", "a prior of dm2_32 at 2.438 eV²"),
    ("fit.priors=[sin2_theta13 = 0.022 ± 1e-300]", "with an error of 1e-300"),
    ("fit.hypotheses=[ordring]", "did you mean “ordering”?"), ("fit.planes=[sin2_theta23]", "expected two different"),
    (
      "likelihood={statistic: poisson, norm: {common: free, neutrino: free}}",
      "likelihood.norm.neutrino: found a free scale that norm_common can imitate"
    ),
    ("oscillation.fit=[dm2_32, delta_cp, sin2_theta13]", "“octant” without sin2_theta23"),
    ("oscillation.fit=[sin2_theta23, delta_cp, sin2_theta13]", "“ordering” without dm2_32"),
  ])
  func mistakesAreNamed(change: String, sentence: String) throws {
    let folder = NSTemporaryDirectory() + "nutune-four-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun("check", "\(folder)/study.yaml", "--set", change)
    #expect(run.exitCode == 65 && run.errors.contains(sentence), "\(run.errors)")
  }
}
