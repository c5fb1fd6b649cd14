import Foundation
import NuTuneCore
import NuTuneFiles

/// The files of a board: tables as CSV, figures and a page.
package enum BoardReport {
  /// Name of the page.
  package static let page = "board.html"

  /// Writes `board.csv` and `tensions.csv` into a folder, which may not be that of a run.
  package static func writeTables(of board: Board, to folder: String) throws {
    try refuseRun(folder)
    try AtomicFile.makeFolder(folder)
    for table in board.files {
      try AtomicFile.write(table.text, to: FilePath.join(folder, "\(table.name).csv"))
    }
  }

  /// Throws where a folder holds a run, whose figures a board would remove.
  package static func refuseRun(_ folder: String) throws {
    guard !FileManager.default.fileExists(atPath: FilePath.join(folder, "results.json")) else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder), found: "the folder of a run",
        expected: "a folder of its own for the board")
    }
  }

  /// Writes figures and page into the folder of the tables.
  ///
  /// - Parameters:
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  package static func writePage(
    of board: Board, to folder: String, jobs: Int, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let drawn = board.measurements.flatMap { measurement in
      Self.figures(of: measurement, board).map { (measurement: measurement.name, figure: $0) }
    }
    let elements = try FigureFiles(
      folder: folder, started: "", gnuplot: try Gnuplot(environment: environment), jobs: jobs
    ).write(Figure.distinct(drawn.map(\.figure)))
    var figures: [String: [FigureElement]] = [:]
    for (place, element) in zip(drawn, elements) { figures[place.measurement, default: []].append(element) }
    try AtomicFile.write(BoardPage(board: board, figures: figures).html, to: FilePath.join(folder, page))
  }

  /// Projections of each run with the bands of its models, and the pulls of all.
  static func figures(of measurement: Board.Measurement, _ board: Board) -> [Figure] {
    let projections = measurement.samples.filter { !$0.labels.isEmpty }.map { run, labels, sample in
      var sample = sample
      sample.name = run.isEmpty ? measurement.name : "\(run)-\(measurement.name)"
      var figure = DistributionFigure(sample: sample, labels: labels, isAbsolute: true).figure
      figure.title = run.isEmpty ? measurement.name : "\(measurement.name), models of \(run)"
      figure.caption +=
        sample.total == nil
        ? " All relative to the sum of the data, models with their own scale."
        : " Cross sections averaged over the flux, models with their own scale."
      return figure
    }
    return projections + [PullFigure(measurement, board.models)?.figure].compactMap { $0 }
  }
}
