import ArgumentParser
import BuiltInPlugins
import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneStudy

/// `nutune run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a study: near-detector data, tuning, prediction, oscillation fit, report.",
    discussion: """
      Every finished stage stays in the run folder; a run that was interrupted goes on with --resume and ends with the
      same numbers. Exit code 2 means that a training or a fit did not converge: the results are kept and say so.

      Example:
        nutune run catalogs/studies/dune-closure.yaml --out runs/mine --set seed.network=2
      """)

  @Argument(help: "A study file, or the name of a study in the catalog.")
  var study: String

  @Option(name: .long, help: "The run folder; runs/<name of the study> by default.")
  var out: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a key of the study; may be repeated.", valueName: "path.to.key=value"))
  var changes: [String] = []

  @Option(name: .long, help: "Number of threads; the results do not depend on it.")
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .long, help: "Reuse the finished stages in the run folder.")
  var resume = false

  func validate() throws {
    guard (1...4096).contains(jobs) else {
      throw ValidationError("--jobs: found \(jobs); expected a number from 1 to 4096")
    }
  }

  func run() throws {
    let registry = try BuiltInPlugins.registry()
    let study = try StudyConfiguration.load(study, overrides: changes, registry: registry)
    let folder = try RunFolder(path: out ?? "runs/\(study.name)")
    let display = try ProgressDisplay(log: folder.file("run.log"), appending: resume)
    display.note("nutune \(NuTuneVersion.current): \(study.title), in \(folder.path)")
    let results = try StudyRun(
      study, registry: registry, folder: folder, threads: jobs, resume: resume, report: { display.show($0) }
    ).run()
    display.show(.began(stage: "report"))
    let clock = ContinuousClock()
    let time = try clock.measure { try Report.build(folder: folder.path, jobs: jobs) }
    display.show(.ended(stage: "report", seconds: time / .seconds(1), reused: false))
    try StandardOutput.write(ResultTable.text(results) + "\nreport: \(folder.path)/report.html\n")
    guard results.converged else {
      display.note("not everything converged; the results say what")
      throw ExitCode(2)
    }
  }
}
