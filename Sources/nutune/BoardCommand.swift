import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneReport
import NuTuneRuns

/// `nutune board`.
struct BoardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "board",
    abstract: "Lays out how every model predicts every measurement.",
    discussion: """
      Takes studies of measured data and folders of their finished runs. Studies are run into runs/ of the board's \
      folder, where finished stages are reused. Prints one table for each measurement and writes board.csv, \
      tensions.csv, figures and board.html. Exit code 2 means that something did not converge.

      Example:
        nutune board catalogs/studies/real-data/t2k-le-predict-me.yaml \\
          runs/mine --out runs/board
      """)

  @Argument(
    help: ArgumentHelp("Study files, names of studies in the catalog, run folders.", valueName: "study|run"),
    completion: .file())
  var entries: [String]

  @Option(name: .long, help: "Folder of the board.", completion: .directory)
  var out: String

  @OptionGroup var overrides: StudyChanges

  @OptionGroup var plugins: PluginOptions

  @OptionGroup var threads: JobsOption

  @OptionGroup var end: ReportOption

  /// A finished run, or a study to run.
  private enum Entry {
    case run(String)
    case study(StudyConfiguration, Registry)
  }

  func run() throws {
    if end.hasReport { try Report.checkTools() }
    try BoardReport.refuseRun(out)
    let board = try Board(folders: try checkedEntries().map(folder))
    try BoardReport.writeTables(of: board, to: out)
    if end.hasReport { try BoardReport.writePage(of: board, to: out, jobs: threads.jobs) }
    try StandardOutput.write(board.text)
    if end.hasReport { try StandardOutput.write("\nboard: \(FilePath.join(out, BoardReport.page))\n") }
    guard board.converged else { throw ExitCode(2) }
  }

  /// Reads and checks all studies before any is run.
  private func checkedEntries() throws -> [Entry] {
    var problems = NuTuneErrors()
    var names: Set<String> = []
    let checked = entries.compactMap { entry in
      problems.attempt { () -> Entry in
        guard !FilePath.exists(FilePath.join(entry, "results.json")) else { return .run(entry) }
        try checkFile(entry)
        let registry = try plugins.registry(forStudy: entry, overrides: overrides.changes)
        let study = try StudyConfiguration.load(entry, overrides: overrides.changes, registry: registry)
        try study.check(registry)
        guard !study.measurements.isEmpty else {
          throw NuTuneError(
            .badData, at: SourceLocation(file: entry), key: "data", found: "a study without measured data",
            expected: "measurements under `data`, which a board compares models with")
        }
        guard names.insert(study.name).inserted else {
          throw NuTuneError(
            .badData, at: SourceLocation(file: entry), key: "name", found: "“\(study.name)” twice",
            expected: "studies of different names, which are those of their folders")
        }
        return .study(study, registry)
      }
    }
    try problems.throwIfAny()
    return checked
  }

  /// Throws for a folder that holds no finished run, and for a path that leads nowhere.
  private func checkFile(_ entry: String) throws {
    let expected = "a study file, or the folder of a finished run"
    let place = SourceLocation(file: entry)
    guard !FilePath.isFolder(entry) else {
      throw NuTuneError(
        .missingInput, at: place, found: "a folder without results.json",
        expected: "\(expected): `nutune run --resume` goes on with one that was interrupted")
    }
    guard entry.contains("/"), !FilePath.exists(entry) else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: FilePath.folder(of: entry))) ?? []
    let nearest = Suggestion.nearest(to: FilePath.name(of: entry), among: names)
    throw NuTuneError(
      .missingInput, at: place, found: "no such file or folder", expected: expected,
      suggestion: nearest.map { FilePath.join(FilePath.folder(of: entry), $0) })
  }

  /// The folder of a finished run; a study is run first.
  private func folder(_ entry: Entry) throws -> String {
    switch entry {
    case .run(let folder): return folder
    case .study(let study, let registry):
      let folder = try RunFolder(path: FilePath.join(out, "runs/\(study.name)"))
      let display = try ProgressDisplay(log: folder.file("run.log"))
      display.note(folder.heading(study.title))
      Interruption.resume(
        with: "finished stages are kept in \(folder.path); the same command goes on with the same numbers")
      _ = try StudyRun(
        study, registry: registry, folder: folder, threads: threads.jobs, resume: true, report: { display.show($0) }
      ).run()
      try display.checkLog()
      return folder.path
    }
  }
}
