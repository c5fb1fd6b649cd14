import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneReport
import NuTuneRuns

/// `nutune run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a study: near-detector data, tuning, prediction, oscillation fit, report.",
    discussion: """
      Every finished stage stays in the run folder; a run that was interrupted goes on with --resume and ends with the \
      same numbers. Exit code 2 means that a training or a fit did not converge: the results are kept and say so.

      Example:
        nutune run catalogs/studies/dune-closure.yaml --out runs/mine \\
          --set seed.network=2
      """)

  @Argument(help: "A study file, or the name of a study in the catalog.", completion: .file())
  var study: String

  @Option(name: .long, help: "The run folder; runs/<name of the study> by default.", completion: .directory)
  var out: String?

  @OptionGroup var overrides: StudyChanges

  @OptionGroup
  var plugins: PluginOptions

  @OptionGroup var threads: JobsOption

  @Flag(name: .long, help: "Reuse the finished stages in the run folder.")
  var resume = false

  @OptionGroup var end: ReportOption

  func run() throws {
    let registry = try plugins.registry(forStudy: study, overrides: overrides.changes)
    let study = try StudyConfiguration.load(study, overrides: overrides.changes, registry: registry)
    // Requirements are checked before any file in the folder of an earlier run is touched.
    try study.check(registry)
    if end.hasReport { try Report.checkTools() }
    let folder = try RunFolder(path: out ?? "runs/\(study.name)")
    let display = try ProgressDisplay(log: folder.file("run.log"))
    display.note(folder.heading(study.title))
    try display.checkLog()
    Interruption.resume(
      with: "finished stages are kept in \(folder.path); the same command with --resume goes on with the same numbers")
    let results = try StudyRun(
      study, registry: registry, folder: folder, threads: threads.jobs, resume: resume, report: { display.show($0) }
    ).run()
    // Neither the table nor the report may fail because of the other.
    let printing = Result { try StandardOutput.write(ResultTable.text(results) + "\n") }
    if end.hasReport { try report(in: folder, display) }
    try folder.checkPresence()
    try printing.get()
    if end.hasReport { try StandardOutput.write("report: \(folder.path)/report.html\n") }
    try display.checkLog()
    for warning in ResultTable.warnings(results) { display.note("warning: \(warning)") }
    guard results.converged else {
      display.note(RunFolder.unconverged)
      throw ExitCode(2)
    }
  }

  /// Draws the figures and writes the page.
  private func report(in folder: RunFolder, _ display: ProgressDisplay) throws {
    try RunEvent.stage("report", { display.show($0) }) {
      Interruption.resume(
        with: "the results in \(folder.path) are whole, the report is not: `nutune report \(folder.path)` makes it")
      try Report.build(folder: folder.path, jobs: threads.jobs)
    }
  }
}
