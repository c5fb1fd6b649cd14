import Foundation
import Testing

/// Studies whose data are measurements of a catalog: no truth, no experiment.
@Suite struct MeasuredStudyTests {
  /// A catalog with a flux and two measurements of ragged bins; values are those of toy-sf within a few per cent.
  private struct Folder: ~Copyable {
    let path = NSTemporaryDirectory() + "nutune-measured-\(UUID().uuidString)"

    /// Its catalogs, and those of the project.
    var catalogs: String { "\(path)/catalogs:\(CommandLineRun.root)/catalogs" }

    init() throws {
      for kind in ["fluxes", "measurements"] {
        try FileManager.default.createDirectory(atPath: "\(path)/catalogs/\(kind)", withIntermediateDirectories: true)
      }
      try write(
        "catalogs/fluxes/beam.yaml",
        """
        schema: nutune.flux/1
        title: A beam of 0.4 to 3 GeV
        model: tabulated-flux
        file: beam.csv
        """)
      // Neutrinos/cm²/GeV per proton, in an arbitrary unit: it divides out.
      try write(
        "catalogs/fluxes/beam.csv",
        """
        E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT
        0.4,0.8,2
        0.8,1.4,3
        1.4,2,1.5
        2,3,0.5
        """)
      for (name, value) in [("rag", 1.0), ("held", 1.1)] {
        try write(
          "catalogs/measurements/\(name).yaml",
          """
          schema: nutune.measurement/1
          title: Ragged bins
          channel: numu
          target: C12
          flux: beam
          observables: [lepton_momentum, cos_theta]
          unit: 1e-38 cm2/GeV/nucleon
          file: \(name).csv
          """)
        try write(
          "catalogs/measurements/\(name).csv",
          """
          lepton_momentum_low,lepton_momentum_high,cos_theta_low,cos_theta_high,value,error
          0.1,0.5,-1,0.4,\(0.19 * value),0.02
          0.5,2.5,-1,0.4,\(0.03 * value),0.004
          0.1,0.6,0.4,0.8,\(0.45 * value),0.05
          0.6,1.2,0.4,0.8,\(0.5 * value),0.05
          1.2,2.5,0.4,0.8,\(0.04 * value),0.006
          0.1,1,0.8,1,\(0.5 * value),0.05
          1,2.5,0.8,1,\(0.35 * value),0.04
          """)
      }
    }

    func write(_ name: String, _ text: String) throws {
      try (text + "\n").write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }

    func study(_ data: String, _ more: String = "") throws -> String {
      try write(
        "study.yaml",
        """
        schema: nutune.study/1
        name: measured
        data: \(data)
        models:
          toy: {model: toy-sf}
          neural: {model: neural-sf, training.steps: 60, training.pretraining_steps: 40}
        fold: {cell_scale: 4, nodes_w2: 50, nodes_q2: 30}
        \(more)
        """)
      return "\(path)/study.yaml"
    }

    func results() throws -> [String: Any] {
      let data = try Data(contentsOf: URL(filePath: "\(path)/out/results.json"))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  @Test func modelsLearnFromOneAndPredictTheOther() throws {
    let folder = try Folder()
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
      "run", "\(folder.path)/study.yaml", "--out", "\(folder.path)/out", "--resume", catalogs: folder.catalogs)
    #expect(again.exitCode == run.exitCode)
    // A changed measurement is another input.
    let table = "catalogs/measurements/rag.csv"
    let text = try String(contentsOfFile: "\(folder.path)/\(table)", encoding: .utf8)
    try text.replacing("0.19,0.02", with: "0.25,0.02").write(
      toFile: "\(folder.path)/\(table)", atomically: true, encoding: .utf8)
    let changed = try CommandLineRun(
      "run", "\(folder.path)/study.yaml", "--out", "\(folder.path)/out", "--resume", catalogs: folder.catalogs)
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
    ("[rag, rag]", "", "rag twice", "every measurement once"),
    ("[rag, {measurement: rag, name: part, select: {cos_theta: [0.4, ..]}}]", "", "rag twice", "share errors"),
    ("[{measurement: rag, select: {cos_theta: [0.4, ..]}}]", "", "name: found nothing", "for the selected bins"),
    ("[{measurement: rag, name: rag, select: {cos_theta: [0.4, ..]}}]", "", "the name of the measurement", "for those"),
    ("[{measurement: rag, name: part}]", "", "select: found nothing", "ranges of the observables"),
    ("[{measurement: rag, name: part, select: {theta: [0, 20]}}]", "", "theta, which rag is not binned in", "one of"),
    ("[{measurement: rag, name: part, select: {cos_thta: [0, 1]}}]", "", "cos_thta", "did you mean “cos_theta”?"),
    ("[{measurement: rag, name: part, select: {cos_theta: [0.5, 1]}}]", "", "an end within bin 2", "edges of bins"),
    ("[{measurement: rag, name: part, select: {cos_theta: [1, 0.4]}}]", "", "a list of 2", "the lower one first"),
    ("[{measurement: rag, name: part, select: {lepton_momentum: [5, ..]}}]", "", "no bin of rag", "that hold some"),
    ("[]", "", "data: found a list of 0 elements", "held, "),
    ("[rag]", "truth: {model: toy-sf}", "truth beside data", "measured data have no truth"),
    ("[rag]", "experiment: dune", "experiment beside data", "those of the measurements"),
    ("[rag]", "channels: [numubar]", "channels beside data", "a measurement has its channel"),
    ("[rag]", "predict: dune", "predict beside data", "data.predict"),
  ])
  func mistakesAreNamed(data: String, more: String, found: String, expected: String) throws {
    let folder = try Folder()
    let run = try CommandLineRun("check", try folder.study(data, more), catalogs: folder.catalogs)
    #expect(run.exitCode == 65, "\(run.errors)")
    #expect(run.errors.contains(found) && run.errors.contains(expected), "\(run.errors)")
    #expect(run.errors.contains("study.yaml:"))
  }

  /// The bins that are selected are those of the table, and no others.
  @Test func aStudySelectsBins() throws {
    let folder = try Folder()
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
    let folder = try Folder()
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
    let folder = try Folder()
    let study = try folder.study("{learn: [rag], predict: [held]}")
    let run = try CommandLineRun(
      "check", study, "--set", "models.neural.tune_on=[held]", catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains("which is only predicted"), "\(run.errors)")
  }

  /// A training ends where a measurement that it does not see is described best; never one that the study holds out.
  @Test func aMeasurementEndsATraining() throws {
    let folder = try Folder()
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
    let folder = try Folder()
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
      "run", try folder.study("[rag]"), "--out", "\(folder.path)/out", "--set",
      "fold={cell_scale: 1, nodes_w2: 140, nodes_q2: 80}", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let models = try #require(try folder.results()["models"] as? [String: [String: Any]])
    let found = try #require((models["toy"]?["near"] as? [String: Any])?["measured_ratio"] as? Double)
    let totals = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "numu", "--target", "C12", "--energies", "0.405:2.995:0.01", "--total")
    let flux: [(ClosedRange<Double>, Double)] = [(0.4...3, 1)]
    var (sum, norm) = (0.0, 0.0)
    for row in totals.rows.dropFirst() {
      let (energy, sigma) = (try #require(Double(row[0])), try #require(Double(row[1])))
      let density = flux.first { $0.0.contains(energy) }?.1 ?? 0
      sum += density * sigma
      norm += density
    }
    #expect(totals.rows.count == 261 && abs(found / (sum / norm) - 1) < 2e-3, "\(found) against \(sum / norm)")
  }

  @Test func aModelOfShapesIsRefused() throws {
    let folder = try Folder()
    let study = try folder.study("[rag]")
    let text = try String(contentsOfFile: study, encoding: .utf8)
    try text.replacing("toy: {model: toy-sf}", with: "shapes: {model: normalizing-flow}").write(
      toFile: study, atomically: true, encoding: .utf8)
    let run = try CommandLineRun("check", study, catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains("which learns shapes only"), "\(run.errors)")
  }

  /// A Gaussian process learns absolute values on a mixture of nuclei: most of the χ² of its prior is gone, and the sum
  /// over the bins is that of the data within their error, 4 %.
  @Test func aGaussianProcessLearnsFromMeasuredValues() throws {
    let folder = try Folder()
    let entry = "\(folder.path)/catalogs/measurements/rag.yaml"
    try String(contentsOfFile: entry, encoding: .utf8).replacing(
      "target: C12", with: "target: CH\ncomposition: {C12: 12/13, H1: 1/13}"
    ).write(toFile: entry, atomically: true, encoding: .utf8)
    let study = try folder.study("[rag]")
    let text = try String(contentsOfFile: study, encoding: .utf8)
    try text.replacing(
      "neural: {model: neural-sf, training.steps: 60, training.pretraining_steps: 40}",
      with: "process: {model: gaussian-process-sf, prior: {model: toy-sf}, kernel: {length_w2: 1, length_q2: 1}}"
    ).write(toFile: study, atomically: true, encoding: .utf8)
    let run = try CommandLineRun(
      "run", study, "--out", "\(folder.path)/out", "--no-report", catalogs: folder.catalogs)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    let models = try #require(try folder.results()["models"] as? [String: [String: Any]])
    func near(_ model: String, _ key: String) throws -> Double {
      try #require((models[model]?["near"] as? [String: Any])?[key] as? Double)
    }
    #expect(try near("process", "deviance") < 0.4 * near("toy", "deviance"))
    #expect(try abs(near("process", "measured_ratio") - 1) < 0.12)
  }

  @Test(arguments: ["coverage", "ensemble"]) func closuresNeedATruth(verb: String) throws {
    let folder = try Folder()
    let study = try folder.study("[rag]")
    let run =
      verb == "coverage"
      ? try CommandLineRun(
        "coverage", study, "--experiments", "2", "--out", "\(folder.path)/c", catalogs: folder.catalogs)
      : try CommandLineRun("ensemble", "run", study, "--out", "\(folder.path)/e", catalogs: folder.catalogs)
    #expect(run.exitCode == 65, "\(run.errors)")
    #expect(!run.errors.contains("internal"), "\(run.errors)")
  }

  /// The statistic of a study decides what is compared; results say it with the plain χ² beside it.
  @Test func theStatisticIsChosen() throws {
    let folder = try Folder()
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
    let folder = try Folder()
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
    let folder = try Folder()
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
    let folder = try Folder()
    let without = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {flux_components: 1}"), catalogs: folder.catalogs)
    #expect(without.exitCode == 65 && without.errors.contains("no flux uncertainty of rag"), "\(without.errors)")
    let bins = [(0.19, 0.02), (0.03, 0.004), (0.45, 0.05), (0.5, 0.05), (0.04, 0.006), (0.5, 0.05), (0.35, 0.04)]
    let rows = bins.indices.map { i in
      bins.indices.map { $0 == i ? "\(bins[i].1 * bins[i].1 - 0.0025 * bins[i].0 * bins[i].0)" : "0" }.joined(
        separator: ",")
    }
    try folder.write("catalogs/measurements/statistical.csv", rows.joined(separator: "\n"))
    let entry = "catalogs/measurements/rag.yaml"
    let text = try String(contentsOfFile: "\(folder.path)/\(entry)", encoding: .utf8)
    try folder.write(
      entry,
      text + "covariances: [{kind: statistical, file: statistical.csv}, {kind: flux, fraction: 0.05}]")
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

  @Test(arguments: [
    ("norm-shap", "likelihood.measured", "did you mean “norm-shape”?")
  ])
  func statisticsThatCannotBeAreRefused(statistic: String, found: String, expected: String) throws {
    let folder = try Folder()
    let run = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {measured: \(statistic)}"), catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains(found) && run.errors.contains(expected), "\(run.errors)")
  }

  @Test func aLogarithmNeedsPositiveValues() throws {
    let folder = try Folder()
    let table = "catalogs/measurements/rag.csv"
    let text = try String(contentsOfFile: "\(folder.path)/\(table)", encoding: .utf8)
    try folder.write(table, text.replacing("0.19,0.02", with: "-0.01,0.02"))
    let run = try CommandLineRun(
      "check", try folder.study("[rag]", "likelihood: {measured: log-normal}"), catalogs: folder.catalogs)
    #expect(run.exitCode == 65 && run.errors.contains("log-normal with -0.01 in bin 0"), "\(run.errors)")
  }

  /// χ² of a measurement and of a prediction from a file, without a study.
  @Test func aPredictionIsComparedWithoutAStudy() throws {
    let folder = try Folder()
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
