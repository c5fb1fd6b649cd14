import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The figure of a sensitivity, beside those of the run.
package enum SensitivityReport {
  /// Draws the figure into `sensitivity/figures/` of a run folder, beside the figures of the run; returns the paths of its documents.
  ///
  /// - Parameters:
  ///   - folder: The run folder.
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  package static func build(
    _ results: SensitivityResults, folder: String, jobs: Int,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [String] {
    let figure = SensitivityFigure(results).figure
    let folder = FilePath.join(folder, "sensitivity/\(results.question)")
    try AtomicFile.makeFolder(folder)
    _ = try FigureFiles(
      folder: folder, started: "", gnuplot: try Gnuplot(environment: environment), jobs: jobs
    ).write([figure], progress: nil)
    return ["pdf", "csv"].map { FilePath.join(folder, "figures/\(figure.name).\($0)") }
  }
}
