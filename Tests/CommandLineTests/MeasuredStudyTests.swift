import Foundation
import Testing

/// Studies whose data are measurements of a catalog: no truth, no experiment.
@Suite struct MeasuredStudyTests {
  @Test func modelsLearnFromOneAndPredictTheOther() throws {
    let folder = try MeasuredFolder.ragged()
    let run = try CommandLineRun(
      "run", try folder.study("{learn: [rag], predict: [held]}"), "--out", "\(folder.path)/out",
      catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let models = try #require(try folder.results()["models"] as? [String: [String: Any]])
    let near = try #require(models["neural"]?["near"] as? [String: Any])
    #expect(near["samples"] as? [String] == ["near-numu-fhc-rag"] && near["bins"] as? Int == 7)
    let elsewhere = try #require(models["neural"]?["elsewhere"] as? [String: Any])
    #expect(elsewhere["samples"] as? [String] == ["near-numu-fhc-held"])
    // The held-out values are 1.1 times those that were learned from.
    let (one, other10) = (
      try #require(near["measured_ratio"] as? Double), try #require(elsewhere["measured_ratio"] as? Double)
    )
    #expect(abs(one / other10 - 1.1) < 1e-9)
    // Of a model that does not learn both are only compared; the second has values 10 % larger.
    let toy = try #require((models["toy"]?["near"] as? [String: Any])?["deviance"] as? Double)
    #expect(toy > 0.1 && toy < 2000)
    let predictions = try #require(
      try JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(filePath: "\(folder.path)/out/predictions.json"))) as? [String: Any])
    let sample = try #require((predictions["samples"] as? [[String: Any]])?.first)
    #expect(sample["truth"] == nil && (sample["errors"] as? [Double])?.count == 7)
    #expect(((sample["binning"] as? [String: Any])?["grids"] as? [Any])?.count == 3)
    let page = try String(contentsOfFile: "\(folder.path)/out/report.html", encoding: .utf8)
    #expect(page.contains("Ratio to data") && !page.contains("Ratio to truth"))
    // Nothing changed, nothing is computed again.
    let again = try CommandLineRun(
      "run", "\(folder.path)/study.yaml", "--out", "\(folder.path)/out", "--resume", "--no-report",
      catalogs: folder.catalogs)
    #expect(again.exitCode == run.exitCode)
    // A changed measurement is another input.
    let table = "catalogs/measurements/rag.csv"
    let text = try String(contentsOfFile: "\(folder.path)/\(table)", encoding: .utf8)
    try text.replacing("0.19,0.02", with: "0.25,0.02").write(
      toFile: "\(folder.path)/\(table)", atomically: true, encoding: .utf8)
    let changed = try CommandLineRun(
      "run", "\(folder.path)/study.yaml", "--out", "\(folder.path)/out", "--resume", "--no-report",
      catalogs: folder.catalogs)
    #expect(changed.exitCode == 0 || changed.exitCode == 2, "\(changed.errors)")
    let other = try #require(
      ((try folder.results()["models"] as? [String: [String: Any]])?["toy"]?["near"] as? [String: Any])?["deviance"]
        as? Double)
    #expect(abs(other - toy) > 0.1)
  }

  @Test(arguments: [
    ("[rga]", "", "found the unknown measurement “rga”", "did you mean “rag”?"),
    ("{predict: [rag]}", "", "found nothing to learn from", "at least one measurement under `learn`"),
    ("{lern: [rag]}", "", "unknown key", "did you mean “learn”?"),
    ("[rag, rag]", "", "of rag in rag and in rag", "every bin once"),
    (
      "[rag, {measurement: rag, name: part, select: {cos_theta: [0.4, ..]}}]", "", "of rag in rag and in part",
      "parts of a measurement that share none"
    ),
    (
      "{learn: [rag], predict: [{measurement: rag, name: part, select: {cos_theta: [0.8, ..]}}]}", "",
      "of rag in rag and in part", "every bin once"
    ),
    ("[rag, {measurement: held, name: rag, select: {cos_theta: [0.4, ..]}}]", "", "the name rag twice", "of its own"),
    ("[{measurement: rag, select: {cos_theta: [0.4, ..]}}]", "", "name: found nothing", "for the selected bins"),
    ("[{measurement: rag, name: rag, select: {cos_theta: [0.4, ..]}}]", "", "the name of the measurement", "for those"),
    ("[{measurement: rag, name: part}]", "", "select: found nothing", "ranges of the observables"),
    ("[{measurement: rag, name: part, select: {theta: [0, 20]}}]", "", "theta, which rag is not binned in", "one of"),
    ("[{measurement: rag, name: part, select: {cos_thta: [0, 1]}}]", "", "cos_thta", "did you mean “cos_theta”?"),
    ("[{measurement: rag, name: part, select: {cos_theta: [0.5, 1]}}]", "", "an end within bin 2", "edges of bins"),
    ("[{measurement: rag, name: part, select: {cos_theta: [1, 0.4]}}]", "", "a list of 2", "the lower one first"),
    ("[{measurement: rag, name: part, select: {lepton_momentum: [5, ..]}}]", "", "no bin of rag", "that hold some"),
    ("[{measurement: rag, wieght: 0.5}]", "", "unknown key", "did you mean “weight”?"),
    ("[{measurement: rag, weight: 0}]", "", "data.weight: found “0”", "a number from 1e-6 to 1e6, 0.25 for errors"),
    ("[{measurement: rag, weight: 1e300}]", "", "data.weight: found “1e300”", "a number from 1e-6 to 1e6"),
    ("[{measurement: rag, weight: inf}]", "", "data.weight: found “inf”", "a number from 1e-6 to 1e6"),
    (
      "{learn: [rag], predict: [{measurement: held, weight: 0.5}]}", "", "a weight of held, from which no model learns",
      "compared with the errors that were published"
    ),
    (
      "[{measurement: rag, name: back, select: {cos_theta: [.., 0.8]}}, "
        + "{measurement: rag, name: front, select: {cos_theta: [0.8, ..]}, weight: 0.5}]", "",
      "the weights 1.0 of back and 0.5 of front, parts of rag", "one vector of data"
    ),
    ("[]", "", "data: found a list of 0 elements", "held, "),
    ("[rag]", "truth: {model: toy-sf}", "truth beside data", "measured data have no truth"),
    ("[rag]", "experiment: dune", "experiment beside data", "those of the measurements"),
    ("[rag]", "channels: [numubar]", "channels beside data", "a measurement has its channel"),
    ("[rag]", "predict: dune", "predict beside data", "data.predict"),
  ])
  func mistakesAreNamed(data: String, more: String, found: String, expected: String) throws {
    let folder = try MeasuredFolder.ragged()
    let run = try CommandLineRun("check", try folder.study(data, more), catalogs: folder.catalogs)
    #expect(run.exitCode == 65, "\(run.errors)")
    #expect(run.errors.contains(found) && run.errors.contains(expected), "\(run.errors)")
    #expect(run.errors.contains("study.yaml:"))
  }

  /// The bins that are selected are those of the table, and no others.
  @Test func aStudySelectsBins() throws {
    let folder = try MeasuredFolder.ragged()
    let study = try folder.study(
      "{learn: [{measurement: rag, name: slow, select: {cos_theta: [0.4, 0.8], lepton_momentum: [.., 1.2]}}]}")
    let run = try CommandLineRun(
      "run", study, "--out", "\(folder.path)/out", "--no-report", "--set", "models.neural.training.steps=2",
      catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let toy = try #require(
      (try folder.results()["models"] as? [String: [String: Any]])?["toy"]?["near"] as? [String: Any])
    #expect(toy["samples"] as? [String] == ["near-numu-fhc-slow"] && toy["bins"] as? Int == 2)
    let measured = try #require((toy["measured"] as? [[String: Any]])?.first)
    #expect(measured["measurement"] as? String == "slow")
    // Values of the bins 2 and 3 over their errors: 0.45 ± 0.05, 0.5 ± 0.05. Bin 6 has an end of the momentum within, but
    // another angle.
    #expect(abs(try #require(measured["plain_of_zero"] as? Double) - (81 + 100)) < 1e-6)
  }

  private static let back = "{measurement: rag, name: back, select: {cos_theta: [.., 0.8]}}"
  private static let front = "{measurement: rag, name: front, select: {cos_theta: [0.8, ..]}}"

  /// Two parts of a measurement with a common norm are the whole, whose χ² is not the sum of theirs.
  @Test func partsOfAMeasurementAreLearnedTogether() throws {
    let folder = try MeasuredFolder.ragged()
    try folder.addFlux(of: 0.08)
    func toy(_ data: String, _ more: String = "") throws -> [String: Any] {
      let run = try CommandLineRun(
        "run", try folder.study(data, "likelihood: {pseudo_experiments: 0\(more)}"), "--out", "\(folder.path)/out",
        "--no-report", "--set", "models.neural.training.steps=2", catalogs: folder.catalogs)
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      defer { try? FileManager.default.removeItem(atPath: "\(folder.path)/out") }
      return try #require((try folder.results()["models"] as? [String: [String: Any]])?["toy"])
    }
    for more in ["", ", flux_components: 1"] {
      let whole = try #require(try toy("[rag]", more)["near"] as? [String: Any])
      let near = try #require(try toy("[\(Self.back), \(Self.front)]", more)["near"] as? [String: Any])
      #expect(near["samples"] as? [String] == ["near-numu-fhc-back", "near-numu-fhc-front"])
      let (expected, found) = (
        try #require(whole["deviance"] as? Double), try #require(near["deviance"] as? Double)
      )
      #expect(abs(found / expected - 1) < 0.01, "\(found) \(expected)")
      let together = try #require((near["together"] as? [[String: Any]])?.first)
      #expect(together["measurements"] as? [String] == ["back", "front"])
      #expect(together["chi_square"] as? Double == found && together["residuals"] as? Int == 7)
      #expect((together["flux_pulls"] as? [Double])?.count == (more.isEmpty ? nil : 1))
      #expect(whole["together"] == nil)
    }
    // One half held out: both under their names, each with its own covariance.
    let apart = try toy("{learn: [\(Self.back)], predict: [\(Self.front)]}")
    let held = try #require(apart["elsewhere"] as? [String: Any])
    #expect(held["samples"] as? [String] == ["near-numu-fhc-front"] && held["bins"] as? Int == 2)
    #expect((apart["near"] as? [String: Any])?["together"] == nil)
  }

  /// A weight of a quarter is errors twice as large in all that models learn, and no change of what a measurement is compared with.
  @Test func aMeasurementHasAWeight() throws {
    let folder = try MeasuredFolder.ragged()
    let out = "\(folder.path)/out"
    func run(_ data: String, resumes: Bool = false) throws -> [String: [String: Any]] {
      let study = try folder.study(data, "likelihood: {pseudo_experiments: 0}")
      let run =
        resumes
        ? try CommandLineRun("run", study, "--out", out, "--no-report", "--resume", catalogs: folder.catalogs)
        : try CommandLineRun("run", study, "--out", out, "--no-report", catalogs: folder.catalogs)
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      return try #require(try folder.results()["models"] as? [String: [String: Any]])
    }
    func deviance(_ models: [String: [String: Any]]) throws -> Double {
      try #require((models["neural"]?["near"] as? [String: Any])?["deviance"] as? Double)
    }
    func measured(_ models: [String: [String: Any]]) throws -> [Double] {
      let near = try #require(models["neural"]?["near"] as? [String: Any])
      return try #require(near["measured"] as? [[String: Any]]).compactMap { $0["chi_square"] as? Double }
    }
    let weighted = try run("[{measurement: rag, weight: 0.25}, held]")
    let values = try #require(try folder.json("study.json")["values"] as? [String: Any])
    #expect("\(try #require(values["data.learn.rag.weight"]))".contains("0.25"))
    // Another weight is another training, also of a run that is resumed.
    let resumed = try run("[{measurement: rag, weight: 0.5}, held]", resumes: true)
    try FileManager.default.removeItem(atPath: out)
    #expect(try deviance(resumed) == deviance(try run("[{measurement: rag, weight: 0.5}, held]")))
    #expect(try deviance(resumed) != deviance(weighted))
    // Errors of 0.04 instead of 0.02, and so on.
    let table = "catalogs/measurements/rag.csv"
    let text = try String(contentsOfFile: "\(folder.path)/\(table)", encoding: .utf8)
    let rows = text.split(separator: "\n").enumerated().map { index, row in
      var fields = row.split(separator: ",").map(String.init)
      if index > 0, let error = Double(fields[5]) { fields[5] = "\(2 * error)" }
      return fields.joined(separator: ",")
    }
    try folder.write(table, rows.joined(separator: "\n"))
    try FileManager.default.removeItem(atPath: out)
    let larger = try run("[rag, held]")
    #expect(abs(try deviance(larger) / deviance(weighted) - 1) < 1e-9)
    let (published, divided) = (try measured(weighted), try measured(larger))
    #expect(published.count == 2 && abs(published[0] / (4 * divided[0]) - 1) < 1e-9)
    #expect(abs(published[1] / divided[1] - 1) < 1e-9)
    #expect(abs((0.25 * published[0] + published[1]) / (try deviance(weighted)) - 1) < 1e-9)
  }

  @Test("Of a run folder that is not there a board says so in one sentence")
  func missingRun() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nutune-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: "\(folder)/runs/first", withIntermediateDirectories: true)
    func errors(_ entry: String) throws -> String {
      let run = try CommandLineRun("board", entry, "--out", "board", "--no-report", in: folder)
      #expect(run.exitCode == 66)
      return run.errors
    }
    #expect(
      try errors("runs/frist") == """
        nutune: error: runs/frist: found no such file or folder; expected a study file, or the folder of a finished run; \
        did you mean “runs/first”?

        """)
    #expect(
      try errors("runs/first").contains("found a folder without results.json; expected a study file, or the folder"))
  }

  /// A board of a study that it runs, and of the run that this left.
  @Test func aBoardRunsAStudy() throws {
    let folder = try MeasuredFolder.ragged()
    let study = try folder.study("{learn: [rag], predict: [held]}", "likelihood: {pseudo_experiments: 3}")
    let board = "\(folder.path)/board"
    let run = try CommandLineRun("board", study, "--out", board, "--no-report", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    #expect(run.output.contains("held: 7 bins") && run.output.contains("No correlations between bins were published"))
    let table = try String(contentsOfFile: "\(board)/board.csv", encoding: .utf8)
    let rows = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 5)
    #expect(
      rows.dropFirst().map { "\($0[0]) \($0[2]) \($0[4])" }.sorted() == [
        "held neural no", "held toy no", "rag neural yes", "rag toy no",
      ])
    let again = try CommandLineRun(
      "board", "\(board)/runs/measured", "--out", "\(folder.path)/other", "--no-report", catalogs: folder.catalogs)
    #expect(again.exitCode == run.exitCode, "\(again.errors)")
    #expect(try String(contentsOfFile: "\(folder.path)/other/board.csv", encoding: .utf8) == table)
    let closure = try CommandLineRun(
      "board", "catalogs/studies/dune-closure.yaml", "--out", "\(folder.path)/closure", "--no-report")
    #expect(closure.exitCode == 65 && closure.errors.contains("a study without measured data"), "\(closure.errors)")
  }

  /// No model can be told to learn from what the study holds out.
  @Test func whatIsHeldOutTeachesNothing() throws {
    let folder = try MeasuredFolder.ragged()
    let study = try folder.study("{learn: [rag], predict: [held]}")
    let run = try CommandLineRun(
      "check", study, "--set", "models.neural.tune_on=[held]", catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains("which is only predicted"), "\(run.errors)")
  }

  /// A training ends where a measurement that it does not see is described best; never one that the study holds out.
  @Test func aMeasurementEndsATraining() throws {
    let folder = try MeasuredFolder.ragged()
    for (data, stop, sentence) in [
      ("{learn: [rag], predict: [held]}", "held", "which the study holds out"), ("[rag, held]", "rga", "found “rga”"),
      ("[rag, held]", "rag, held", "everything that the model learns from"),
    ] {
      let run = try CommandLineRun(
        "check", try folder.study(data), "--set", "models.neural.training.stop_on=[\(stop)]", catalogs: folder.catalogs)
      #expect(run.exitCode == 65 && run.errors.contains(sentence), "\(run.errors)")
    }
    // Values 1.1 times as large as those it learns from cannot be reached: the best is not at the end of many steps.
    let run = try CommandLineRun(
      "run", try folder.study("[rag, held]", "likelihood: {measured: plain, pseudo_experiments: 0}"), "--out",
      "\(folder.path)/out", "--no-report", "--set", "models.neural.training.stop_on=[held]", "--set",
      "models.neural.training.judging_interval=5", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let training = try #require(
      (try folder.results()["models"] as? [String: [String: Any]])?["neural"]?["training"] as? [String: Any])
    let verdict = try #require(training["verdict"] as? String)
    #expect(verdict.hasSuffix("; judged by held, which it was not trained on"), "\(verdict)")
  }

  /// The absolute cross section of one bin that holds everything, against totals of another command averaged over the flux.
  @Test func theCrossSectionIsAbsolute() throws {
    let folder = try MeasuredFolder.ragged()
    // 3·1.7 bin area: the value stands for 1e-38 cm² per nucleon.
    // A flat flux, which no interpolation between bins changes.
    try folder.write(
      "catalogs/fluxes/beam.csv", "E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT\n0.4,1.7,1\n1.7,3,1")
    for kind in ["rag", "held"] {
      try folder.write(
        "catalogs/measurements/\(kind).csv",
        """
        lepton_momentum_low,lepton_momentum_high,cos_theta_low,cos_theta_high,value,error
        0,3.2,-1,1,\(1 / 6.4),0.01
        """)
    }
    let run = try CommandLineRun(
      "run", try folder.study("[rag]"), "--out", "\(folder.path)/out", "--no-report", "--set",
      "fold={cell_scale: 1, nodes_w2: 140, nodes_q2: 80}", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let models = try #require(try folder.results()["models"] as? [String: [String: Any]])
    let found = try #require((models["toy"]?["near"] as? [String: Any])?["measured_ratio"] as? Double)
    let totals = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "numu", "--target", "C12", "--energies", "0.45:2.95:0.1", "--total")
    let flux: [(ClosedRange<Double>, Double)] = [(0.4...3, 1)]
    var (sum, norm) = (0.0, 0.0)
    for row in totals.rows.dropFirst() {
      let (energy, sigma) = (try #require(Double(row[0])), try #require(Double(row[1])))
      let density = flux.first { $0.0.contains(energy) }?.1 ?? 0
      sum += density * sigma
      norm += density
    }
    #expect(totals.rows.count == 27 && abs(found / (sum / norm) - 1) < 2e-3, "\(found) against \(sum / norm)")
  }

  @Test func aModelOfShapesIsRefused() throws {
    let folder = try MeasuredFolder.ragged()
    let study = try folder.study("[rag]")
    let text = try String(contentsOfFile: study, encoding: .utf8)
    try text.replacing("toy: {model: toy-sf}", with: "shapes: {model: normalizing-flow}").write(
      toFile: study, atomically: true, encoding: .utf8)
    let run = try CommandLineRun("check", study, catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains("which learns shapes only"), "\(run.errors)")
  }

  /// The study of the ragged measurement with a process in place of the net.
  private static func studyOfProcess(in folder: borrowing MeasuredFolder, kernel: String) throws -> String {
    let study = try folder.study("[rag]")
    try String(contentsOfFile: study, encoding: .utf8).replacing(
      "neural: {model: neural-sf, training.steps: 60, training.pretraining_steps: 40}",
      with: "process: {model: gaussian-process-sf, prior: {model: toy-sf}, kernel: \(kernel)}"
    ).write(toFile: study, atomically: true, encoding: .utf8)
    return study
  }

  /// A Gaussian process learns absolute values on a mixture of nuclei: most of the χ² of its prior is gone, and the sum
  /// over the bins is that of the data within their error, 4 %.
  @Test(arguments: [
    "{length_w2: 1, length_q2: 1}",
    "[{amplitude: 0.4, length_w2: 1, length_q2: 1}, {amplitude: 0.2, length_w2: 2, length_q2: 2}]",
  ]) func aGaussianProcessLearnsFromMeasuredValues(kernel: String) throws {
    let folder = try MeasuredFolder.ragged()
    let entry = "\(folder.path)/catalogs/measurements/rag.yaml"
    try String(contentsOfFile: entry, encoding: .utf8).replacing(
      "target: C12", with: "target: CH\ncomposition: {C12: 12/13, H1: 1/13}"
    ).write(toFile: entry, atomically: true, encoding: .utf8)
    let study = try Self.studyOfProcess(in: folder, kernel: kernel)
    let run = try CommandLineRun(
      "run", study, "--out", "\(folder.path)/out", "--no-report", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let models = try #require(try folder.results()["models"] as? [String: [String: Any]])
    func near(_ model: String, _ key: String) throws -> Double {
      try #require((models[model]?["near"] as? [String: Any])?[key] as? Double)
    }
    #expect(try near("process", "deviance") < 0.4 * near("toy", "deviance"))
    #expect(try abs(near("process", "measured_ratio") - 1) < 0.12)
    // χ²/(n − parameters) of the table.
    let fit = try #require((models["process"]?["near"] as? [String: Any])?["goodness_of_fit"] as? [String: Any])
    let (expected, parameters) = (
      try #require(fit["expected_deviance"] as? Double), try #require(fit["effective_parameters"] as? Double)
    )
    #expect(parameters > 0.5 && abs(expected - (7 - parameters)) < 1e-6)
    let row = try #require(run.output.split(separator: "\n").first { $0.contains("deviance/expected") })
    let printed = try #require(row.split(separator: " ").last.flatMap { Double($0) })
    #expect(try abs(printed / (near("process", "deviance") / expected) - 1) < 6e-3)
  }

  /// Kernels that do not fit together are refused before anything is computed, with the place.
  @Test(arguments: [
    ("[{amplitude: 0.3, length_w2: 1}, {amplitude: 0.3}]", "amplitude, length_w2, which the first element"),
    ("[{amplitude: 0.3, choice: grid}]", "one of length_w2, length_q2, amplitude"),
    ("{amplitude: [0.3, 0.2], length_w2: [1, 2, 3]}", "one number for each of 3 kernels"),
  ]) func wrongSumsOfKernelsAreRefused(kernel: String, expected: String) throws {
    let folder = try MeasuredFolder.ragged()
    let study = try Self.studyOfProcess(in: folder, kernel: kernel)
    let run = try CommandLineRun("check", study, catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains(expected) && run.errors.contains("study.yaml:"), "\(run.errors)")
  }

  @Test(arguments: ["coverage", "ensemble"]) func closuresNeedATruth(verb: String) throws {
    let folder = try MeasuredFolder.ragged()
    let study = try folder.study("[rag]")
    let run =
      verb == "coverage"
      ? try CommandLineRun(
        "coverage", study, "--experiments", "2", "--out", "\(folder.path)/c", catalogs: folder.catalogs)
      : try CommandLineRun("ensemble", "run", study, "--out", "\(folder.path)/e", catalogs: folder.catalogs)
    #expect(run.exitCode == 65, "\(run.errors)")
    #expect(!run.errors.contains("internal"), "\(run.errors)")
  }
}
