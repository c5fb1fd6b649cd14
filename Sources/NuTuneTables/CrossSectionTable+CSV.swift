import Foundation
import NuTuneCore

extension CrossSectionTable {
  static func bytes(of file: String) throws -> Data {
    let location = SourceLocation(file: file)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else {
      throw NuTuneError(
        .missingInput, at: location, found: isFolder.boolValue ? "a folder" : "no such file",
        expected: "a table of cross sections in CSV or HDF5")
    }
    do {
      return try Data(contentsOf: FilePath.url(of: file), options: .alwaysMapped)
    } catch {
      throw NuTuneError(
        .missingInput, at: location, found: "a file that cannot be read",
        expected: "a table of cross sections in CSV or HDF5")
    }
  }

  /// Reads CSV; columns may stand in any order, additional ones are an error.
  init(csv bytes: Data, file: String) throws {
    self.init()
    self.file = file
    var order: [Int]?
    var line: Int32 = 0
    var fields = [Double](repeating: 0, count: 4)
    try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
      var start = 0
      while start < raw.count {
        var end = start
        while end < raw.count, raw[end] != 0x0A { end += 1 }
        defer { start = end + 1 }
        line += 1
        let text = UnsafeRawBufferPointer(rebasing: raw[start..<end])
        guard let first = text.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
        if first == 0x23 {
          readLabel(String(decoding: text, as: UTF8.self))
        } else if let order {
          try readRow(text, order, line, &fields)
        } else {
          order = try Self.order(of: String(decoding: text, as: UTF8.self), SourceLocation(file: file, line: Int(line)))
        }
      }
    }
    guard order != nil, count > 0 else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: order == nil ? "no header" : "a header without rows",
        expected: "a header \(Self.columns.joined(separator: ",")) and rows of numbers")
    }
  }

  /// Stores `# key: value` as a label.
  private mutating func readLabel(_ line: String) {
    let text = line.drop { $0 == " " || $0 == "\t" || $0 == "#" }
    guard let colon = text.firstIndex(of: ":") else { return }
    let key = text[..<colon].trimmingCharacters(in: .whitespaces)
    labels[key] = text[text.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Returns the column of every field of a row.
  private static func order(of header: String, _ location: SourceLocation) throws -> [Int] {
    let names = header.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: "\u{FEFF}")))
    }
    for column in columns where !names.contains(column) {
      throw NuTuneError(
        .badData, at: location, key: "header", found: "no column \(column)",
        expected: "the columns \(columns.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: column, among: names.filter { !columns.contains($0) }))
    }
    return try names.enumerated().map { index, name in
      guard let column = columns.firstIndex(of: name), !names[..<index].contains(name) else {
        throw NuTuneError(
          .badData, at: location, key: "header",
          found: names[..<index].contains(name) ? "the column “\(name)” twice" : "the column “\(name)”",
          expected: "the columns \(columns.joined(separator: ", ")) and no other")
      }
      return column
    }
  }

  private mutating func readRow(
    _ text: UnsafeRawBufferPointer, _ order: [Int], _ line: Int32, _ fields: inout [Double]
  ) throws {
    var field = 0
    var start = 0
    while start <= text.count {
      var end = start
      while end < text.count, text[end] != 0x2C { end += 1 }
      if field < order.count {
        let slice = UnsafeRawBufferPointer(rebasing: text[start..<end])
        guard let value = Self.number(slice), value.isFinite else {
          throw NuTuneError(
            .badData, at: SourceLocation(file: file, line: Int(line), column: start + 1),
            key: Self.columns[order[field]],
            found: "“\(String(decoding: slice, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))”",
            expected: "a finite number")
        }
        fields[order[field]] = value
      }
      field += 1
      start = end + 1
    }
    guard field == order.count else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file, line: Int(line)), found: "\(field) columns",
        expected: "\(order.count), as in the header")
    }
    append(energy: fields[0], leptonEnergy: fields[1], cosTheta: fields[2], value: fields[3])
    lines.append(line)
  }

  /// Reads a number that fills a field except for blanks.
  private static func number(_ text: UnsafeRawBufferPointer) -> Double? {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var low = 0
    var high = text.count
    while low < high, isBlank(text[low]) { low += 1 }
    while low < high, isBlank(text[high - 1]) { high -= 1 }
    guard low < high, high - low < 64 else { return nil }
    return Double(Substring(decoding: UnsafeRawBufferPointer(rebasing: text[low..<high]), as: UTF8.self))
  }

  /// Writes the table as CSV with ten digits, accurate to 10⁻¹⁰ of every number.
  package var csv: String {
    var text = labels.sorted { $0.key < $1.key }.map { "# \($0.key): \($0.value)\n" }.joined()
    text += Self.columns.joined(separator: ",") + "\n"
    text.reserveCapacity(text.utf8.count + 48 * count)
    func digits(_ value: Double) -> String { String(format: "%.10g", value) }
    var last = (energy: Double.nan, leptonEnergy: Double.nan, text: "")
    for point in 0..<count {
      if energy[point] != last.energy || leptonEnergy[point] != last.leptonEnergy {
        last = (energy[point], leptonEnergy[point], "\(digits(energy[point])),\(digits(leptonEnergy[point])),")
      }
      text += last.text
      text += digits(cosTheta[point])
      text += ","
      text += digits(values[point])
      text += "\n"
    }
    return text
  }
}
