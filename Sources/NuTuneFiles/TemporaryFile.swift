import Foundation
import Synchronization

/// Names of files that are being written, so that who interrupts a process leaves none behind.
package enum TemporaryFile {
  private static let open = Mutex<Set<String>>([])
  private static let mark = ".tmp-"

  /// The temporary name for a file, of this process alone.
  static func begin(_ path: String) -> String {
    let name = "\(path)\(mark)\(getpid())"
    open.withLock { _ = $0.insert(name) }
    return name
  }

  /// The file is in its place, or given up.
  static func end(_ name: String) {
    open.withLock { _ = $0.remove(name) }
  }

  /// Removes what this process is writing; for one that is about to end.
  package static func removeAll() {
    open.withLock { names in
      for name in names { unlink(name) }
    }
  }

  /// Whether a name is that of a temporary file of some process.
  static func isName(_ name: String) -> Bool {
    guard let start = name.range(of: mark, options: .backwards)?.upperBound else { return false }
    let number = name[start...]
    return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// Removes the temporary files of a folder, which killed processes left: nobody else may be writing there.
  package static func removeLeftovers(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where isName(name) {
      unlink("\(folder)/\(name)")
    }
  }
}
