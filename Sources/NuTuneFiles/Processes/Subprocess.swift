import Foundation
import NuTuneCore

/// The result of a system command that has ended, with its output.
package struct Subprocess: Sendable {
  /// Exit code, or the signal that ended the command plus 128, as shells count.
  package var exitCode: Int32
  /// The signal that ended the command, nil when it ended by itself.
  package var signal: Int32?
  /// Whether the command exceeded its time limit, and was ended for that.
  package var ranOutOfTime: Bool
  /// Text on standard output.
  package var output: String
  /// Text on standard error.
  package var errors: String

  /// Finds the first executable file of a name on the `PATH` of an environment.
  package static func find(_ name: String, in environment: [String: String]) -> String? {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return folders.map { FilePath.join($0, name) }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs an executable without a shell, and waits for its end; one that takes longer than `patience` is ended and is
  /// an exit-1 error.
  package init(
    _ executable: String, _ arguments: [String], environment: [String: String], patience: Duration
  ) throws {
    self = try Self.run(executable, arguments, environment: environment, patience: patience)
    guard !ranOutOfTime else {
      throw NuTuneError(
        .runtime, at: SourceLocation(file: executable),
        found: "no answer within \(Int(patience.seconds.rounded(.up))) s",
        expected: "a command that comes to an end")
    }
  }

  /// Creates the result of a process from its status of `waitpid`.
  private init(status: Int32, ranOutOfTime: Bool, output: String, errors: String) {
    let number = status & 0x7F
    signal = number == 0 ? nil : number
    exitCode = number == 0 ? (status >> 8) & 0xFF : number + 128
    self.ranOutOfTime = ranOutOfTime
    self.output = output
    self.errors = errors
  }

  /// Runs an executable without a shell, and waits for its end; one that takes longer than `patience` is ended, with
  /// every process that it left. A failure to start is an exit-1 error.
  ///
  /// - Parameter endsDescendants: whether processes that the command left are ended in any case.
  package static func run(
    _ executable: String, _ arguments: [String], environment: [String: String], patience: Duration,
    endsDescendants: Bool = false
  ) throws -> Subprocess {
    // Files, not pipes: pipes would have to be drained while the process runs.
    let temporary = NSTemporaryDirectory() + "nutune-\(UUID().uuidString)"
    let paths = ["\(temporary).out", "\(temporary).err"]
    defer { for path in paths { unlink(path) } }
    for path in paths where !FileManager.default.createFile(atPath: path, contents: nil) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a file that cannot be written",
        expected: "room for temporary files; TMPDIR names the place")
    }
    // Processes that the command starts are found by this mark.
    let mark = (name: "NUTUNE_SUBPROCESS", value: UUID().uuidString)
    let process: SpawnedProcess
    do {
      process = try SpawnedProcess(
        executable, arguments, environment: environment.merging([mark.name: mark.value]) { $1 }, output: paths[0],
        errors: paths[1])
    } catch {
      throw NuTuneError(
        .runtime, at: SourceLocation(file: executable),
        found: "a command that does not start (\(NuTuneError.reason(of: error)))", expected: "a working command")
    }
    let status = process.status(within: patience)
    let last = status ?? process.end()
    if status == nil || endsDescendants { Descendants.end(markedBy: "\(mark.name)=\(mark.value)") }
    let texts = paths.map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
    return Subprocess(status: last, ranOutOfTime: status == nil, output: texts[0], errors: texts[1])
  }
}
