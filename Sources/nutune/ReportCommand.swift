import ArgumentParser
import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneStudy

/// `nutune report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Rebuilds figures and report of a finished run.",
    discussion: """
      Reads results.json and predictions.json of a run folder and writes figures/, histograms/ and report.html anew.

      Example:
        nutune report runs/dune-closure
      """)

  @Argument(help: "A run folder.")
  var folder: String

  func run() throws {
    try Report.build(folder: folder, jobs: ProcessInfo.processInfo.activeProcessorCount)
    try StandardOutput.write("\(folder)/report.html\n")
  }
}
