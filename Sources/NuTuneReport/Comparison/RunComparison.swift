import Foundation
import NuTuneCore

/// Several finished runs side by side, as if all their models had been in one study.
///
/// Runs are compared only if a difference between their models can come from the models alone: the same truth,
/// channels, modes, bins, exposure and oscillation. Other differences become notes.
package struct RunComparison: Sendable {
  /// The runs' folders, as given.
  let folders: [String]
  /// Models of all runs, labelled `run/label`.
  let merged: FinishedRun
  /// One sentence for each other difference.
  package let notes: [String]

  /// Reads and checks runs; a missing file is an exit-66 error, a run that cannot be compared with the first an exit-65
  /// error with one sentence per difference.
  package init(folders: [String]) throws {
    guard folders.count > 1 else {
      throw NuTuneError(.usage, found: "\(folders.count) run", expected: "at least two run folders to compare")
    }
    var problems = NuTuneErrors()
    let runs = folders.compactMap { folder in problems.attempt { try FinishedRun(folder: folder) } }
    try problems.throwIfAny()
    let names = RunNames.unique(folders)
    try Comparability.check(runs, folders: folders, names: names)
    var notes = Comparability.notes(runs, names: names)
    let merging = RunMerging(runs: runs, names: names)
    self.folders = folders
    merged = merging.merged
    notes += merging.notes
    self.notes = notes
  }

  /// Every figure of merit by model, followed by the notes.
  package var text: String {
    let differences = notes.isEmpty ? "" : "\nBeside the models:\n" + notes.map { "  \($0)\n" }.joined()
    return ResultTable.text(merged.results) + ResultTable.warnings(merged.results).map { "WARNING: \($0)\n" }.joined()
      + differences
  }

  /// Writes figures, histograms and `report.html` of the comparison into a folder, which may not be the folder of a
  /// run.
  package func write(
    to folder: String, jobs: Int, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    guard !FileManager.default.fileExists(atPath: FilePath.join(folder, "results.json")) else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder), found: "the folder of a run",
        expected: "a folder of its own for the comparison")
    }
    try Report.write(
      merged, origin: .comparison(folders: folders, notes: notes), to: folder, jobs: jobs, environment: environment)
  }
}
