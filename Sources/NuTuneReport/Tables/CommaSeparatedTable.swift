import NuTuneCore

/// A table as comma-separated values (RFC 4180): a header row with units, then numbers that read back exactly.
struct CommaSeparatedTable: Sendable {
  /// File name without extension.
  var name: String
  /// Column titles, units in brackets.
  var header: [String]
  /// Rows of cells, each as long as the header, quoted where they need it.
  private var rows: [[String]] = []

  /// Creates an empty table.
  init(name: String, header: [String]) {
    self.name = name
    self.header = header
  }

  /// Returns the titles of the two columns with the range of an observable.
  static func range(_ observable: Observable) -> [String] {
    let unit = observable.unit.isEmpty ? "" : " [\(observable.unit)]"
    return ["\(observable.rawValue)_low\(unit)", "\(observable.rawValue)_high\(unit)"]
  }

  /// Adds a row of texts, then numbers; a missing number leaves its cell empty.
  mutating func append(_ texts: [String] = [], _ numbers: [Double?]) {
    precondition(texts.count + numbers.count == header.count)
    rows.append(texts.map(Self.quoted) + numbers.map { $0.map { "\($0)" } ?? "" })
  }

  /// The file's text.
  var text: String {
    ([header.map(Self.quoted)] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
