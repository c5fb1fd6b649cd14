import Foundation
import NuTuneCore
import NuTuneFiles

/// Figures and page of a merged ensemble, rebuilt from its `ensemble.json`.
package enum EnsembleReport {
  /// The file from which the report is made.
  static let source = "ensemble.json"

  /// Writes `figures/` and `report.html` into the folder of an ensemble, a pure function of its `ensemble.json`.
  ///
  /// - Parameters:
  ///   - folder: The folder of the ensemble.
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  ///   - progress: Called with short lines about the current work.
  package static func build(
    folder: String, jobs: Int, environment: [String: String] = ProcessInfo.processInfo.environment,
    progress: ((String) -> Void)? = nil
  ) throws {
    let ensemble = try FinishedEnsemble(folder: folder)
    let figures = try FigureFiles(
      folder: folder, started: ensemble.results.provenance.started, gnuplot: try Gnuplot(environment: environment),
      jobs: jobs
    ).write(Figure.all(of: ensemble), progress: progress)
    progress?("report.html")
    try AtomicFile.write(
      EnsemblePage(ensemble: ensemble, figures: figures).html,
      to: FilePath.join(folder, "report.html"))
  }
}

extension Figure {
  /// All figures of an ensemble, in the order of the report.
  static func all(of ensemble: FinishedEnsemble) -> [Figure] {
    let figures = [
      EnsembleContourFigure(ensemble)?.figure, ShiftSpreadFigure(ensemble)?.figure,
      SourceContourFigure(ensemble)?.figure,
    ]
    return distinct(figures.compactMap { $0 } + SourceBandFigure.all(of: ensemble).map(\.figure))
  }
}
