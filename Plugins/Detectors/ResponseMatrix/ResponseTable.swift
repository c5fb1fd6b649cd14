import Foundation
import NuTuneCore

/// A response in a file: CSV with the header `measured,true,probability`, one row for each pair of bins with a
/// probability other than zero. Lines that start with `#` are comments.
struct ResponseTable: Sendable {
  /// One row of the file.
  struct Entry: Sendable {
    var measured: Int
    var trueBin: Int
    var probability: Double
    /// Line in the file, counted from 1.
    var line: Int
    /// Column of each field, counted from 1.
    var columns: [Int]
  }

  /// Path of the file.
  let file: String
  /// The rows, in the order of the file.
  private(set) var entries: [Entry] = []

  private static let header = ["measured", "true", "probability"]
  /// Tolerance for sums of the probabilities of one true bin above one.
  private static let tolerance = 1e-9

  /// Reads a response, and checks everything that does not depend on the bins.
  init(file: String) throws {
    self.file = file
    var isHeaderRead = false
    for (index, text) in try Self.text(of: file).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      guard let first = text.first(where: { !$0.isWhitespace }), first != "#" else { continue }
      let fields = Self.fields(of: text)
      if isHeaderRead {
        entries.append(try entry(fields, line: index + 1))
      } else {
        try check(header: fields, line: index + 1)
        isHeaderRead = true
      }
    }
    guard !entries.isEmpty else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: isHeaderRead ? "a header without rows" : "an empty file",
        expected: "a header \(Self.header.joined(separator: ",")) and at least one row of numbers")
    }
    try checkPairs()
  }

  /// Checks that every row names bins that exist.
  func check(measured: Int, trueBins: Int) throws {
    for entry in entries {
      for (field, (bin, count)) in [(entry.measured, measured), (entry.trueBin, trueBins)].enumerated()
      where bin >= count {
        throw NuTuneError(
          .badData, at: location(entry, field), key: Self.header[field], found: "bin \(bin)",
          expected: "one of the \(count) \(Self.header[field]) bins, 0 to \(count - 1)")
      }
    }
  }

  private func entry(_ fields: [(text: String, column: Int)], line: Int) throws -> Entry {
    func place(_ field: Int) -> SourceLocation {
      SourceLocation(file: file, line: line, column: fields[field].column)
    }
    guard fields.count == Self.header.count else {
      throw NuTuneError(
        .badData, at: place(min(fields.count, Self.header.count) - 1),
        found: fields.count == 1 ? "1 column" : "\(fields.count) columns", expected: "3, as in the header")
    }
    let bins = try (0..<2).map { field in
      guard let bin = Int(fields[field].text), bin >= 0 else {
        throw NuTuneError(
          .badData, at: place(field), key: Self.header[field], found: "“\(fields[field].text)”",
          expected: "the number of a bin, counted from 0")
      }
      return bin
    }
    guard let probability = Double(fields[2].text), probability.isFinite, probability >= 0 else {
      throw NuTuneError(
        .badData, at: place(2), key: Self.header[2], found: "“\(fields[2].text)”", expected: "a finite number ≥ 0")
    }
    return Entry(
      measured: bins[0], trueBin: bins[1], probability: probability, line: line, columns: fields.map(\.column))
  }

  private func check(header fields: [(text: String, column: Int)], line: Int) throws {
    for (index, name) in Self.header.enumerated() where index >= fields.count || fields[index].text != name {
      let last = min(index, fields.count - 1)
      throw NuTuneError(
        .badData, at: SourceLocation(file: file, line: line, column: fields[last].column), key: "header",
        found: index < fields.count ? "“\(fields[index].text)”" : "\(fields.count) columns",
        expected: "the column \(name)")
    }
    guard fields.count == Self.header.count else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file, line: line, column: fields[3].column), key: "header",
        found: "the column “\(fields[3].text)”", expected: "only \(Self.header.joined(separator: ","))")
    }
  }

  /// Checks that every pair occurs once, and that the probabilities of each true bin sum to at most one.
  private func checkPairs() throws {
    struct Pair: Hashable {
      let measured: Int
      let trueBin: Int
    }
    var seen: [Pair: Int] = [:]
    var sums: [Int: Double] = [:]
    for entry in entries {
      if let line = seen.updateValue(entry.line, forKey: Pair(measured: entry.measured, trueBin: entry.trueBin)) {
        throw NuTuneError(
          .badData, at: location(entry, 0), key: "measured,true",
          found: "the pair \(entry.measured),\(entry.trueBin) a second time, after line \(line)", expected: "it once")
      }
      let sum = sums[entry.trueBin, default: 0] + entry.probability
      sums[entry.trueBin] = sum
      guard sum <= 1 + Self.tolerance else {
        throw NuTuneError(
          .badData, at: location(entry, 2), key: "probability",
          found: "probabilities of true bin \(entry.trueBin) that sum to \(sum) up to here", expected: "at most 1")
      }
    }
  }

  private func location(_ entry: Entry, _ field: Int) -> SourceLocation {
    SourceLocation(file: file, line: entry.line, column: entry.columns[field])
  }

  private static func text(of file: String) throws -> String {
    let location = SourceLocation(file: file)
    let expected = "a response matrix in CSV"
    guard FileManager.default.fileExists(atPath: file) else {
      throw NuTuneError(.missingInput, at: location, found: "no such file", expected: expected)
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw NuTuneError(.missingInput, at: location, found: "a file that cannot be read", expected: expected)
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard let text = String(data: data.starts(with: mark) ? data.dropFirst(3) : data, encoding: .utf8) else {
      throw NuTuneError(.badData, at: location, found: "bytes that are not UTF-8 text", expected: expected)
    }
    return text
  }

  /// Returns trimmed texts with the start column of each, counted from 1.
  private static func fields(of line: Substring) -> [(text: String, column: Int)] {
    var column = 1
    return line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      let leading = field.prefix(while: \.isWhitespace).count
      defer { column += field.count + 1 }
      return (text: field.trimmingCharacters(in: .whitespaces), column: column + leading)
    }
  }
}
