import ArgumentParser
import Foundation
import NuTuneCore
import NuTuneReport

/// `nutune compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows the models of several finished runs side by side.",
    discussion: """
      Prints one table of every figure of merit and says what else differs between the runs; with --out it also writes \
      figures and report. Runs that differ in truth, channels, bins, exposure or oscillation are refused, one sentence \
      per difference.

      Example:
        nutune compare runs/dune-closure runs/tanh --out runs/comparison
      """)

  @Argument(help: "Two or more run folders.", completion: .directory)
  var runs: [String]

  @Option(name: .long, help: "Folder for figures and report of the comparison.", completion: .directory)
  var out: String?

  func run() throws {
    let comparison = try RunComparison(folders: runs)
    if let out {
      try Report.checkTools()
      try comparison.write(to: out, jobs: ProcessInfo.processInfo.activeProcessorCount)
    }
    try StandardOutput.write(comparison.text)
    if let out { try StandardOutput.write("\nreport: \(out)/report.html\n") }
  }
}
