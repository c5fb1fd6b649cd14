import Foundation
import NuTuneCore
import NuTuneFiles

/// The lines of a text file one after the other, of a file compressed by gzip as well.
final class LineStream {
  private let path: String
  private var stream: UnsafeMutablePointer<FILE>?
  private let isCompressed: Bool
  private var buffer: UnsafeMutablePointer<CChar>?
  private var capacity = 0
  /// Number of the last line, from 1.
  private(set) var number = 0

  /// Opens a file.
  init(_ path: String, content: String) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path), !FilePath.isFolder(path) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path),
        found: FilePath.isFolder(path) ? "a folder" : "no such file", expected: content,
        suggestion: Suggestion.nearestFile(to: path))
    }
    let start = fopen(path, "re")
    isCompressed = start.map { getc($0) == 0x1F && getc($0) == 0x8B } ?? false
    if let start { fclose(start) }
    // gzip as a process: a broken file cannot do more than end it.
    stream = isCompressed ? popen("gzip -dc < \(ShellWord.quoted(path)) 2>/dev/null", "r") : fopen(path, "re")
    guard stream != nil else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path), found: "a file that cannot be read", expected: content)
    }
  }

  deinit {
    _ = end()
    free(buffer)
  }

  /// The place of the last line.
  var location: SourceLocation { SourceLocation(file: path, line: number) }

  /// Calls `body` with the bytes of the next line, without its end and followed by a zero; nil after the last one.
  func next<Result>(_ body: (UnsafeBufferPointer<CChar>) throws -> Result) throws -> Result? {
    guard let stream else { return nil }
    var count = getline(&buffer, &capacity, stream)
    guard count >= 0, let buffer else {
      if !end() {
        throw NuTuneError(
          .badData, at: SourceLocation(file: path), found: "compressed data that gzip cannot read to their end",
          expected: "a whole file")
      }
      return nil
    }
    number += 1
    while count > 0, buffer[count - 1] == 0x0A || buffer[count - 1] == 0x0D { count -= 1 }
    buffer[count] = 0
    return try body(UnsafeBufferPointer(start: buffer, count: count))
  }

  /// Closes the file; whether all of it could be read.
  private func end() -> Bool {
    guard let open = stream else { return true }
    stream = nil
    let isWhole = ferror(open) == 0
    return isCompressed ? pclose(open) == 0 && isWhole : fclose(open) == 0 && isWhole
  }
}
