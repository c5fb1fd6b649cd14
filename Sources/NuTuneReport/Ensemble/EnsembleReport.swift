import Foundation
import NuTuneCore
import NuTuneFiles

/// Everything a person looks at after an ensemble was merged, rebuilt from its `ensemble.json`.
package enum EnsembleReport {
  /// The file that the report is made from.
  static let source = "ensemble.json"

  /// Writes `figures/` and `report.html` into the folder of an ensemble, a pure function of its `ensemble.json`.
  ///
  /// - Parameters:
  ///   - folder: The folder of the ensemble.
  ///   - jobs: gnuplot processes that may run at a time.
  ///   - environment: Where `PATH` is looked up for gnuplot.
  ///   - progress: Told what is being done, one short line at a time.
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
