import NuTuneCatalog
import NuTuneCore
import NuTuneReport
import NuTuneRuns

/// A whole study run into a folder, with the log, the files and the numbers of `nutune run`.
struct WholeRun {
  let study: StudyConfiguration
  let context: CatalogContext
  let threads: Int
  /// Whether finished stages in the folder are reused.
  let resumes: Bool
  /// Whether figures, histograms and page are made, which needs gnuplot.
  let hasReport: Bool

  /// Runs the study; returns the folder, whether everything converged, and the warnings.
  ///
  /// - Parameters:
  ///   - path: the folder; `runs/` and the name of the study when nil.
  ///   - listener: hears of the stages, and may end the run.
  func run(in path: String?, _ listener: ProgressListener) throws -> JSONValue {
    // Requirements are checked before any file in the folder of an earlier run is touched.
    try study.check(context.registry)
    if hasReport { try Report.checkTools() }
    let folder = try RunFolder(path: path ?? "runs/\(study.name)")
    let log = try RunLog(path: folder.file("run.log"))
    log.note(folder.heading(study.title))
    try log.check()
    let report: @Sendable (RunEvent) -> Void = { event in
      log.hear(event)
      listener.hear(event)
    }
    let results = try StudyRun(
      study, registry: context.registry, folder: folder, threads: threads, resume: resumes, report: report,
      check: { try listener.check() }
    ).run()
    if hasReport {
      try RunEvent.stage("report", report) {
        try listener.check()
        try Report.build(folder: folder.path, jobs: threads)
      }
    }
    try folder.checkPresence()
    let warnings = ResultTable.warnings(results)
    for warning in warnings { log.note("warning: \(warning)") }
    if !results.converged { log.note(RunFolder.unconverged) }
    try log.check()
    return [
      "folder": .text(folder.path), "converged": .boolean(results.converged),
      "warnings": .list((warnings + (results.converged ? [] : [RunFolder.unconverged])).map { .text($0) }),
    ]
  }
}
