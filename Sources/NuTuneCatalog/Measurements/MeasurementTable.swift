import NuTuneCore

/// A table of bins, values and errors in CSV.
struct MeasurementTable {
  /// Names of the columns in the order in which they are read: the ranges, value, error.
  let columns: [String]
  /// What the file calls them, in the same order.
  let headings: [String]
  /// What is added to both edges of each range: the mass of the lepton to its kinetic energy.
  let shifts: [Double]
  /// Whether the file may have other columns, and any order.
  let isSelection: Bool

  /// Ranges of the bins in each observable with values and errors, shape [bins] each.
  func read(_ file: String) throws -> (ranges: [[ClosedRange<Double>]], values: [Double], errors: [Double]) {
    var lines = try DelimitedFile(file, content: "a table of bins in CSV, \(headings.joined(separator: ","))").lines
    let header = lines.removeFirst()
    let found = header.fields.map(\.text)
    guard isSelection || found == columns else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header", found: found.joined(separator: ","),
        expected: columns.joined(separator: ","))
    }
    let places = try headings.map { heading in
      guard let place = found.firstIndex(of: heading) else {
        throw NuTuneError(
          .badData, at: header.location(of: 0), key: "columns", found: "no column “\(heading)”",
          expected: "one of \(found.joined(separator: ", "))", suggestion: Suggestion.nearest(to: heading, among: found)
        )
      }
      return place
    }
    let rows = try lines.map { line in
      try line.requireFields(found.count, because: "as in the header")
      let row = try places.indices.map { try line.number(places[$0], key: columns[$0]) }
      for (low, high) in shifts.indices.map({ (2 * $0, 2 * $0 + 1) }) where row[low] > row[high] {
        throw NuTuneError(
          .badData, at: line.location(of: places[high]), key: columns[high], found: "\(row[high]) below \(row[low])",
          expected: "low < high")
      }
      return row
    }
    return (
      rows.map { row in
        shifts.indices.map { (row[2 * $0] + shifts[$0])...(row[2 * $0 + 1] + shifts[$0]) }
      }, rows.map { $0[2 * shifts.count] }, rows.map { $0[2 * shifts.count + 1] }
    )
  }
}
