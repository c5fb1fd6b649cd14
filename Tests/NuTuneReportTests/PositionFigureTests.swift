import Foundation
import NuTuneReport
import Testing

/// Models that learned from different numbers of near positions.
@Suite struct PositionFigureTests {
  /// A report on four models: two that learned from one position, two from two, with two seeds each.
  private func report(positions: [String: Int]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let run = SyntheticRun(models: [("one-a", 0.4), ("one-b", 0.2), ("two-a", 0.1), ("two-b", 0.06)])
    var results = run.results
    results.study.values["modes"] = .texts(["fhc"])
    for (label, count) in positions {
      results.models[label]?.near.samples = (0..<count).map { "near-numu-fhc-\($0)" }
      results.study.values["models.\(label).model"] = .text("neural-sf")
      results.study.values["models.\(label).tune_on"] = .texts((0..<count).map(String.init))
    }
    for label in ["one-b", "two-b"] { results.study.values["models.\(label).network_seed"] = .integer(2) }
    try SyntheticRun.write(results, run.predictions, to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    return folder
  }

  @Test func pointsAndMediansAreTheDistancesOfTheModels() throws {
    let folder = try report(positions: ["one-a": 1, "one-b": 1, "two-a": 2, "two-b": 2])
    let table = Columns(try folder.text("figures/positions.csv"))
    let rows = try zip(
      zip(table.texts("distribution"), table.texts("model")), zip(table.texts("positions"), table.numbers("tv"))
    )
    .filter { $0.0.0 == "far" }
    #expect(rows.map(\.0.1) == ["one-a", "one-b", "median", "two-a", "two-b", "median"])
    #expect(rows.map(\.1.0) == ["1", "1", "1", "2", "2", "2"])
    for (found, expected) in zip(rows.map(\.1.1), [0.12, 0.06, 0.09, 0.03, 0.018, 0.024]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(try folder.text("report.html").contains("What another position is worth"))
  }

  @Test func ofModelsThatDifferInTheirSeedOneIsDrawn() throws {
    let folder = try report(positions: ["one-a": 1, "one-b": 1, "two-a": 2, "two-b": 2])
    #expect(Columns(try folder.text("figures/overview.csv")).header.suffix(2) == ["one-a", "two-a"])
    // The table of figures of merit has all of them.
    #expect(try folder.text("report.html").contains("one-b"))
  }

  @Test func withoutDifferentNumbersThereIsNoSuchFigure() throws {
    let folder = try report(positions: ["one-a": 1, "one-b": 1, "two-a": 1, "two-b": 1])
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/figures/positions.csv"))
  }
}
