import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneReport
import NuTuneResults
import NuTuneRuns

/// `nutune coverage`.
struct CoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "Draws pseudo-experiments of a study and counts how often intervals contain the truth.",
    discussion: """
      Far-detector data are drawn for every experiment, near-detector data too when their number is finite; models are \
      then tuned for every experiment. Where systematics.ensemble.vary names the flux, the data of every experiment come from \
      a throw of it, which fits know nothing of unless they profile it (fit.nuisance.flux). Finished experiments stay in the folder: the same command goes on where it was, \
      and with a larger number adds to them.

      Example:
        nutune coverage catalogs/studies/dune-process-coverage.yaml --experiments 200
      """)

  @Argument(help: "A study file, or the name of a study in the catalog.", completion: .file())
  var study: String

  @Option(name: .long, help: "Number of pseudo-experiments.")
  var experiments: Int = 200

  @Option(name: .long, help: "The folder; runs/<name of the study>-coverage by default.", completion: .directory)
  var out: String?

  @OptionGroup var overrides: StudyChanges

  @OptionGroup
  var plugins: PluginOptions

  @OptionGroup var threads: JobsOption

  @OptionGroup var end: ReportOption

  func validate() throws {
    guard (1...1_000_000).contains(experiments) else {
      throw ValidationError("--experiments: found \(experiments); expected a number from 1 to 1000000")
    }
  }

  func run() throws {
    let registry = try plugins.registry(forStudy: study, overrides: overrides.changes)
    let study = try StudyConfiguration.load(study, overrides: overrides.changes, registry: registry)
    try study.check(registry)
    study.warnOfUnusedValues()
    if end.hasReport { try Report.checkTools() }
    let folder = try RunFolder(path: out ?? "runs/\(study.name)-coverage", folders: ["experiments"])
    let display = try ProgressDisplay(log: folder.file("run.log"))
    display.note(folder.heading("coverage of \(study.title)"))
    Interruption.resume(with: "finished experiments are kept in \(folder.path); the same command goes on with them")
    let results = try CoverageRun(
      study, registry: registry, folder: folder, experiments: experiments, threads: threads.jobs,
      report: { display.show($0) }
    ).run()
    try StandardOutput.write(CoverageTable.text(results) + "\n")
    if end.hasReport {
      try CoverageReport.build(folder: folder.path, jobs: threads.jobs)
      try StandardOutput.write("report: \(folder.path)/report.html\n")
    }
    try folder.checkPresence()
    try display.checkLog()
    let failed = results.models.values.map(\.failed).reduce(0, +)
    guard failed == 0 else {
      display.note("not every fit converged; those do not count, and the table says how many of which model")
      throw ExitCode(2)
    }
  }
}
