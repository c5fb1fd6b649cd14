import ArgumentParser
import Foundation
import NuTuneCore
import NuTuneReport

/// `nutune report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Rebuilds figures and report of a finished run.",
    discussion: """
      Reads the results in a folder of a run, a scan, an ensemble or pseudo-experiments and writes figures/ and report.html
      (of a run also histograms/) anew. A scan needs all its variants.

      Example:
        nutune report runs/dune-closure
      """)

  @Argument(help: "Folder of a run, a scan, an ensemble or pseudo-experiments.", completion: .directory)
  var folder: String

  func run() throws {
    let made = try Report.rebuild(folder: folder, jobs: ProcessInfo.processInfo.activeProcessorCount)
    try StandardOutput.write("\(made)\n")
  }
}
