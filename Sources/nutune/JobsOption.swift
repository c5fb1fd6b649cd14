import ArgumentParser
import Foundation

/// Number of threads.
struct JobsOption: ParsableArguments {
  @Option(name: .long, help: "Number of threads; the results do not depend on it.")
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...4096).contains(jobs) else {
      throw ValidationError("--jobs: found \(jobs); expected a number from 1 to 4096")
    }
  }
}
