import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// Figures, histograms and page of a run, rebuilt from its JSON files.
package enum Report {
  /// Throws when a program that ``build(folder:jobs:environment:progress:)`` needs is missing.
  package static func checkTools(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    _ = try Gnuplot(environment: environment)
  }

  /// Writes `figures/`, `histograms/` and `report.html` into a run folder, a pure function of its JSON files.
  ///
  /// - Parameters:
  ///   - folder: The run folder.
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  ///   - progress: Called with short lines about the current work.
  package static func build(
    folder: String, jobs: Int, environment: [String: String] = ProcessInfo.processInfo.environment,
    progress: ((String) -> Void)? = nil
  ) throws {
    try write(
      try FinishedRun(folder: folder), origin: .run, to: folder, jobs: jobs, environment: environment,
      progress: progress)
  }

  /// Writes figures and report anew into the folder of a run, a scan, an ensemble or pseudo-experiments, and the figures
  /// of sensitivities into that of a run.
  ///
  /// - Parameters:
  ///   - folder: The folder with `results.json`, `scan.json`, `ensemble.json` or `coverage.json`.
  ///   - jobs: Largest number of gnuplot processes at a time.
  /// - Returns: What to look at: the page, or the folder of figures where there is none.
  package static func rebuild(folder: String, jobs: Int) throws -> String {
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: FilePath.join(folder, name)) }
    if has(EnsembleReport.source) {
      try EnsembleReport.build(folder: folder, jobs: jobs)
    } else if has(CoverageReport.source) {
      try CoverageReport.build(folder: folder, jobs: jobs)
    } else if has(ScanRecord.fileName) {
      try RunScan(folder: folder).write(to: folder, jobs: jobs)
    } else {
      let hasSensitivities = try SensitivityReport.rebuild(folder: folder, jobs: jobs)
      // A folder of sensitivities alone holds tuned models and no results of a run.
      guard has("results.json") || !hasSensitivities else { return FilePath.join(folder, "sensitivity") }
      try build(folder: folder, jobs: jobs)
    }
    return FilePath.join(folder, "report.html")
  }

  /// Writes figures, histograms and page of a finished run.
  static func write(
    _ run: FinishedRun, origin: ReportPage.Origin, to folder: String, jobs: Int, environment: [String: String],
    progress: ((String) -> Void)? = nil
  ) throws {
    let pictures = try FigureFiles(
      folder: folder, started: run.results.provenance.started, gnuplot: try Gnuplot(environment: environment),
      jobs: jobs
    ).write(Figure.all(of: run), progress: progress)
    try writeHistograms(of: run, folder: FilePath.join(folder, "histograms"))
    progress?("report.html")
    let page = ReportPage(run: run, figures: pictures, origin: origin)
    try AtomicFile.write(page.html, to: FilePath.join(folder, "report.html"))
  }

  private static func writeHistograms(of run: FinishedRun, folder: String) throws {
    try AtomicFile.makeFolder(folder)
    let samples = (run.predictions.samples + (run.predictions.sums ?? []).map(\.sample)).map { sample in
      ("\(FigureText.fileName(sample.name)).json", HistogramFile(sample: sample, labels: run.labels))
    }
    let slices = run.predictions.slices.map { slice in
      ("slice-\(ParameterValue.number(slice.energy))-gev.json", HistogramFile(slice: slice, labels: run.labels))
    }
    try AtomicFile.own((samples + slices).map(\.0), in: folder)
    for (name, file) in samples + slices { try AtomicFile.write(try file.bytes(), to: "\(folder)/\(name)") }
  }
}
