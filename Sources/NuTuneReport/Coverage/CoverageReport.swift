import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// Everything a person looks at after coverage was counted, rebuilt from its `coverage.json`.
package enum CoverageReport {
  /// The file that the report is made from.
  static let source = "coverage.json"

  /// Writes `figures/` and `report.html` into a folder of pseudo-experiments, a pure function of its `coverage.json`.
  ///
  /// - Parameters:
  ///   - folder: The folder of the pseudo-experiments.
  ///   - jobs: gnuplot processes that may run at a time.
  ///   - environment: Where `PATH` is looked up for gnuplot.
  ///   - progress: Told what is being done, one short line at a time.
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
