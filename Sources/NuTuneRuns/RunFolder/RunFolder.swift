import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The folder of one run, locked by one process at a time; the folder of an ensemble is shared by all processes that
/// compute its members.
///
///     study.json            the effective study
///     results.json          results of the study
///     predictions.json      the distributions behind the figures
///     structure_functions.json  true and learned structure functions over x and Q²
///     data/                 simulated or loaded data
///     models/               tuned models: weights (safetensors) and a card (JSON)
///     fits/                 oscillation fits
///     stages/               records of stages: inputs and outputs; checkpoints of unfinished ones
///     run.log               log of the run
package final class RunFolder: Sendable {
  /// Path of the folder.
  package let path: String
  private let lock: Int32

  /// The processes that may work in the folder at a time.
  package enum Access: Sendable {
    /// This process alone.
    case alone
    /// Other processes that share it, too; they use claims to avoid conflicts.
    case shared
  }

  /// Opens or makes the folder and takes its lock, which the system releases when the process ends in any way.
  ///
  /// A folder that cannot be written to, or that another process has locked for itself, is an exit-73 error; shared
  /// access waits for that process.
  /// - Parameter folders: folders to make in it.
  package init(path: String, folders: [String] = RunFolder.folders, access: Access = .alone) throws {
    self.path = path
    lock = try Self.openLock(path, folders: folders)
    guard Self.take(lock, access == .alone ? LOCK_EX | LOCK_NB : LOCK_SH) else {
      close(lock)
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "another run at work in this folder",
        expected: "a folder of its own (--out), or the end of the other run")
    }
    if access == .alone { removeLeftovers(in: folders) }
  }

  /// Opens the folder in the same way; nil when other processes hold it.
  init?(ifFree path: String, folders: [String], access: Access) throws {
    self.path = path
    lock = try Self.openLock(path, folders: folders)
    guard Self.take(lock, (access == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) else {
      close(lock)
      return nil
    }
    if access == .alone { removeLeftovers(in: folders) }
  }

  private static func openLock(_ path: String, folders: [String]) throws -> Int32 {
    try AtomicFile.makeFolder(path)
    for folder in folders { try AtomicFile.makeFolder("\(path)/\(folder)") }
    let lock = open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path),
        found: "a folder that cannot be written to (\(String(cString: strerror(errno))))",
        expected: "a place where this user may write")
    }
    return lock
  }

  private static func take(_ lock: Int32, _ how: Int32) -> Bool {
    while flock(lock, how) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }

  /// Removes temporary files that killed processes left.
  private func removeLeftovers(in folders: [String]) {
    for folder in [path] + (folders + ["figures", "histograms"]).map({ file($0) }) {
      TemporaryFile.removeLeftovers(in: folder)
    }
  }

  /// Throws an exit-73 error when the folder was removed or replaced in the meantime.
  package func checkPresence() throws {
    var (mine, there) = (stat(), stat())
    guard fstat(lock, &mine) == 0, stat("\(path)/.lock", &there) == 0, mine.st_ino == there.st_ino,
      mine.st_dev == there.st_dev
    else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a folder that was removed or replaced during the run",
        expected: "the folder to stay until the run ends; its results are lost")
    }
  }

  deinit { close(lock) }

  /// The folders whose files belong to NuTune alone.
  package static let folders = ["data", "models", "fits", "stages"]

  /// What a folder holds.
  enum Kind: Equatable {
    /// Nothing of a run.
    case new
    /// A run of a study.
    case run
    /// Pseudo-experiments of a coverage.
    case coverage
    /// An ensemble.
    case ensemble
    /// Variants of a study.
    case scan
    /// A file in one of ``folders`` that is not NuTune's.
    case foreign(file: String)
  }

  /// What the folder holds, by the files that say so.
  var kind: Kind {
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
    if has(CoverageRun.mark) { return .coverage }
    if has(EnsembleFolder.planFile) { return .ensemble }
    if has("study.json") { return .run }
    if has(ScanRecord.fileName) { return .scan }
    for folder in Self.folders {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []
      if let first = files.sorted().first { return .foreign(file: "\(folder)/\(first)") }
    }
    return .new
  }

  /// The first line of a run's log: the program, what it does, and where.
  package func heading(_ work: String) -> String { "nutune \(NuTuneVersion.current): \(work), in \(path)" }

  /// The last line of the log of a run whose results are kept and not all sound.
  package static let unconverged = "not everything converged; the results say what"

  /// Returns the path of a file in the folder.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Reads a JSON file of the folder and checks it.
  package func read<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
    try JSONFile.read(type, from: file(name), expected: "a file that this version wrote")
  }

  /// Reads a file that ``writeSealed(_:to:isCompact:)`` wrote; a content that was changed since is an exit-65 error.
  func readSealed<Value: Codable & Sendable>(_ type: Value.Type, from name: String) throws -> Value {
    try read(Sealed<Value>.self, from: name).value
  }

  /// Writes a value as JSON with the digest of its content (`seal`), atomically.
  func writeSealed(_ value: some Codable & Sendable, to name: String, isCompact: Bool = false) throws {
    try write(Sealed(value), to: name, isCompact: isCompact)
  }

  /// Writes a value as JSON, atomically.
  package func write(_ value: some Encodable, to name: String, isCompact: Bool = false) throws {
    try AtomicFile.write(try JSONFile.bytes(of: value, isCompact: isCompact), to: file(name))
  }
}
