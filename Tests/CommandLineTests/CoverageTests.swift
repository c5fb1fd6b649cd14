import Foundation
import Testing

/// `nutune coverage` on a study small enough for seconds.
@Suite struct CoverageTests {
  private static let study = """
    schema: nutune.study/1
    name: small-coverage
    experiment: \(CoarseBins.dune)
    channels: [numu]
    truth: {model: toy-sf}
    models:
      gp: {model: gaussian-process-sf, prior: toy-detuned, kernel: {length_w2: 1.5, length_q2: 2}}
      wrong: {model: toy-sf, quasi_elastic: {energy_shift: 0.2}}
    near: {events: 3.0e6}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [sin2_theta23, dm2_32]}
    fit: {scan_points: 11}
    fold: {cell_scale: 6, nodes_w2: 60, nodes_q2: 36, accuracy: 1.0e-2}
    """

  private func numbers(_ folder: String) throws -> NSDictionary {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/coverage.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
  }

  private func fraction(_ numbers: NSDictionary, _ model: String, _ level: String, _ parameter: String) -> Double? {
    let path = ["models", model, level, parameter, "fraction"]
    return path.reduce(Optional<Any>(numbers)) { ($0 as? [String: Any])?[$1] } as? Double
  }

  @Test func countsAndGoesOnWhereItWas() throws {
    let folder = NSTemporaryDirectory() + "nutune-coverage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    func run(_ experiments: Int, _ out: String, jobs: Int) throws -> CommandLineRun {
      try CommandLineRun(
        "coverage", "\(folder)/study.yaml", "--experiments", "\(experiments)", "--out", "\(folder)/\(out)", "--jobs",
        "\(jobs)", "--no-report")
    }
    let first = try run(2, "a", jobs: 2)
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.output.contains("gp.at_posterior_mean") && first.output.contains("dm2_32"))
    let kept = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/a/experiments").sorted()
    #expect(kept == ["0.json", "1.json"])
    // What is there is not computed again, what is lost is; the same numbers on one thread in one go.
    try FileManager.default.removeItem(atPath: "\(folder)/a/experiments/1.json")
    let before = try FileManager.default.attributesOfItem(atPath: "\(folder)/a/experiments/0.json")[.modificationDate]
    _ = try run(3, "a", jobs: 2)
    let after = try FileManager.default.attributesOfItem(atPath: "\(folder)/a/experiments/0.json")[.modificationDate]
    #expect(before as? Date == after as? Date)
    _ = try run(3, "b", jobs: 1)
    #expect(try numbers("\(folder)/a") == numbers("\(folder)/b"))
    // A cross section that is far off never has the true Δm² in its interval; the truth mostly has.
    let counted = try numbers("\(folder)/a")
    #expect(fraction(counted, "wrong", "coverage_95", "dm2_32") == 0)
    #expect(try #require(fraction(counted, "truth", "coverage_95", "dm2_32")) >= 0.5)
    #expect(try #require(fraction(counted, "gp", "coverage_95", "dm2_32")) >= 0.5)
  }

  /// Fits that did not converge are said by the exit code, and give no numbers; reports are rebuilt from what was counted.
  @Test func whatFailedIsSaid() throws {
    let folder = NSTemporaryDirectory() + "nutune-coverage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = Self.study.split(separator: "\n").filter { !$0.contains("gp:") && !$0.contains("wrong:") }
    let net = "models: {net: {model: neural-sf, network: {hidden: [4]}, training: {steps: 2, warm_up: 1}}}"
    try lines.joined(separator: "\n").replacing("models:", with: net).write(
      toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun(
      "coverage", "\(folder)/study.yaml", "--experiments", "3", "--out", "\(folder)/out", "--set", "far.events=20")
    #expect(run.exitCode == 2 && run.errors.contains("not every fit converged"), "\(run.errors)")
    let counted = try numbers("\(folder)/out")
    let net0 = try #require((counted["models"] as? [String: Any])?["net"] as? [String: Any])
    #expect(net0["experiments"] as? Int == 0 && net0["failed"] as? Int == 3)
    #expect((net0["shift"] as? [String: Any])?.isEmpty == true && (net0["spread"] as? [String: Any])?.isEmpty == true)
    let page = try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8)
    try FileManager.default.removeItem(atPath: "\(folder)/out/report.html")
    #expect(try CommandLineRun("report", "\(folder)/out").exitCode == 0)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/out/figures/coverage.svg"))
    #expect(try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8) == page)
  }

  /// A prior is what another experiment measured: where it knows more than the data, fits scatter as it does, 0.93 of its
  /// error here beside the data's 1.8·10⁻⁵ eV². With one and the same prior in all they would scatter by a quarter of that.
  @Test func priorsAreDrawnToo() throws {
    let folder = NSTemporaryDirectory() + "nutune-coverage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = Self.study.split(separator: "\n").filter { !$0.contains("gp:") && !$0.contains("wrong:") }
    try lines.joined(separator: "\n").replacing("models:", with: "models: {theory: {model: toy-sf}}").write(
      toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun(
      "coverage", "\(folder)/study.yaml", "--experiments", "40", "--out", "\(folder)/out", "--no-report",
      "--set", "fit.priors=[dm2_32 = 2.4381e-3 ± 5e-6]")
    try #require(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let path = ["models", "truth", "spread", "dm2_32"]
    let counted = try numbers("\(folder)/out")
    let spread = try #require(path.reduce(Optional<Any>(counted)) { ($0 as? [String: Any])?[$1] } as? Double)
    // Forty experiments know a spread to 11 %.
    #expect(abs(spread / 4.8e-6 - 1) < 0.35, "\(spread)")
    #expect(try #require(fraction(counted, "truth", "coverage_68", "dm2_32")) < 0.92)
  }

  /// A flux that fits know nothing of makes them scatter more, and profiling it makes their intervals cover again.
  @Test func theFluxOfEveryExperimentIsAnother() throws {
    let folder = NSTemporaryDirectory() + "nutune-coverage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = Self.study.split(separator: "\n").filter { !$0.contains("gp:") && !$0.contains("wrong:") }
    try lines.joined(separator: "\n").replacing("models:", with: "models: {theory: {model: toy-sf}}").write(
      toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    func run(_ out: String, _ changes: String...) throws -> NSDictionary {
      let set = changes.map { " --set '\($0)'" }.joined()
      let run = try CommandLineRun(
        shell: "NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs' \"$nutune\" coverage '\(folder)/study.yaml' "
          + "--experiments 24 --no-report --out '\(folder)/\(out)'\(set)")
      // A flux of three times its uncertainty can leave a fit without a minimum, which the exit code says.
      try #require(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      return try numbers("\(folder)/\(out)")
    }
    func spread(_ numbers: NSDictionary) throws -> Double {
      let path = ["models", "truth", "spread", "dm2_32"]
      return try #require(path.reduce(Optional<Any>(numbers)) { ($0 as? [String: Any])?[$1] } as? Double)
    }
    let throwing = "systematics={flux: {covariance: dune-like, scale: 3}, ensemble: {vary: [flux]}}"
    let nominal = try run("nominal")
    let thrown = try run("thrown", throwing)
    let profiled = try run("profiled", throwing, "fit.nuisance.flux=8")
    #expect(try spread(thrown) > 1.5 * spread(nominal))
    let joint = try [nominal, thrown, profiled].map {
      try #require(fraction($0, "truth", "coverage_95", "joint"))
    }
    #expect(joint[0] >= 0.8 && joint[1] < joint[2] && joint[2] >= 0.7, "\(joint)")
  }
}
