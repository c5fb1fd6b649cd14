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
      per difference. With --against they may differ in detector and bins: errors and biases are shown against the value of \
      one key.

      Example:
        nutune compare runs/dune-closure runs/tanh --out runs/comparison
        nutune compare runs/1e6 runs/1e7 runs/1e8 --against near.events
      """)

  @Argument(help: "Two or more run folders.", completion: .directory)
  var runs: [String]

  @Option(name: .long, help: "Folder for figures and report of the comparison.", completion: .directory)
  var out: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The key whose value differs between the runs, which are points along it.", valueName: "path.to.key"))
  var against: String?

  func run() throws {
    if let against {
      let scan = try RunScan(folders: runs, key: against)
      if let out {
        try Report.checkTools()
        try scan.write(to: out, jobs: ProcessInfo.processInfo.activeProcessorCount)
      }
      try StandardOutput.write(scan.text)
      if let out { try StandardOutput.write("\nreport: \(out)/report.html\n") }
      return
    }
    let comparison = try RunComparison(folders: runs)
    if let out {
      try Report.checkTools()
      try comparison.write(to: out, jobs: ProcessInfo.processInfo.activeProcessorCount)
    }
    try StandardOutput.write(comparison.text)
    if let out { try StandardOutput.write("\nreport: \(out)/report.html\n") }
  }
}
