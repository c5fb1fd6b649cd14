import Foundation

/// A text file cut into fields that know their line and column. Blank lines and comments are left out.
public struct DelimitedFile: Sendable {
  /// The characters between two fields.
  public enum Separator: Sendable {
    /// One comma; a field may be empty.
    case comma
    /// Any run of blanks, commas and brackets, so that `0  [0,0.05]  9.7e9` has four fields.
    case blank
    /// Any run of blanks, commas, brackets and bars, and a dash between two numbers, so that `0 | 0.6 - 0.7 | 9.7e-9`
    /// has four fields.
    case range
  }

  /// A line cut at its separators.
  public struct Line: Sendable {
    /// Path of the file.
    public var file: String
    /// Line number, counted from 1 and including lines that were left out.
    public var number: Int
    /// Trimmed texts with the start column of each, counted from 1.
    public var fields: [(text: String, column: Int)]

    /// Position of a field in the file.
    public func location(of field: Int) -> SourceLocation {
      SourceLocation(file: file, line: number, column: fields[field].column)
    }

    /// Returns the finite number in a field.
    public func number(_ field: Int, key: String) throws -> Double {
      guard let value = Double(fields[field].text), value.isFinite else {
        throw NuTuneError(
          .badData, at: location(of: field), key: key, found: "“\(fields[field].text)”", expected: "a finite number")
      }
      return value
    }

    /// Throws unless the line has `count` fields.
    public func requireFields(_ count: Int, because reason: String) throws {
      guard fields.count == count else {
        throw NuTuneError(
          .badData, at: location(of: min(fields.count, count) - 1), found: "\(fields.count) columns",
          expected: "\(count), \(reason)")
      }
    }
  }

  /// The lines in the order of the file; at least one.
  public let lines: [Line]

  /// Reads a file. A missing file is an error of the category `missingInput`.
  /// - Parameters:
  ///   - file: its path.
  ///   - content: description of the expected content, for errors.
  ///   - separator: the characters between two fields.
  ///   - comments: markers of comment lines; a line that begins with one of them, blanks aside, is left out.
  public init(
    _ file: String, content: String, separator: Separator = .comma, comments: [Character] = ["#"]
  ) throws {
    let location = SourceLocation(file: file)
    guard FileManager.default.fileExists(atPath: file) else {
      throw NuTuneError(
        .missingInput, at: location, found: "no such file", expected: content,
        suggestion: Suggestion.nearestFile(to: file))
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
      guard let first = line.first(where: { !$0.isWhitespace }), !comments.contains(first) else { return nil }
      let fields =
        switch separator {
        case .comma: Self.cutAtCommas(line)
        case .blank: Self.cutAtBlanks(line)
        case .range: RangeFields.cut(line)
        }
      return fields.isEmpty ? nil : Line(file: file, number: index + 1, fields: fields)
    }
    guard !lines.isEmpty else {
      throw NuTuneError(.badData, at: location, found: "an empty file", expected: content)
    }
  }

  private static func cutAtCommas(_ line: Substring) -> [(text: String, column: Int)] {
    var column = 1
    return line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      let leading = field.prefix(while: \.isWhitespace).count
      defer { column += field.count + 1 }
      return (text: field.trimmingCharacters(in: .whitespaces), column: column + leading)
    }
  }

  private static func cutAtBlanks(_ line: Substring) -> [(text: String, column: Int)] {
    line.split { $0.isWhitespace || "[](),".contains($0) }.map { field in
      (text: String(field), column: line.distance(from: line.startIndex, to: field.startIndex) + 1)
    }
  }
}
