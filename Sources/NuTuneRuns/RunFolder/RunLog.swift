import Foundation
import NuTuneCore
import Synchronization

/// The log file of a run. A failed write is remembered and thrown by ``check()``, because callers of the log cannot
/// throw.
package final class RunLog: Sendable {
  private let path: String
  private let file: FileHandle
  private let failure = Mutex<NuTuneError?>(nil)

  /// Opens the log at its end, since it holds the history of a folder over all its runs.
  package init(path: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: path), found: "a log that cannot be written",
          expected: "a place where this user may write")
      }
    }
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a log that cannot be opened",
        expected: "a place where this user may write")
    }
    self.path = path
    file = handle
    // A file without position (a pipe) is always written at its end.
    _ = try? handle.seekToEnd()
  }

  /// Appends what an event of a run says, if it is worth a line.
  package func hear(_ event: RunEvent) {
    if let line = event.line { note(line) }
  }

  /// Appends a line with the time; nothing more is written after a failure.
  package func note(_ text: String) {
    let line = "\(ISO8601DateFormatter().string(from: Date())) info: \(PrintableText.line(text))"
    failure.withLock { failure in
      guard failure == nil else { return }
      do {
        try file.write(contentsOf: Data("\(line)\n".utf8))
      } catch {
        failure = NuTuneError(
          .cannotWrite, at: SourceLocation(file: path),
          found: "a log that cannot be written (\(NuTuneError.reason(of: error)))", expected: "room for the log")
      }
    }
  }

  /// Throws the first failure, if there was one.
  package func check() throws {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
