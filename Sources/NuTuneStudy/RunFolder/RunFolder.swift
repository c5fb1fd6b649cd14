import Foundation
import NuTuneCore

/// The folder of one run, held by one process at a time; that of an ensemble by all who compute its members.
///
///     study.json            the effective study
///     results.json          the answer
///     predictions.json      the distributions behind the figures
///     structure_functions.json  true and learned structure functions over x and Q²
///     data/                 what was simulated or loaded
///     models/               tuned models: weights (safetensors) and a card (JSON)
///     fits/                 oscillation fits
///     stages/               which stage made what from which inputs; checkpoints of unfinished ones
///     run.log               what was said
public final class RunFolder: Sendable {
  /// Path of the folder.
  public let path: String
  private let lock: Int32

  /// Who may work in the folder at a time.
  public enum Access: Sendable {
    /// This process alone.
    case alone
    /// Others who share it, too; they keep out of each other's way by claims.
    case shared
  }

  /// Opens or makes the folder and takes its lock, which the system gives back when the process ends in any way.
  ///
  /// A folder that cannot be written to, or that another process works in, is an exit-73 error.
  /// - Parameter folders: folders to make in it.
  public init(path: String, folders: [String] = RunFolder.folders, access: Access = .alone) throws {
    self.path = path
    try AtomicFile.makeFolder(path)
    for folder in folders { try AtomicFile.makeFolder("\(path)/\(folder)") }
    lock = open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path),
        found: "a folder that cannot be written to (\(String(cString: strerror(errno))))",
        expected: "a place where this user may write")
    }
    guard flock(lock, (access == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
      close(lock)
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "another run at work in this folder",
        expected: "a folder of its own (--out), or the end of the other run")
    }
  }

  deinit { close(lock) }

  /// The folders whose files are ours alone.
  public static let folders = ["data", "models", "fits", "stages"]

  /// A file in one of ``folders``, which without a `study.json` is somebody else's.
  var foreignFile: String? {
    for folder in Self.folders {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []
      if let first = files.sorted().first { return "\(folder)/\(first)" }
    }
    return nil
  }

  /// A file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Reads a JSON file of the folder.
  public func read<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
    guard let data = FileManager.default.contents(atPath: file(name)) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: file(name)), found: "no such file", expected: "a file of a finished run"
      )
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      throw problems.errors[0].located(at: SourceLocation(file: file(name)))
    }
  }

  /// The bytes of a value as JSON: sorted keys, every digit of a number. A number that is not finite is an error.
  ///
  /// - Parameter isCompact: on one line, for files that there are many of.
  public static func json(_ value: some Encodable, isCompact: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !isCompact { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return try encoder.encode(value)
    } catch {
      throw NuTuneError(
        .runtime, found: "a result that cannot be written as JSON, because a number in it is not finite",
        expected: "finite numbers")
    }
  }

  /// Writes a value as JSON, atomically.
  public func write(_ value: some Encodable, to name: String, isCompact: Bool = false) throws {
    try AtomicFile.write(try Self.json(value, isCompact: isCompact), to: file(name))
  }
}
