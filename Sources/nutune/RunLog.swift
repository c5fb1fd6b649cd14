import Foundation
import Logging
import NuTuneCore
import Synchronization

/// The log file of a run. A failed write is remembered and thrown by ``check()``, because callers of the log cannot
/// throw.
final class RunLog: Sendable {
  private let path: String
  private let file: FileHandle
  private let failure = Mutex<NuTuneError?>(nil)

  /// Opens the log at its end, since it holds the history of a folder over all its runs.
  init(path: String) throws {
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

  /// Appends a line; nothing more is written after a failure.
  func append(_ line: String) {
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
  func check() throws {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
