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
