import Foundation

/// The lines of a text file above its numbers.
enum FileHeader {
  /// Longest header that is read.
  private static let longest = 1 << 14

  /// Returns the text above a line, comments included; empty if it cannot be read.
  static func text(of file: String, above line: Int) -> String {
    guard line > 1, let handle = FileHandle(forReadingAtPath: file) else { return "" }
    defer { try? handle.close() }
    let start = String(decoding: (try? handle.read(upToCount: longest)) ?? Data(), as: UTF8.self)
    return start.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).prefix(line - 1)
      .joined(separator: "\n")
  }
}
