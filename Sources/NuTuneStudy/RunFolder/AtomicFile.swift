import Foundation
import NuTuneCore

/// Writes a file whole or not at all: temporary name, fsync, rename, fsync of the folder.
public enum AtomicFile {
  /// Writes bytes to `path`, replacing what was there; a failure leaves what was there and is an exit-73 error.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let buffer = Array(bytes)
    let temporary = "\(path).tmp-\(getpid())"
    func refuse(_ what: String) -> NuTuneError {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      return NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "\(what) failed (\(reason))",
        expected: "a writable folder with room for \(buffer.count) bytes")
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refuse("open") }
    var offset = 0
    while offset < buffer.count {
      let written = buffer.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + offset, buffer.count - offset)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let error = refuse("write")
        close(descriptor)
        throw error
      }
      offset += written
    }
    guard fsync(descriptor) == 0 else {
      let error = refuse("fsync")
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw refuse("close") }
    guard rename(temporary, path) == 0 else { throw refuse("rename") }
    let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Writes text.
  public static func write(_ text: String, to path: String) throws {
    try write(text.utf8, to: path)
  }

  /// Lets somebody else write a file under a temporary name, and moves it to `path` when it is whole.
  public static func write(to path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let temporary = "\(path).tmp-\(getpid())"
    do {
      try body(temporary)
    } catch {
      unlink(temporary)
      if var error = error as? NuTuneError, error.location?.file == temporary {
        error.location = SourceLocation(file: path)
        throw error
      }
      throw error
    }
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
    let isSafe = descriptor >= 0 && fsync(descriptor) == 0
    if descriptor >= 0 { close(descriptor) }
    guard isSafe, rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "rename failed (\(reason))", expected: "a writable folder")
    }
  }

  /// Makes a folder with everything above it; a failure is an exit-73 error.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path),
        found: "a folder that cannot be made (\(NuTuneError.reason(of: error)))",
        expected: "a place where this user may write")
    }
  }

  /// Says which files of a folder are ours from now on, and removes those that were until now; files of the user stay.
  public static func own(_ names: [String], in folder: String) throws {
    let list = "\(folder)/.files"
    let earlier = FileManager.default.contents(atPath: list).map { String(decoding: $0, as: UTF8.self) } ?? ""
    for name in earlier.split(separator: "\n").map(String.init) where !names.contains(name) && !name.contains("/") {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try write(names.joined(separator: "\n"), to: list)
  }

  /// Removes every file of a folder of our own but some: what an earlier run left, and temporary files of killed ones.
  public static func keepOnly(_ names: some Sequence<String>, in folder: String) {
    let kept = Set(names)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !kept.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
