import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

/// Models × measurements of finished runs.
@Suite struct BoardTests {
  /// A comparison with a measurement; the numbers of every column differ.
  private static func comparison(
    _ measurement: String, ratio: Double, normShape: Double?, correlations: Bool = true
  ) -> MeasuredComparison {
    var one = MeasuredComparison(
      sample: SyntheticMeasurement.sample, statistic: "norm-shape", chiSquare: 21, plain: 22, plainOfZero: 23,
      residuals: 8, rank: 8, threshold: 1e-6, ratio: ratio)
    one.measurement = measurement
    one.normShape = normShape
    one.hasCorrelations = correlations
    one.uncovered = 0.25
    one.predictive = PredictiveAgreement(
      totalError: 0.05, chiSquare: 24, logScore: -25, pullRootMeanSquare: 1.5, pullsWithinOne: 0.625, pValue: 0.125,
      experiments: 7)
    return one
  }

  /// A run with three models: one that learned from the measurement, and two that did not and have norms 1.05 and 0.8.
  private static func write(
    to folder: String, learned: Bool = true, correlations: Bool = true, given: String? = nil,
    weight: Double? = nil, change: (inout Predictions) -> Void = { _ in }
  ) throws {
    var results = SyntheticRun(
      models: [("learner", 0.03), ("close", 0.1), ("low", 0.2)], fitsOscillations: false
    ).results
    results.study.values["models.learner.model"] = .text("neural-sf")
    for (label, ratio, normShape) in [("learner", 1.0, 8.0), ("close", 1.05, 12), ("low", 0.8, 10)] {
      var one = comparison("t2k", ratio: ratio, normShape: normShape, correlations: correlations)
      one.givenLearned = given.map {
        ConditionalComparison(
          samples: [$0], measurements: [$0], ratio: 0.975,
          predictive: PredictiveAgreement(
            chiSquare: 5, logScore: 3.5, pullRootMeanSquare: 1, pullsWithinOne: 0.5))
      }
      one.weight = weight
      results.models[label]?.near.measured = [one]
      results.models[label]?.far = nil
      results.models[label]?.slices = []
      if label != "learner" || !learned { results.models[label]?.training = nil }
    }
    results.tensions = [
      Tension(
        joint: "learner", alone: ["a", "b"], samples: [["t2k"], ["me"]], jointChiSquare: 40, aloneChiSquares: [8, 16],
        savedParameters: 4, pValue: 0.003, logBayesFactor: -2.5)
    ]
    var predictions = try SyntheticMeasurement.predictions()
    let shape = SyntheticMeasurement.model
    predictions.slices = []
    for (label, ratio) in [("learner", 1.0), ("close", 1.05), ("low", 0.8)] {
      predictions.samples[0].models[label] = shape
      let marginals = predictions.samples[0].binning.marginals.map { $0.sums(shape).map { 0.05 * $0 } }
      var absolute = predictions.samples[0].absolute ?? [:]
      absolute[label] = Predictions.AbsolutePrediction(
        bins: shape.map { ratio * $0 },
        uncertainty: label == "close"
          ? Predictions.Uncertainty(bins: shape.map { 0.05 * $0 }, marginals: marginals) : nil)
      predictions.samples[0].absolute = absolute
    }
    change(&predictions)
    try SyntheticRun.write(results, predictions, to: folder)
  }

  @Test func tablesSayEverything() throws {
    let folder = try TemporaryFolder()
    try Self.write(to: "\(folder.path)/run")
    let board = try Board(folders: ["\(folder.path)/run"])
    try BoardReport.writeTables(of: board, to: "\(folder.path)/board")
    let rows = try folder.text("board/board.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 4 && rows.allSatisfy { $0.count == rows[0].count })
    func column(_ name: String) throws -> [String] {
      let place = try #require(rows[0].firstIndex(of: name), "\(name)")
      return rows.dropFirst().map { $0[place] }
    }
    #expect(try column("model") == ["learner", "close", "low"] && column("measurement") == ["t2k", "t2k", "t2k"])
    #expect(try column("learned") == ["yes", "no", "no"] && column("ranked") == ["yes", "yes", "no"])
    #expect(try column("plugin")[0] == "neural-sf" && column("bins") == ["8", "8", "8"])
    #expect(try column("norm_shape") == ["8.0", "12.0", "10.0"] && column("ratio") == ["1.0", "1.05", "0.8"])
    let same = [
      ("chi_square", "21.0"), ("plain", "22.0"), ("plain_of_zero", "23.0"),
      ("chi_square_with_prediction_error", "24.0"), ("log_score", "-25.0"), ("pull_rms", "1.5"),
      ("pulls_within_one", "0.625"), ("p_value", "0.125"), ("pseudo_experiments", "7.0"), ("prediction_error", "0.05"),
      ("uncovered", "0.25"),
    ]
    for (name, value) in same { #expect(try column(name) == [value, value, value], "\(name)") }
    #expect(try column("weight") == ["1.0", "", ""])
    let tensions = try folder.text("board/tensions.csv")
    #expect(tensions.contains("learner,a + b,t2k + me,40.0,24.0,16.0,4.0,0.003,-2.5"))
    #expect(board.text.contains("8 (1.00) ●") && board.text.contains("12 (1.05)\n"))
    #expect(board.text.contains("8 bins, plain χ² of zero 23"))
  }

  /// A weight is that of a fit, and says nothing of a model that did not learn.
  @Test func aWeightStandsBesideTheMark() throws {
    let folder = try TemporaryFolder()
    try Self.write(to: "\(folder.path)/run", weight: 0.25)
    let board = try Board(folders: ["\(folder.path)/run"])
    #expect(board.text.contains("8 (1.00) ● × 0.25") && board.text.contains("12 (1.05)\n"))
    #expect(board.text.contains("χ² here is with the published errors"))
    try BoardReport.writeTables(of: board, to: "\(folder.path)/board")
    let rows = try folder.text("board/board.csv").split(separator: "\n")
    #expect(rows[0].hasSuffix(",weight") && rows[1].hasSuffix(",0.25") && rows[2].hasSuffix(","))
  }

  /// What a learned part of the measurement says of the errors of another has a row of its own.
  @Test func aPartGivenAnotherHasItsRow() throws {
    let folder = try TemporaryFolder()
    try Self.write(to: "\(folder.path)/run", learned: false, given: "low")
    let board = try Board(folders: ["\(folder.path)/run"])
    try BoardReport.writeTables(of: board, to: "\(folder.path)/board")
    #expect(board.text.contains("close, given low"))
    let rows = try folder.text("board/board.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 7 && rows.allSatisfy { $0.count == rows[0].count })
    let (name, ratio, score) = (
      try #require(rows[0].firstIndex(of: "given")), try #require(rows[0].firstIndex(of: "ratio")),
      try #require(rows[0].firstIndex(of: "log_score"))
    )
    #expect(rows.dropFirst().map { $0[name] } == ["", "low", "", "low", "", "low"])
    #expect(rows[2][ratio] == "0.975" && rows[2][score] == "3.5" && rows[2].contains("no"))
  }

  /// The lower χ² of a prediction that is 20 % low is not better, and what was learned from is no prediction.
  @Test func rankingAsksForTheSum() throws {
    let folder = try TemporaryFolder()
    try Self.write(to: "\(folder.path)/run")
    let one = try Board(folders: ["\(folder.path)/run"]).text
    #expect(one.contains("only close has the sum of the data to 10 %, so none is called better"))
    try Self.write(to: "\(folder.path)/other", learned: false)
    let two = try Board(folders: ["\(folder.path)/other"]).text
    #expect(two.contains("from better to worse in χ² of norm and shape: learner (8), close (12); 1 more than 10 % off"))
    try Self.write(to: "\(folder.path)/diagonal", correlations: false)
    let three = try Board(folders: ["\(folder.path)/diagonal"]).text
    #expect(three.contains("No correlations between bins were published") && !three.contains("better to worse"))
  }

  @Test func runsShareAMeasurement() throws {
    let folder = try TemporaryFolder()
    try Self.write(to: "\(folder.path)/one")
    try Self.write(to: "\(folder.path)/two", learned: false)
    let board = try Board(folders: ["\(folder.path)/one", "\(folder.path)/two"])
    #expect(board.text.contains("one/learner") && board.text.contains("two/learner"))
    try Self.write(to: "\(folder.path)/two") { $0.samples[0].data[0] += 0.01 }
    #expect {
      _ = try Board(folders: ["\(folder.path)/one", "\(folder.path)/two"])
    } throws: {
      "\($0)".contains("t2k: found other bins or values than in the runs before")
    }
  }

  @Test func whatHasNoMeasurementIsRefused() throws {
    let folder = try TemporaryFolder()
    try SyntheticRun().write(to: "\(folder.path)/run")
    #expect {
      _ = try Board(folders: ["\(folder.path)/run"])
    } throws: {
      "\($0)".contains("no comparison with a measurement")
    }
    #expect {
      try BoardReport.refuseRun("\(folder.path)/run")
    } throws: {
      "\($0)".contains("a folder of its own for the board")
    }
  }

  /// Pulls count the error of a prediction: by hand in the first bin, where the model is 1.05 · 0.12 ± 0.05 · 0.12 and
  /// the data 0.1 ± 0.02.
  @Test func thePageShowsPullsAndProjections() throws {
    let folder = try TemporaryFolder()
    try Self.write(to: "\(folder.path)/run") { $0.samples[0].total = 0.7 }
    let board = try Board(folders: ["\(folder.path)/run"])
    let out = "\(folder.path)/board"
    try BoardReport.writeTables(of: board, to: out)
    try BoardReport.writePage(of: board, to: out, jobs: 2)
    let pulls = try folder.text("board/figures/pulls-t2k.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(pulls.count == 1 + 3 * 8)
    let first = try #require(pulls.first { $0[0] == "close" && $0[1] == "1" })
    let expected = (0.1 - 1.05 * 0.12) / (0.02 * 0.02 + 0.006 * 0.006).squareRoot()
    #expect(abs(try #require(Double(first[2])) - expected) < 1e-12)
    let page = try folder.text("board/board.html")
    #expect(page.contains("learner (neural-sf) learned from t2k.") && page.contains("close () learned from nothing."))
    #expect(page.components(separatedBy: "<figure").count == 3)
    #expect(page.contains("Tension between measurements") && page.contains("Cross sections averaged over the flux"))
    // With the sum of the data known, a slice is differential in both observables: 0.7 · 0.1 over a bin of 1 GeV and 1.5.
    let slice = try folder.text("board/figures/t2k-lepton_momentum-slice-1.csv").split(separator: "\n")
    #expect(slice[0].contains("data [1e-38 cm2/GeV/nucleon]"), "\(slice[0])")
    // An axis of 2.9 cm has no room for more of the unit; the rest stands in the title.
    let script = try folder.text("board/figures/t2k.gnuplot")
    #expect(script.contains("'d^{2}{/:Italic σ}/d{/:Italic p}_{ℓ} dcos {/:Italic θ} [1/GeV]'"))
    #expect(script.contains("; {/:Italic σ} in 10^{−38} cm^{2} per nucleon' at"))
    #expect(abs((Double(slice[1].split(separator: ",")[4]) ?? 0) - 0.7 * 0.1 / 1.5) < 1e-12, "\(slice[1])")
  }
}
