import ArgumentParser
import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults
import NuTuneRuns

/// `nutune ensemble`.
struct EnsembleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ensemble",
    abstract: "Many members of one study: other random seeds, fluxes, near data; here or as Slurm job arrays.",
    discussion: """
      What varies is in the section `systematics` of the study. Members are independent, each is a file in the folder, and \
      whatever computes them (this machine, several, a cluster) gives the same numbers; the same command goes on where it \
      was.

      Example:
        nutune ensemble run dune-ensemble
        nutune ensemble plan dune-ensemble --out runs/many \\
          --set systematics.ensemble.members=1000
        nutune ensemble run runs/many --slurm
        nutune ensemble status runs/many
        nutune ensemble merge runs/many
      """, subcommands: [Plan.self, Run.self, Status.self, Merge.self])
}

extension EnsembleCommand {
  /// `nutune ensemble plan`.
  struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says which members there are, and makes what they are compared with.",
      discussion: """
        Members of an earlier plan of the same study stay; with a larger number more are added.

        Example:
          nutune ensemble plan dune-ensemble --out runs/many \\
            --set systematics.ensemble.members=1000
        """)

    @Argument(help: "A study file, or the name of a study in the catalog.", completion: .file())
    var study: String
    @OptionGroup var options: EnsemblePlanOptions
    @OptionGroup var threads: JobsOption

    func run() throws {
      let path = try options.plan(study, jobs: threads.jobs).path
      try StandardOutput.write(EnsembleTable.status(EnsembleStatus(try EnsembleFolder(path: path)), path: path))
    }
  }

  /// `nutune ensemble run`.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Computes the members that are missing: on this machine, or through Slurm.",
      discussion: """
        A study is planned first; a folder has its plan. Members that are there stay, members that another process computes \
        are waited for. When nothing is missing the members are merged. Exit code 2 means that a training or a fit did not \
        converge: the results are kept and say so. A library of plugins that a folder was planned with is loaded only when \
        --plugin names it.

        Example:
          nutune ensemble run dune-ensemble
          nutune ensemble run runs/many --slurm
        """)

    @Argument(help: "A study file, the name of a study in the catalog, or the folder of a plan.", completion: .file())
    var study: String
    @OptionGroup var options: EnsemblePlanOptions
    @OptionGroup var threads: JobsOption
    @OptionGroup var end: ReportOption
    @Flag(name: .long, help: "Submit what is missing to Slurm as a job array (systematics.slurm) and end.")
    var slurm = false
    @Option(name: .long, help: "Only this block of members, counted from 0; what a task of a job array does.")
    var block: Int?
    @Option(name: .customLong("block-size"), help: "Members of a block.")
    var blockSize: Int = 1

    func validate() throws {
      guard blockSize >= 1, block ?? 0 >= 0 else {
        throw ValidationError(
          "--block: found block \(block ?? 0) of size \(blockSize); expected 0 or more, of 1 or more")
      }
    }

    func run() throws {
      let isFolder = EnsembleFolder.isPlanned(study)
      if isFolder, !options.overrides.changes.isEmpty || options.out != nil {
        throw ValidationError("--set and --out belong to a study; \(study) is the folder of a plan")
      }
      let ensemble: EnsembleFolder
      let registry: Registry
      if isFolder {
        ensemble = try EnsembleFolder(path: study)
        registry = try options.plugins.registry(forFolder: study, plannedWith: ensemble.plugins)
      } else {
        let planned = try options.plan(study, jobs: threads.jobs)
        ensemble = try EnsembleFolder(path: planned.path)
        registry = planned.registry
      }
      if slurm { return try submit(ensemble, registry) }
      if block == nil, end.hasReport { try Report.checkTools() }
      let display = try ProgressDisplay(log: ensemble.folder.file("run.log"))
      let tasks = block.map { EnsembleJobs.members($0, of: blockSize, ensemble.tasks) }
      Interruption.resume(
        with: "finished members are kept; `nutune ensemble run \(ensemble.path)` computes those that are missing")
      let outcome = try EnsembleRun(
        ensemble, registry: registry, threads: threads.jobs, report: { display.show($0) }
      ).run(tasks, waits: block == nil)
      display.note("\(outcome.computed) members computed" + (outcome.missing > 0 ? ", \(outcome.missing) missing" : ""))
      try display.checkLog()
      guard block == nil else { return }
      try EnsembleCommand.merge(ensemble, allowsMissing: false, jobs: threads.jobs, end, display)
    }

    private func submit(_ ensemble: EnsembleFolder, _ registry: Registry) throws {
      let submitted = try EnsembleJobs(ensemble).submit(
        executable: FilePath.runningProgram, try ensemble.study(registry))
      let text =
        submitted.jobs.isEmpty
        ? "nothing to submit: every member is finished or in the queue"
        : "job \(submitted.jobs.map(String.init).joined(separator: ", ")): \(submitted.blocks) tasks, "
          + "\(submitted.members) members; `nutune ensemble status \(ensemble.path)` tells how far they are"
      try StandardOutput.write(text + "\n")
    }
  }

  /// `nutune ensemble status`.
  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tells which members are finished, at work, in the queue, or lost.",
      discussion: """
        Exit code 0 when all are finished, 1 otherwise.

        Example:
          nutune ensemble status runs/many
        """)

    @Argument(help: "The folder of a plan.", completion: .directory)
    var folder: String

    func run() throws {
      let status = EnsembleStatus(try EnsembleFolder(path: folder))
      try StandardOutput.write(EnsembleTable.status(status, path: folder))
      if !status.isComplete { throw ExitCode(1) }
    }
  }

  /// `nutune ensemble merge`.
  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts finished members together: combined regions, shift and spread by source, a report.",
      discussion: """
        Example:
          nutune ensemble merge runs/many
        """)

    @Argument(help: "The folder of a plan.", completion: .directory)
    var folder: String
    @Flag(name: .long, help: "Merge what is there although members are missing; the results say so.")
    var incomplete = false
    @OptionGroup var threads: JobsOption
    @OptionGroup var end: ReportOption

    func run() throws {
      if end.hasReport { try Report.checkTools() }
      let ensemble = try EnsembleFolder(path: folder)
      let display = try ProgressDisplay(log: ensemble.folder.file("run.log"))
      try EnsembleCommand.merge(ensemble, allowsMissing: incomplete, jobs: threads.jobs, end, display)
    }
  }

  /// Merges the members, draws the figures and prints the table.
  fileprivate static func merge(
    _ ensemble: EnsembleFolder, allowsMissing: Bool, jobs: Int, _ end: ReportOption, _ display: ProgressDisplay
  ) throws {
    Interruption.resume(with: "the members are whole; `nutune ensemble merge \(ensemble.path)` puts them together")
    let results = try EnsembleMerge(ensemble).merge(allowsMissing: allowsMissing)
    if end.hasReport { try EnsembleReport.build(folder: ensemble.path, jobs: jobs) }
    let page = end.hasReport ? "report: \(ensemble.path)/report.html\n" : ""
    try StandardOutput.write(EnsembleTable.text(results) + page)
    for warning in results.warnings { display.note("warning: \(warning)") }
    try display.checkLog()
    try ensemble.folder.checkPresence()
    guard results.isSound else {
      display.note(RunFolder.unconverged)
      throw ExitCode(2)
    }
  }
}
