import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// Tests a library in another process, so that a library that crashes, ends the process or never returns does not
/// affect this one.
package struct PluginProbe: Sendable {
  /// Environment variable with the time limit of a library in seconds.
  package static let timeLimitVariable = "NUTUNE_PLUGIN_TIMEOUT"

  private let executable: String
  private let environment: [String: String]
  private let timeLimit: Double?

  /// The outcome of the other process.
  struct Outcome {
    /// The lines of its output.
    var lines: [Substring]
    /// How the process failed: “crashes (…)”; nil if it ended well.
    var trouble: String?
  }

  /// Creates a probe that calls `nutune plugin probe` and similar commands.
  ///
  /// - Parameters:
  ///   - executable: path of nutune; the running program by default.
  ///   - environment: `NUTUNE_PLUGIN_TIMEOUT` is the time limit in seconds.
  package init(
    executable: String = PluginProbe.runningExecutable,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    timeLimit = try environment[Self.timeLimitVariable].map { text in
      guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
        throw NuTuneError(
          .usage, key: Self.timeLimitVariable, found: "“\(text)”", expected: "seconds, a number > 0 and ≤ 86400")
      }
      return seconds
    }
    self.executable = executable
    // The sentence says what happened; a stack trace would not help, and takes seconds.
    self.environment = environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
  }

  /// The file of the running program.
  package static var runningExecutable: String { FilePath.runningProgram }

  /// Lets another process load a library; throws an exit-65 error that says how that process failed.
  ///
  /// Other errors of the library are left to the code that loads it.
  func check(_ path: String) throws {
    guard let trouble = try run(["plugin", "probe", path], seconds: 30).trouble else { return }
    throw NuTuneError(
      .badData, at: SourceLocation(file: path),
      found: "a library that \(trouble) while it is loaded and registers its plugins",
      expected: "one that leaves the program running")
  }

  /// Runs the program with arguments, until it prints its ``lastLine`` and ends.
  ///
  /// - Parameter seconds: time limit when the environment has none.
  func run(_ arguments: [String], seconds: Double) throws -> Outcome {
    let limit = timeLimit ?? seconds
    let process = try Subprocess.run(
      executable, arguments, environment: environment, patience: .seconds(limit), endsDescendants: true)
    let lines = process.output.split(separator: "\n")
    if process.ranOutOfTime { return Outcome(lines: lines, trouble: "does not come back within \(Int(limit)) s") }
    if let signal = process.signal {
      let reason = Self.fatalError(process.errors) ?? String(cString: strsignal(signal)).lowercased()
      return Outcome(lines: lines, trouble: "crashes (\(reason))")
    }
    guard process.exitCode == 0, lines.last.map(String.init) == Self.lastLine else {
      return Outcome(lines: lines, trouble: "ends the process (exit code \(process.exitCode))")
    }
    return Outcome(lines: lines.dropLast(), trouble: nil)
  }

  /// Returns Swift's message when it stopped the process, without the place in the source.
  private static func fatalError(_ errors: String) -> String? {
    guard let mark = errors.range(of: "Fatal error: ") else { return nil }
    return String(errors[mark.upperBound...].prefix { $0 != "\n" }.prefix(200))
  }
}

extension PluginProbe {
  /// The last line that the other process prints.
  package static let lastLine = "nutune-plugin: done"

  /// Loads a library in the other process of ``check(_:)``, which this may end.
  package static func load(_ path: String) {
    // The calling program loads the library again and reports its errors.
    _ = try? {
      var registry = Registry()
      try LoadedPlugins(path: path).register(in: &registry)
    }()
  }
}
