import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import Testing

/// Tables and figures of sensitivities and milestones hold what went in.
@Suite struct SensitivityReportTests {
  private func study(exposure: Double? = nil) -> EffectiveStudy {
    EffectiveStudy(
      name: "four", title: "Four", models: ["neural"],
      values: exposure.map { ["far.exposure": .number($0)] } ?? [:])
  }

  /// Δ(−2lnL) = 16 × exposure × value, of the model a quarter less.
  private func results(_ exposures: [Double?]) -> SensitivityResults {
    func points(_ factor: Double) -> [SensitivityResults.Point] {
      exposures.flatMap { exposure in
        [0.25, 1].map { value in
          SensitivityResults.Point(
            value: value, exposure: exposure, results: ["delta": factor * 16 * (exposure ?? 1) * value],
            converged: true)
        }
      }
    }
    return SensitivityResults(
      study: study(), question: "cp", parameter: "delta_cp", models: ["truth": points(1), "neural": points(0.75)])
  }

  @Test func aTableHasARowForEveryExposureAndValue() {
    let rows = SensitivityTable.text(results([0.25, 4])).split(separator: "\n").dropFirst(2).map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(
      rows == [
        ["0.25", "0.25", "1.00", "0.87"], ["0.25", "1", "2.00", "1.73"], ["4", "0.25", "4.00", "3.46"],
        ["4", "1", "8.00", "6.93"],
      ])
    let plain = SensitivityTable.text(results([nil])).split(separator: "\n")
    #expect(plain.count == 4 && plain[0].hasPrefix("delta_cp "))
    #expect(plain[3].split(separator: " ").map(String.init) == ["1", "4.00", "3.46"])
  }

  @Test func theFigureHasACurveForEveryExposure() throws {
    let folder = try TemporaryFolder()
    _ = try SensitivityReport.build(results([0.25, 4]), folder: folder.path, jobs: 1)
    let path = "sensitivity/cp/figures/sensitivity-cp"
    let table = Columns(try folder.text("\(path).csv"))
    #expect(try table.numbers("delta_cp") == [0.25, 1])
    #expect(try table.numbers("truth delta at 4 × exposure") == [16, 64])
    #expect(try table.numbers("neural delta at 0.25 × exposure") == [0.75, 3])
    let script = try folder.text("\(path).gnuplot")
    #expect(script.components(separatedBy: "with linespoints").count == 5)
    #expect(try folder.text("\(path).svg").contains("0.25 × exposure"))
  }

  private func caption(of results: SensitivityResults) -> String { SensitivityFigure(results).caption }

  /// Answers at two other true values, of which the one at 0.58 is `factor` times that of the study.
  private func withOthers(_ results: SensitivityResults, factor: Double) -> SensitivityResults {
    var copy = results
    copy.models = results.models.mapValues { points in
      points.map { point in
        var point = point
        point.others = [(0.44, 0.5), (0.58, factor)].map { truth, factor in
          SensitivityResults.Other(
            truth: ["sin2_theta23": truth], results: point.results.mapValues { factor * $0 }, converged: true)
        }
        return point
      }
    }
    return copy
  }

  @Test func bandsOfOtherTrueValues() throws {
    let results = withOthers(results([nil]), factor: 2.25)
    try results.check()
    #expect(results.converged && results.varied.map(\.name) == ["sin2_theta23"])
    let rows = SensitivityTable.text(results).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    // √(16 × 0.25) = 2, from √(½·4) to √(2.25·4).
    #expect(rows[2] == ["0.25", "2.00", "1.41,", "3.00", "1.73", "1.22,", "2.60"])
    let folder = try TemporaryFolder()
    _ = try SensitivityReport.build(results, folder: folder.path, jobs: 1)
    let path = "sensitivity/cp/figures/sensitivity-cp"
    let table = Columns(try folder.text("\(path).csv"))
    #expect(try table.numbers("truth delta least") == [2, 8])
    #expect(try table.numbers("neural delta greatest") == [6.75, 27])
    #expect(try folder.text("\(path).gnuplot").components(separatedBy: "with filledcurves").count == 2)
    #expect(caption(of: results).contains("sin²θ₂₃ from 0.44 to 0.58"))
    // The study's own answer belongs to the band.
    #expect(withOthers(self.results([nil]), factor: 0.9).models["truth"]?[0].bands(of: "delta").first?.high == 4)
    var missing = results
    missing.models["truth"]?[0].others?[1].converged = false
    #expect(!missing.converged)
  }

  /// Ten experiments, of which two choose wrongly, and one more that has not converged.
  private func withExperiments(_ results: SensitivityResults) -> SensitivityResults {
    var copy = results
    copy.question = "octant"
    copy.models = results.models.mapValues { points in
      points.map { point in
        var point = point
        point.experiments = SensitivityResults.Experiments(
          results: ["delta": (0..<10).map { Double($0) - 1.5 }], notConverged: 1,
          quantiles: ["delta": [-1, 0.5, 3, 6.5, 8]])
        return point
      }
    }
    return copy
  }

  @Test func bandsOfExperiments() throws {
    let results = withExperiments(results([nil]))
    try results.check()
    #expect(!results.converged && results.experimentCount == 11)
    let text = SensitivityTable.text(results)
    #expect(text.contains("68 %") && text.contains("0.5, 6.5 (1 not converged)") && text.contains("20.0 ± 12.6 %"))
    let folder = try TemporaryFolder()
    _ = try SensitivityReport.build(results, folder: folder.path, jobs: 1)
    let path = "sensitivity/octant/figures/sensitivity-octant"
    let table = Columns(try folder.text("\(path).csv"))
    #expect(try table.numbers("truth delta 2.275 % of experiments") == [-1, -1])
    #expect(try table.numbers("neural delta 84.135 % of experiments") == [6.5, 6.5])
    #expect(try folder.text("\(path).gnuplot").components(separatedBy: "with filledcurves").count == 3)
    #expect(caption(of: results).contains("68 and 95 % of 11 pseudo-experiments"))
    var broken = results
    broken.models["neural"]?[1].experiments?.quantiles["delta"] = [1, 2]
    #expect(throws: NuTuneError.self) { try broken.check() }
  }

  private func milestones(exposure: Double?) -> MilestoneResults {
    let reach = MilestoneResults.Reach(exposure: 0.5, limit: nil, quantities: [2, 4])
    return MilestoneResults(
      study: study(exposure: exposure), exposures: [0.25, 1],
      milestones: [
        .init(
          name: "a", title: "CP violation", level: 3,
          models: ["truth": reach, "neural": .init(exposure: 0.55, limit: nil, quantities: [1, 4])]),
        .init(
          name: "b", title: "ordering", level: 5,
          models: [
            "truth": reach, "neural": .init(exposure: 1, limit: .above, quantities: [1, 2]),
          ]),
      ],
      answers: [
        "cp": [
          "neural": [.init(value: 1.5, exposure: 0.25, results: ["delta": 1], converged: false)]
        ]
      ])
  }

  @Test func milestonesAreExposures() throws {
    let text = MilestoneTable.text(milestones(exposure: 336))
    #expect(text.contains("exposure in kt MW yr") && text.contains("168") && text.contains("185 (+10.0 %)"))
    #expect(text.contains("> 336") && !text.contains("> 336 ("))
    #expect(text.contains("NOT CONVERGED: cp at δ_CP = 1.5, 0.25 × exposure, neural"))
    #expect(MilestoneTable.text(milestones(exposure: nil)).contains("0.55 (+10.0 %)"))
    let folder = try TemporaryFolder()
    _ = try SensitivityReport.build(milestones(exposure: 336), folder: folder.path, jobs: 1)
    let table = Columns(try folder.text("sensitivity/milestones/figures/sensitivity-milestones.csv"))
    #expect(try table.texts("milestone") == ["CP violation", "ordering"])
    #expect(try table.texts("truth [kt MW yr]").compactMap(Double.init) == [168, 168])
    // Not reached within the exposures: no point.
    #expect(try table.texts("neural [kt MW yr]").map { Double($0).map { Int($0.rounded()) } } == [185, nil])
  }
}
