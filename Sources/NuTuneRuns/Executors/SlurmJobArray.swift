import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// Independent tasks of one command as a job array of Slurm: the same words with a different number for each.
///
/// Tasks write to a shared folder and may run twice, so Slurm may requeue them when a node fails. Their output is in
/// `slurm/JOB_TASK.out` and `.err` of the folder, next to the job script.
package struct SlurmJobArray: Sendable, Equatable {
  /// A word of the command.
  package enum Word: Sendable, Equatable, ExpressibleByStringLiteral {
    /// A text, equal for every task.
    case text(String)
    /// The number of the task.
    case index

    /// Creates a text.
    package init(stringLiteral text: String) { self = .text(text) }
  }

  /// The name of the job, and of its script.
  package var name: String
  /// The numbers of the tasks.
  package var indices: [Int]
  /// Largest number of tasks that run at a time; no limit when nil.
  package var limit: Int?
  /// The command and its arguments; the command as an absolute path.
  package var command: [Word]
  /// The working folder of the command.
  package var workingFolder: String
  /// The run folder, in which the folder `slurm` is made.
  package var runFolder: String
  /// Environment variables of every task, whatever the environment of the cluster.
  package var environment: [String: String]
  /// The user's settings for Slurm.
  package var settings: SlurmSettings

  /// Environment variables of NuTune itself that tasks inherit from this process.
  package static let carriedVariables = ["NUTUNE_CATALOGS", "NUTUNE_DATA"]

  /// Creates a job array; folders are made absolute. ``carriedVariables`` are taken from this process unless
  /// `environment` has them.
  package init(
    name: String, indices: [Int], limit: Int? = nil, command: [Word],
    workingFolder: String = FileManager.default.currentDirectoryPath, runFolder: String,
    environment: [String: String] = ProcessInfo.processInfo.environment.filter { carriedVariables.contains($0.key) },
    settings: SlurmSettings = SlurmSettings()
  ) {
    self.name = name
    self.indices = indices
    self.limit = limit
    self.command = command
    self.workingFolder = Self.absolute(workingFolder)
    self.runFolder = Self.absolute(runFolder)
    self.environment = environment
    self.settings = settings
  }

  private static func absolute(_ path: String) -> String {
    FilePath.join(FileManager.default.currentDirectoryPath, path)
  }

  /// The folder of script and output.
  package var folder: String { "\(runFolder)/slurm" }

  /// Returns the job script. Settings, names and folders that cannot be written in one are exit-65 errors.
  package func script() throws -> String {
    precondition(!command.isEmpty && !indices.isEmpty, "a job array has a command and tasks")
    try check()
    // In the name of a file Slurm replaces the characters after a percent sign.
    let messages = "\(folder.replacing("%", with: "%%"))/%A_%a"
    var lines = [
      "#!/usr/bin/env bash",
      "#SBATCH --job-name=\(quoted(name))",
      "#SBATCH --array=\(SlurmIndexList.text(of: indices))\(limit.map { "%\(max($0, 1))" } ?? "")",
      "#SBATCH --output=\(quoted(messages + ".out"))",
      "#SBATCH --error=\(quoted(messages + ".err"))",
      "#SBATCH --open-mode=append",
      "#SBATCH --requeue",
      "#SBATCH --ntasks=1",
      "#SBATCH --cpus-per-task=1",
    ]
    let own = [
      ("partition", settings.partition), ("account", settings.account), ("time", settings.time),
      ("mem", settings.memory),
    ]
    for (option, value) in own { if let value { lines.append("#SBATCH --\(option)=\(quoted(value))") } }
    for option in settings.options {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      lines.append("#SBATCH \(parts[0])\(parts.count == 1 ? "" : "=" + quoted(parts[1]))")
    }
    lines.append("set -euo pipefail")
    for (variable, value) in environment.sorted(by: { $0.key < $1.key }) {
      lines.append("export \(variable)=\(ShellWord.quoted(value))")
    }
    lines.append("cd -- \(ShellWord.quoted(workingFolder))")
    let words = command.map { word in
      switch word {
      case .text(let text): ShellWord.quoted(text)
      case .index: "\"$SLURM_ARRAY_TASK_ID\""
      }
    }
    lines.append("exec \(words.joined(separator: " "))")
    return lines.joined(separator: "\n") + "\n"
  }

  private func check() throws {
    var problems = NuTuneErrors()
    problems.attempt { try FileSafeName.check(name, at: nil, key: "name") }
    problems.attempt { try settings.check() }
    // Slurm takes a backslash in the name of a file as a sign to replace nothing.
    if folder.contains("\\") || !folder.unicodeScalars.allSatisfy(SlurmSettings.isPrintable) {
      problems.add(
        NuTuneError(
          .badData, at: SourceLocation(file: runFolder), found: "a backslash or a line break in the path",
          expected: "a folder that Slurm can name"))
    }
    try problems.throwIfAny()
  }

  /// Quotes a value of an option in a `#SBATCH` line.
  private func quoted(_ text: String) -> String {
    let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+:,@=%".contains($0)) }
    if plain, !text.isEmpty { return text }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
