import Foundation
import NuTuneResults

/// Ensembles as text for a terminal.
package enum EnsembleTable {
  /// Returns shift, spread and regions of each set, then the combined intervals of all sources together next to the
  /// interval with the true cross section; sentences below name what did not converge, and members that are left out.
  /// Ends in a newline.
  package static func text(_ results: EnsembleResults) -> String {
    let failures = EnsembleRows.failures(results).map { "FAILED: \($0.member): \($0.reason)" }
    return EnsembleRows.sets(results).text + "shift and spread in units of σ_stat, the statistical error\n\n"
      + EnsembleRows.intervals(results).text
      + (EnsembleRows.troubles(results) + failures).map { TextTable.printable($0) + "\n" }.joined()
  }

  /// Returns the progress of each set, and the next step. Ends in a newline.
  ///
  /// - Parameter path: The folder, as the user would write it.
  package static func status(_ status: EnsembleStatus, path: String) -> String {
    var table = TextTable(header: ["set", "planned", "finished", "at work", "queued", "missing", "failed"])
    for set in status.sets {
      table.append(
        [set.name]
          + [set.planned, set.finished, set.computing, set.queued, set.missing, set.failed].map { "\($0)" })
    }
    var lines: [String] = []
    let missing = status.sets.reduce(0) { $0 + $1.missing }
    if !status.firstMissing.isEmpty {
      let names = status.firstMissing.joined(separator: ", ")
      lines.append("missing: \(names)\(missing > status.firstMissing.count ? ", …" : "")")
    }
    lines += status.refused.map { "not a member, so missing: \($0)" }
    if let problem = status.queueProblem {
      lines.append("the queue is not known, members in it are among the missing: \(problem)")
    }
    lines.append("next: \(next(status, missing: missing, path: shellWord(path)))")
    return table.text + lines.map { TextTable.printable($0) + "\n" }.joined()
  }

  private static func next(_ status: EnsembleStatus, missing: Int, path: String) -> String {
    if missing > 0 {
      return "`nutune ensemble run \(path)` computes the \(missing) missing \(missing == 1 ? "member" : "members")"
    }
    if !status.isComplete {
      let others = status.sets.reduce(0) { $0 + $1.computing + $1.queued }
      return "nothing until the \(others) at work or in the queue are finished, then `nutune ensemble merge \(path)`"
    }
    if status.isMerged { return "nothing; `nutune ensemble merge \(path)` puts the members together once more" }
    return "`nutune ensemble merge \(path)` puts the members together"
  }

  /// Quotes a path for the command line.
  private static func shellWord(_ path: String) -> String {
    let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0) }
    return isPlain && !path.isEmpty ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
