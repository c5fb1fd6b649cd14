import Foundation
import NuTuneCore

/// A text file of comma-separated fields that know their line and column. Blank lines and those that start with `#`
/// are left out.
struct CommaSeparatedFile {
  /// A line cut at its commas.
  struct Line {
    var file: String
    /// Counted from 1, left-out lines included.
    var number: Int
    /// Trimmed texts with the column where each starts, counted from 1.
    var fields: [(text: String, column: Int)]

    func location(of field: Int) -> SourceLocation {
      SourceLocation(file: file, line: number, column: fields[field].column)
    }

    /// The finite number in a field.
    func number(_ field: Int, key: String) throws -> Double {
      guard let value = Double(fields[field].text), value.isFinite else {
        throw NuTuneError(
          .badData, at: location(of: field), key: key, found: "“\(fields[field].text)”", expected: "a finite number")
      }
      return value
    }

    /// Refuses a line with another number of fields.
    func requireFields(_ count: Int, because reason: String) throws {
      guard fields.count == count else {
        throw NuTuneError(
          .badData, at: location(of: min(fields.count, count) - 1), found: "\(fields.count) columns",
          expected: "\(count), \(reason)")
      }
    }
  }

  /// Its lines in the order of the file; at least one.
  let lines: [Line]

  /// Reads a file.
  /// - Parameter content: what should be in it, for errors.
  init(_ file: String, content: String) throws {
    let location = SourceLocation(file: file)
    guard FileManager.default.fileExists(atPath: file) else {
      throw NuTuneError(
        .missingInput, at: location, found: "no such file", expected: content,
        suggestion: ConfigurationFile.nearestFile(to: file))
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw NuTuneError(.missingInput, at: location, found: "a file that cannot be read", expected: content)
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard let text = String(data: data.starts(with: mark) ? data.dropFirst(3) : data, encoding: .utf8) else {
      throw NuTuneError(.badData, at: location, found: "bytes that are not UTF-8 text", expected: content)
    }
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
      index, line in
      guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { return nil }
      var column = 1
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { field in
        let leading = field.prefix(while: \.isWhitespace).count
        defer { column += field.count + 1 }
        return (text: field.trimmingCharacters(in: .whitespaces), column: column + leading)
      }
      return Line(file: file, number: index + 1, fields: fields)
    }
    guard !lines.isEmpty else {
      throw NuTuneError(.badData, at: location, found: "an empty file", expected: content)
    }
  }
}
