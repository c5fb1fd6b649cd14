import Foundation
import NuTuneCore

/// Writes a file completely or not at all: temporary name, fsync, rename, fsync of the folder.
package enum AtomicFile {
  /// Writes bytes to `path`, replacing an existing file; a failure leaves the existing file and is an exit-73 error.
  package static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try refuseNothing(path)
    let buffer = Array(bytes)
    let temporary = TemporaryFile.begin(path)
    defer { TemporaryFile.end(temporary) }
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
    let folder = open(FilePath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Writes text.
  package static func write(_ text: String, to path: String) throws {
    try write(text.utf8, to: path)
  }

  /// Has `body` write a file under a temporary name, and moves it to `path` when it is complete.
  package static func write(to path: String, _ body: (_ temporary: String) throws -> Void) throws {
    try refuseNothing(path)
    let temporary = TemporaryFile.begin(path)
    defer { TemporaryFile.end(temporary) }
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
  package static func makeFolder(_ path: String) throws {
    try refuseNothing(path)
    func refuse(_ reason: String) -> NuTuneError {
      NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a folder that cannot be made (\(reason))",
        expected: "a place where this user may write")
    }
    guard path.utf8.count < PATH_MAX else { throw refuse("a path of \(path.utf8.count) bytes") }
    var missing: [String] = []
    var place = path
    while !FilePath.isFolder(place), place != "/", place != "." {
      missing.append(place)
      place = FilePath.folder(of: place)
    }
    for folder in missing.reversed() where mkdir(folder, 0o777) != 0 {
      let reason = String(cString: strerror(errno))
      guard FilePath.isFolder(folder) else { throw refuse(reason) }
    }
  }

  /// Throws for an empty path, which would mean the root, with everything below it.
  private static func refuseNothing(_ path: String) throws {
    guard !path.isEmpty else {
      throw NuTuneError(.usage, found: "an empty path", expected: "the name of a file or folder to write")
    }
  }

  /// Records the files of a folder that NuTune owns from now on, and removes those of the earlier record; files of the
  /// user stay.
  package static func own(_ names: [String], in folder: String) throws {
    let list = "\(folder)/.files"
    let earlier = FileManager.default.contents(atPath: list).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // The list may be foreign: remove files of this folder alone, no folders.
    for name in earlier.split(separator: "\n").map(String.init) where !names.contains(name) && !name.utf8.contains(0x2F)
    {
      unlink("\(folder)/\(name)")
    }
    try write(names.joined(separator: "\n"), to: list)
  }

  private static let ownEndings = [".json", ".safetensors", ".checkpoint"]

  /// Removes every file of NuTune's own folder except some: files of an earlier run, and temporary files of killed
  /// ones. Folders, and files with extensions that no run writes, stay.
  package static func keepOnly(_ names: some Sequence<String>, in folder: String) {
    let kept = Set(names)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where !kept.contains(name) && (TemporaryFile.isName(name) || ownEndings.contains { name.hasSuffix($0) }) {
      unlink("\(folder)/\(name)")
    }
  }
}
