import Foundation
import NuTuneCore
import NuTuneFiles

/// The commands of Slurm, as found on the `PATH` of an environment.
package struct SlurmClient: Sendable {
  /// The environment in which they are found and run; `SLURM_CONF` in it names the cluster.
  package var environment: [String: String]
  /// Time limit of one command; a busy controller can be slow.
  package var patience: Duration

  /// Creates a client for the commands on the `PATH` of an environment.
  package init(
    environment: [String: String] = ProcessInfo.processInfo.environment, patience: Duration = .seconds(120)
  ) {
    self.environment = environment
    self.patience = patience
  }

  /// Runs one command; its failure is a value, its absence an exit-66 error.
  ///
  /// - Parameter ignoring: prefixes of environment variables that would change the effect of the command.
  func run(_ command: String, _ arguments: [String], ignoring: [String]) throws -> Subprocess {
    guard let executable = Subprocess.find(command, in: environment) else {
      throw NuTuneError(
        .missingInput, key: "slurm", found: "no \(command) on the PATH",
        expected: "Slurm's client commands, which a cluster's login node has (Debian: slurm-client)")
    }
    let environment = environment.filter { name, _ in !ignoring.contains { name.hasPrefix($0) } }
    return try Subprocess(executable, arguments, environment: environment, patience: patience)
  }

  /// Creates the error of a failed command: its own words, in one sentence.
  func failure(of command: String, _ result: Subprocess, expected: String) -> NuTuneError {
    let words = (result.errors + "\n" + result.output).split(whereSeparator: \.isNewline).map { line in
      var line = line.trimmingCharacters(in: .whitespaces)
      for start in ["\(command): ", "error: ", "fatal: ", "slurm_load_jobs error: "] where line.hasPrefix(start) {
        line.removeFirst(start.count)
      }
      return line
    }.filter { !$0.isEmpty && !$0.hasPrefix("Try \"") }
    let message = words.isEmpty ? "exit code \(result.exitCode) without a word" : words.joined(separator: "; ")
    return NuTuneError(.runtime, key: "slurm", found: "a failure of \(command): \(message)", expected: expected)
  }
}
