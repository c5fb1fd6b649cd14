import Foundation
import NuTuneCore

/// The exclusive right of one process to compute a member; the system releases it when the process ends in any way, on
/// shared file systems, too.
struct MemberClaim: ~Copyable {
  private let lock: Int32

  /// Takes the claim in a folder; nil when another process holds it.
  ///
  /// - Parameter waits: whether to wait for the other process to finish or end.
  init?(on task: EnsembleTask, in folder: RunFolder, waits: Bool) throws {
    let path = folder.file("claims/\(task.name)")
    lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path),
        found: "a claim that cannot be made (\(String(cString: strerror(errno))))",
        expected: "a place where this user may write")
    }
    while flock(lock, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      close(lock)
      return nil
    }
  }

  deinit { close(lock) }

  /// Writes one line into the file of the claim, once: the process that computed the member, and the time.
  func sign() throws {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let line = "\(ISO8601DateFormatter().string(from: Date())) \(host) process \(getpid())\n"
    lseek(lock, 0, SEEK_END)
    guard line.utf8.withContiguousStorageIfAvailable({ write(lock, $0.baseAddress, $0.count) }) == line.utf8.count
    else {
      throw NuTuneError(
        .cannotWrite, key: "claims", found: "a claim that cannot be signed (\(String(cString: strerror(errno))))",
        expected: "a folder with room")
    }
  }

  /// Whether some process holds the claim now.
  static func isHeld(_ task: EnsembleTask, in folder: RunFolder) -> Bool {
    let lock = open(folder.file("claims/\(task.name)"), O_RDWR | O_CLOEXEC)
    guard lock >= 0 else { return false }
    defer { close(lock) }
    // A shared lock, and for a moment only: a process that wants the claim tries again.
    return flock(lock, LOCK_SH | LOCK_NB) != 0
  }
}
