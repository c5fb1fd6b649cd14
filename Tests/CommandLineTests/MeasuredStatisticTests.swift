import Foundation
import Testing

/// Statistics of measured values: which is compared, what each needs, what is fitted with them.
@Suite struct MeasuredStatisticTests {
  /// The statistic of a study decides what is compared; results say it with the plain χ² beside it.
  @Test func theStatisticIsChosen() throws {
    let folder = try MeasuredFolder.ragged()
    var found: [String: [String: Any]] = [:]
    for statistic in ["norm-shape", "plain", "t0", "log-normal"] {
      let study = try folder.study("[rag]", "likelihood: {measured: \(statistic)}")
      let text = try String(contentsOfFile: study, encoding: .utf8)
      try text.replacing("  neural: {model: neural-sf, training.steps: 60, training.pretraining_steps: 40}\n", with: "")
        .write(toFile: study, atomically: true, encoding: .utf8)
      let run = try CommandLineRun(
        "run", study, "--out", "\(folder.path)/out", "--resume", "--no-report", catalogs: folder.catalogs)
      #expect(run.exitCode == 0, "\(run.errors)")
      let near = try #require(
        ((try folder.results()["models"] as? [String: [String: Any]])?["toy"]?["near"]) as? [String: Any])
      let measured = try #require((near["measured"] as? [[String: Any]])?.first)
      #expect(measured["statistic"] as? String == (statistic == "plain" ? "gaussian" : statistic))
      #expect(near["deviance"] as? Double == measured["chi_square"] as? Double)
      #expect(measured["rank"] as? Int == (statistic == "norm-shape" ? 6 : 7) && measured["residuals"] as? Int == 7)
      found[statistic] = measured
    }
    let plain = try #require(found["plain"]?["chi_square"] as? Double)
    for measured in found.values {
      #expect(abs(try #require(measured["plain"] as? Double) - plain) < 1e-9 * plain)
    }
    #expect(Set(found.values.compactMap { $0["chi_square"] as? Double }).count == 4)
    // Seven values over their errors: χ² of nothing.
    let zero = [0.19 / 0.02, 0.03 / 0.004, 0.45 / 0.05, 0.5 / 0.05, 0.04 / 0.006, 0.5 / 0.05, 0.35 / 0.04]
      .reduce(0) { $0 + $1 * $1 }
    #expect(abs(try #require(found["t0"]?["plain_of_zero"] as? Double) - zero) < 1e-9 * zero)
  }

  /// A net that learns by t0 is trained until the covariance that follows it stays.
  @Test func t0IsRenewedUntilItStays() throws {
    let folder = try MeasuredFolder.ragged()
    let run = try CommandLineRun(
      "run", try folder.study("[rag]", "likelihood: {measured: t0, pseudo_experiments: 0}"), "--out",
      "\(folder.path)/out", "--no-report", "--set", "models.neural.training.steps=20", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let neural = try #require((try folder.results()["models"] as? [String: [String: Any]])?["neural"])
    let training = try #require(neural["training"] as? [String: Any])
    let verdict = try #require(training["verdict"] as? String)
    let renewals = try #require(verdict.firstMatch(of: /followed the prediction ([0-9]+) times/)?.1)
    let steps = try #require(training["steps"] as? Int)
    #expect(try #require(Int(renewals)) >= 1 && steps > 20, "\(verdict), \(steps)")
  }

  /// Values that a model made have that model as truth: its χ² is that of noise, another seed is another experiment.
  @Test func aModelMakesTheMeasuredValues() throws {
    let folder = try MeasuredFolder.ragged()
    let refused = try CommandLineRun(
      "run", try folder.study("[rag]", "likelihood: {pseudo_data: neural}"), "--out", "\(folder.path)/out",
      "--no-report",
      catalogs: folder.catalogs)
    #expect(refused.exitCode == 65 && refused.errors.contains("a model that does not learn"), "\(refused.errors)")
    var found: [Double] = []
    for seed in [1, 2, 1] {
      let study = try folder.study(
        "[rag, held]", "likelihood: {measured: plain, pseudo_data: toy, pseudo_experiments: 0}\nseed: {data: \(seed)}")
      let text = try String(contentsOfFile: study, encoding: .utf8)
      try text.replacing("  neural: {model: neural-sf, training.steps: 60, training.pretraining_steps: 40}\n", with: "")
        .write(toFile: study, atomically: true, encoding: .utf8)
      let run = try CommandLineRun(
        "run", study, "--out", "\(folder.path)/pseudo-\(found.count)", "--no-report", catalogs: folder.catalogs)
      #expect(run.exitCode == 0, "\(run.errors)")
      let data = try Data(contentsOf: URL(filePath: "\(folder.path)/pseudo-\(found.count)/results.json"))
      let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let toy = try #require((results["models"] as? [String: [String: Any]])?["toy"]?["near"] as? [String: Any])
      found.append(try #require(toy["deviance"] as? Double))
    }
    // χ² of 14 independent values, outside once in a thousand; the measured values themselves are not those of toy-sf.
    #expect(found.allSatisfy { $0 > 2 && $0 < 45 }, "\(found)")
    #expect(found[0] == found[2] && found[0] != found[1])
  }

  /// Logarithms do not tell a flux that is fitted from one in the covariance: a study's χ² stays, and its pulls are shown.
  @Test func fluxComponentsAreFitted() throws {
    let folder = try MeasuredFolder.ragged()
    let without = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {flux_components: 1}"), catalogs: folder.catalogs)
    #expect(without.exitCode == 65 && without.errors.contains("no flux uncertainty of rag"), "\(without.errors)")
    try folder.addFlux(of: 0.05)
    var found: [[String: Any]] = []
    for components in 0...1 {
      let run = try CommandLineRun(
        "run",
        try folder.study("[rag]", "likelihood: {measured: log-normal, flux_components: \(components)}"), "--out",
        "\(folder.path)/out", "--no-report", "--set", "models.neural.training.steps=2", catalogs: folder.catalogs)
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      let toy = try #require(
        (try folder.results()["models"] as? [String: [String: Any]])?["toy"]?["near"] as? [String: Any])
      found.append(try #require((toy["measured"] as? [[String: Any]])?.first))
      try FileManager.default.removeItem(atPath: "\(folder.path)/out")
    }
    let inside = try #require(found[0]["chi_square"] as? Double)
    #expect(abs(try #require(found[1]["chi_square"] as? Double) - inside) < 1e-7 * inside)
    #expect(found[0]["flux_pulls"] == nil && (found[1]["flux_pulls"] as? [Double])?.count == 1)
    #expect(found[0]["plain"] as? Double == found[1]["plain"] as? Double)
  }

  /// Two measurements of one flux entry have one set of pulls, unless the study says that each has its own.
  @Test func measurementsOfABeamShareTheFlux() throws {
    let folder = try MeasuredFolder.ragged()
    try folder.addFlux(of: 0.05, to: ["rag", "held"])
    func near(_ pulls: String) throws -> [String: Any] {
      let run = try CommandLineRun(
        "run", try folder.study("[rag, held]", "likelihood: {flux_components: 2, pseudo_experiments: 0\(pulls)}"),
        "--out",
        "\(folder.path)/out\(pulls.count)", "--no-report", "--set", "models.neural.training.steps=2",
        catalogs: folder.catalogs)
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      let data = try Data(contentsOf: URL(filePath: "\(folder.path)/out\(pulls.count)/results.json"))
      let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      return try #require((results["models"] as? [String: [String: Any]])?["toy"]?["near"] as? [String: Any])
    }
    func pulls(_ near: [String: Any]) -> [[Double]] {
      (near["measured"] as? [[String: Any]] ?? []).compactMap { $0["flux_pulls"] as? [Double] }
    }
    let (shared, own) = (try near(""), try near(", flux_pulls: own"))
    let (one, each) = (pulls(shared), pulls(own))
    #expect(one.count == 2 && one[0] == one[1] && one[0].count == 1)
    #expect((shared["together"] as? [[String: Any]])?.count == 1 && own["together"] == nil)
    // The values of the second are a tenth above those of the first: two standard deviations of the flux.
    #expect(each.count == 2 && abs(abs(each[0][0]) - abs(each[1][0])) > 0.2, "\(each)")
    #expect(try #require(shared["deviance"] as? Double) != #require(own["deviance"] as? Double))
    let unused = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {flux_pulls: own}"), catalogs: folder.catalogs)
    #expect(
      (unused.output + unused.errors).contains("likelihood.flux_components would fit it"),
      "\(unused.output) \(unused.errors)")
  }

  @Test(arguments: [
    ("norm-shap", "likelihood.measured", "did you mean “norm-shape”?")
  ])
  func statisticsThatCannotBeAreRefused(statistic: String, found: String, expected: String) throws {
    let folder = try MeasuredFolder.ragged()
    let run = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {measured: \(statistic)}"), catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains(found) && run.errors.contains(expected), "\(run.errors)")
  }

  @Test func aLogarithmNeedsPositiveValues() throws {
    let folder = try MeasuredFolder.ragged()
    let table = "catalogs/measurements/rag.csv"
    let text = try String(contentsOfFile: "\(folder.path)/\(table)", encoding: .utf8)
    try folder.write(table, text.replacing("0.19,0.02", with: "-0.01,0.02"))
    let run = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {measured: log-normal}"), catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains("log-normal with -0.01 in bin 0"), "\(run.errors)")
  }

  /// χ² of a measurement and of a prediction from a file, without a study.
  @Test func aPredictionIsComparedWithoutAStudy() throws {
    let folder = try MeasuredFolder.ragged()
    try folder.write(
      "tune.csv",
      "bin,tune\n"
        + [0.209, 0.033, 0.495, 0.55, 0.044, 0.55, 0.385].enumerated()
        .map { "\($0),\($1)" }.joined(separator: "\n"))
    let run = try CommandLineRun(
      "measurement", "rag", "--prediction", "\(folder.path)/tune.csv", "--column", "tune", "--json",
      catalogs: folder.catalogs)
    #expect(run.exitCode == 0, "\(run.errors)")
    let found = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(found["bins"] as? Int == 7 && found["rank"] as? Int == 7)
    #expect(abs(try #require(found["ratio"] as? Double) - 1.1) < 1e-12)
    let zero = try #require(found["plain_of_zero"] as? Double)
    let statistics = try #require(found["statistics"] as? [[String: Any]])
    #expect(statistics.map { $0["statistic"] as? String } == ["plain", "norm-shape", "t0", "log-normal"])
    // A tenth of every value too much costs a hundredth of what nothing costs.
    #expect(abs(try #require(statistics[0]["chi_square"] as? Double) - zero / 100) < 1e-9 * zero)
    let wrong = try CommandLineRun(
      "measurement", "rag", "--prediction", "\(folder.path)/tune.csv", catalogs: folder.catalogs)
    #expect(wrong.exitCode == 65 && wrong.errors.contains("no column “value”"), "\(wrong.errors)")
    let text = try CommandLineRun("measurement", "rag", catalogs: folder.catalogs)
    #expect(text.output.contains("7 bins, sum") && text.output.contains("plain χ² of a prediction of zero: "))
  }
}
