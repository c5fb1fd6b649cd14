import Foundation
import Synchronization

/// Names of files that are being written, so that an interrupted process can remove them.
package enum TemporaryFile {
  private static let open = Mutex<Set<String>>([])
  private static let mark = ".tmp-"

  /// Registers and returns a temporary name for a file, unique to this process.
  static func begin(_ path: String) -> String {
    let name = "\(path)\(mark)\(getpid())"
    open.withLock { _ = $0.insert(name) }
    return name
  }

  /// Unregisters a file that is complete or given up.
  static func end(_ name: String) {
    open.withLock { _ = $0.remove(name) }
  }

  /// Removes the unfinished files of this process, when it is about to end.
  package static func removeAll() {
    open.withLock { names in
      for name in names { unlink(name) }
    }
  }

  /// Whether a name belongs to a temporary file of some process.
  static func isName(_ name: String) -> Bool {
    guard let start = name.range(of: mark, options: .backwards)?.upperBound else { return false }
    let number = name[start...]
    return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// Removes the temporary files that killed processes left in a folder; no other process may be writing there.
  package static func removeLeftovers(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where isName(name) {
      unlink("\(folder)/\(name)")
    }
  }
}
