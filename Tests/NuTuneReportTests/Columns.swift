import Testing

/// A CSV file without quoted cells, by columns.
struct Columns {
  var header: [String]
  var rows: [[String]]

  init(_ text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    header = lines[0].map(String.init)
    rows = lines.dropFirst().map { $0.map(String.init) }
  }

  /// The cells of a column.
  func texts(_ name: String) throws -> [String] {
    let column = try #require(header.firstIndex(of: name), "\(name) in \(header)")
    return rows.map { $0[column] }
  }

  /// The numbers of a column.
  func numbers(_ name: String) throws -> [Double] { try texts(name).map { try #require(Double($0)) } }
}
