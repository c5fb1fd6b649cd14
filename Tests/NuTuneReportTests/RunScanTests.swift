import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneReport
import NuTuneResults
import Testing

/// Runs as points along the value of a key.
@Suite struct RunScanTests {
  private let root: TemporaryFolder
  private let key = "experiment.near.binning.hadronic_energy"

  init() throws { root = try TemporaryFolder() }

  /// Writes a run with a value of a key, or without.
  private func write(_ name: String, distortion: Double, _ key: String, _ value: ParameterValue?) throws -> String {
    let run = SyntheticRun(models: [("neural", distortion)])
    var results = run.results
    results.study.values[key] = value
    let folder = "\(root.path)/\(name)"
    try SyntheticRun.write(results, run.predictions, to: folder)
    return folder
  }

  /// Points in the order of the value, whatever that of the folders; edges count as bins; the numbers are those of the
  /// results.
  @Test func pointsAlongANumberOfBins() throws {
    let folders = try [
      write("fine", distortion: 0.01, key, .numbers([0, 0.1, 0.3, 1])),
      write("one", distortion: 0.05, key, .numbers([0, 20])),
    ]
    let scan = try RunScan(folders: folders, key: key)
    let rows = scan.text.split(separator: "\n").filter { $0.contains("neural") }
    #expect(rows.count == 2 && rows[0].hasPrefix("1 bin ") && rows[1].hasPrefix("3 bins"))
    try scan.write(to: "\(root.path)/out", jobs: 2)
    let lines = try root.text("out/figures/scan.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines[0] == [Substring(key), "model", "quantity", "value"])
    for (name, folder) in [("3 bins", folders[0]), ("1 bin", folders[1])] {
      let model = try #require(try FinishedRun(folder: folder).results.models["neural"])
      func value(_ quantity: String) -> Double? {
        lines.first { $0[0] == name && $0[1] == "neural" && $0[2] == quantity }.flatMap { Double($0[3]) }
      }
      #expect(value("far.tv") == model.far?.tv && value("far.tv") != nil)
      #expect(value("errors.dm2_32") == model.oscillation?.errors["dm2_32"].map { $0 * 1e3 })
      #expect(value("bias_sigma.dm2_32") == model.oscillation?.biasSigma?["dm2_32"])
    }
    let html = try root.text("out/report.html")
    #expect(html.contains("<svg") && html.contains("--against \(key)"))
  }

  /// The page of a scan is made from its variants again: the table with what near data refuse in red, the figure, links to the
  /// runs, and the values that all have in common.
  @Test func aScanIsReportedAgain() throws {
    let key = "experiment.near.true_detector.scale"
    let fits = [
      GoodnessOfFit(verdict: .good, expectedDeviance: 490, standardDeviation: 31, pValue: 0.3),
      GoodnessOfFit(verdict: .poor, expectedDeviance: 490, standardDeviation: 31, pValue: 2e-12),
    ]
    for (index, fit) in fits.enumerated() {
      let run = SyntheticRun(models: [("neural", 0.02 * Double(index + 1))])
      var results = run.results
      results.study.values[key] = .number(1 + 0.03 * Double(index))
      results.study.values["near.sample"] = .text("poisson")
      results.models["neural"]?.near.goodnessOfFit = fit
      try SyntheticRun.write(results, run.predictions, to: "\(root.path)/variants/\(index + 1)")
    }
    try ScanRecord(key: key, count: 2).write(to: root.path)
    #expect(try Report.rebuild(folder: root.path, jobs: 2) == "\(root.path)/report.html")
    let html = try root.text("report.html")
    #expect(html.contains("<svg") && html.contains("nutune report DIR"))
    #expect(html.contains("<span class=\"bad\">does NOT describe the near data at 1.03</span>"))
    #expect(html.contains("<td class=\"bad\">2·10⁻¹²</td>") && html.contains("<td>0.3</td>"))
    #expect(html.contains("1.03: <a href=\"variants/2/\"><code>variants/2</code></a>"))
    let common = try #require(html.range(of: "have in common"))
    #expect(html[common.upperBound...].contains("<code>near.sample</code>"))
    #expect(!html[common.upperBound...].contains("<code>\(key)</code>"))
    // The far distances of the first paragraph are those of the results.
    let far = try (1...2).map {
      try FinishedRun(folder: "\(root.path)/variants/\($0)").results.models["neural"]?.far?.tv
    }
    for distance in far.compactMap({ $0 }) { #expect(html.contains("<b>\(String(format: "%.2g", distance))</b>")) }
    // The line of refusal lies under the curve, and what is below the axis is drawn at its end.
    let script = try root.text("figures/scan.gnuplot")
    #expect(script.contains("plot 0.001 with lines"))
    #expect(script.contains("\n1.03 1e-06\n"))
  }

  @Test func anUnfinishedScanIsRefused() throws {
    let folders = try [1, 2].map { try write("variants/\($0)", distortion: 0.01, "near.events", .integer($0)) }
    try FileManager.default.removeItem(atPath: "\(folders[1])/results.json")
    try ScanRecord(key: "near.events", count: 2).write(to: root.path)
    let missing = try #require(throws: NuTuneError.self) { try Report.rebuild(folder: root.path, jobs: 1) }
    #expect(missing.category == .missingInput && missing.location?.file == "\(folders[1])/results.json")
    try ScanRecord(key: "near.events", count: 1).write(to: root.path)
    let one = try #require(throws: NuTuneError.self) { try Report.rebuild(folder: root.path, jobs: 1) }
    #expect(one.description == "\(root.path)/scan.json: variants: found 1 of them; expected at least two")
    try "{}".write(toFile: "\(root.path)/scan.json", atomically: true, encoding: .utf8)
    let empty = try #require(throws: NuTuneError.self) { try Report.rebuild(folder: root.path, jobs: 1) }
    #expect(empty.category == .badData && empty.key == "schema")
  }

  /// A key of the near detector is that of all its positions, where they have the same value.
  @Test func pointsOfSeveralPositions() throws {
    let folders = try [[0.0, 1], [0, 0.3, 1]].enumerated().map { index, edges in
      let run = SyntheticRun(models: [("neural", 0.01 * Double(index + 1))])
      var results = run.results
      for position in ["0m", "6m"] {
        results.study.values["experiment.near.positions.\(position).binning.hadronic_energy"] = .numbers(edges)
      }
      results.study.values["experiment.near.positions.0m.detector"] = .text(index == 0 ? "ideal" : "smearing")
      results.study.values["experiment.near.positions.6m.detector"] = .text("ideal")
      let folder = "\(root.path)/\(index)"
      try SyntheticRun.write(results, run.predictions, to: folder)
      return folder
    }
    let rows = try RunScan(folders: folders, key: key).text.split(separator: "\n").filter { $0.contains("neural") }
    #expect(rows.count == 2 && rows[0].hasPrefix("1 bin ") && rows[1].hasPrefix("2 bins"))
    #expect(throws: NuTuneError.self) { try RunScan(folders: folders, key: "experiment.near.detector") }
  }

  /// Words keep the order in which runs are given.
  @Test func words() throws {
    let folders = try ["poisson", "asimov"].map { try write($0, distortion: 0.02, "near.sample", .text($0)) }
    let rows = try RunScan(folders: folders, key: "near.sample").text.split(separator: "\n").filter {
      $0.contains("neural")
    }
    #expect(rows.count == 2 && rows[0].hasPrefix("poisson") && rows[1].hasPrefix("asimov"))
  }

  /// Edges of as many bins are told apart by themselves.
  @Test func otherEdgesAreAnotherValue() throws {
    let folders = try [
      write("even", distortion: 0.01, key, .numbers([0, 1, 2])),
      write("uneven", distortion: 0.02, key, .numbers([0, 0.5, 2])),
    ]
    let rows = try RunScan(folders: folders, key: key).text.split(separator: "\n").filter { $0.contains("neural") }
    #expect(rows.count == 2 && rows[0].hasPrefix("[0, 1, 2]") && rows[1].hasPrefix("[0, 0.5, 2]"))
  }

  /// Runs whose values a model made, with its seed: four p values of 1/8, 3/8, 5/8 and 7/8 lie as evenly as four can.
  @Test func pseudoExperimentsAreACalibration() throws {
    let (shares, pValues) = ([0.5, 0.7, 0.6, 0.8], [0.375, 0.125, 0.875, 0.625])
    let folders = try (0..<4).map { index in
      let run = SyntheticRun(models: [("process", 0.01), ("maker", 0)], fitsOscillations: false)
      var results = run.results
      results.study.values["seed.data"] = .integer(index + 1)
      results.study.values["seed.network"] = .integer(index)
      results.study.values["likelihood.pseudo_data"] = .text("maker")
      results.models["maker"]?.training = nil
      // The data are as much above the truth as below, the prediction a tenth above it.
      let sum = index % 2 == 0 ? 0.8 : 1.25
      func comparison(_ name: String, ratio: Double, _ share: Double) -> MeasuredComparison {
        var one = MeasuredComparison(
          sample: name, statistic: "norm-shape", chiSquare: 21, plain: 22, plainOfZero: 23, residuals: 8, rank: 8,
          threshold: 1e-6, ratio: ratio)
        one.measurement = name
        one.predictive = PredictiveAgreement(
          totalError: 0.06, chiSquare: 24, pullRootMeanSquare: 1.5, pullsWithinOne: share, pValue: pValues[index],
          experiments: 7)
        return one
      }
      results.models["maker"]?.near.measured = [comparison("t2k", ratio: sum, 0.75)]
      results.models["process"]?.near.measured = [comparison("t2k", ratio: 1.1 * sum, 0.9)]
      for (label, ratio) in [("maker", sum), ("process", 1.1 * sum)] {
        var elsewhere = results.models[label]?.near
        elsewhere?.measured = [comparison("me", ratio: ratio, shares[index])]
        results.models[label]?.elsewhere = elsewhere
      }
      let folder = "\(root.path)/\(index)"
      try SyntheticRun.write(results, run.predictions, to: folder)
      return folder
    }
    let scan = try RunScan(folders: folders, key: "seed.data")
    #expect(scan.text.hasPrefix("Calibration in 4 pseudo-experiments, whose values maker made\n"))
    let rows = scan.text.split(separator: "\n").dropFirst(3).map { $0.split(separator: "  ").map(String.init) }
      .map { $0.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty } }
    #expect(rows.map { $0[0] } == ["maker", "maker", "process", "process"])
    #expect(
      rows.first { $0[0] == "process" && $0[1] == "me" } == [
        "process", "me", "held out", "0.65 ± 0.06", "0.13", "1.50 ± 0.00", "1.100 ± 0.000", "0.00", "0.07",
        "0.50 ± 0.16", "1",
      ])
    #expect(
      rows.first { $0[0] == "process" && $0[1] == "t2k" } == [
        "process", "t2k", "learned", "–", "–", "–", "1.100 ± 0.000", "0.00", "0.07", "–", "–",
      ])
    try scan.write(to: "\(root.path)/out", jobs: 2)
    let lines = try root.text("out/figures/calibration.csv").split(separator: "\n")
    #expect(lines.count == 17 && lines.contains { $0.hasPrefix("maker,me,truth,3,0.6,1.5,0.875,,") })
    #expect(try root.text("out/report.html").contains("<svg"))
    // Another key of the same runs is an ordinary scan.
    #expect(try RunScan(folders: folders, key: "seed.network").text.hasPrefix("seed.network\n"))
  }

  @Test func whatHasNoPlaceIsRefused() throws {
    let folders = try [
      write("a", distortion: 0.01, "near.events", .number(1e6)),
      write("b", distortion: 0.02, "near.events", .number(1e6)),
    ]
    let same = try #require(throws: NuTuneError.self) { try RunScan(folders: folders, key: "near.events") }
    #expect(same.found.hasSuffix(", as in \(folders[0])"))
    let unknown = try #require(throws: NuTuneError.self) { try RunScan(folders: folders, key: "near.evnts") }
    #expect(unknown.suggestion == "near.events")
    #expect(throws: NuTuneError.self) { try RunScan(folders: [folders[0]], key: "near.events") }
  }
}
