import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// Figures and page of pseudo-experiments, rebuilt from their `coverage.json`.
package enum CoverageReport {
  /// The file from which the report is made.
  static let source = "coverage.json"

  /// Writes `figures/` and `report.html` into a folder of pseudo-experiments, a pure function of its `coverage.json`.
  ///
  /// - Parameters:
  ///   - folder: The folder of the pseudo-experiments.
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  ///   - progress: Called with short lines about the current work.
  package static func build(
    folder: String, jobs: Int, environment: [String: String] = ProcessInfo.processInfo.environment,
    progress: ((String) -> Void)? = nil
  ) throws {
    let results = try ResultFile.read(
      CoverageResults.self, schema: CoverageResults.schemaName,
      from: FilePath.join(folder, source), madeBy: "nutune coverage")
    let figures = try FigureFiles(
      folder: folder, started: "", gnuplot: try Gnuplot(environment: environment), jobs: jobs
    ).write([CoverageFigure(results)?.figure].compactMap { $0 }, progress: progress)
    progress?("report.html")
    try AtomicFile.write(
      CoveragePage(results: results, figures: figures).html,
      to: FilePath.join(folder, "report.html"))
  }
}
