import NuTuneCore

/// A table of bins, values and errors in CSV.
struct MeasurementTable {
  /// Names of the columns in the order in which they are read: the two ranges, value, error.
  let columns: [String]
  /// What the file calls them, in the same order.
  let headings: [String]
  /// What is added to both edges of each range: the mass of the lepton to its kinetic energy.
  let shifts: [Double]
  /// Whether the file may have other columns, and any order.
  let isSelection: Bool

  /// Bins with values and errors, shape [bins] each.
  func read(_ file: String) throws -> (bins: [CrossSectionMeasurement.Bin], values: [Double], errors: [Double]) {
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
      for (low, high) in [(0, 1), (2, 3)] where row[low] > row[high] {
        throw NuTuneError(
          .badData, at: line.location(of: places[high]), key: columns[high], found: "\(row[high]) below \(row[low])",
          expected: "low < high")
      }
      return row
    }
    return (
      rows.map { row in
        CrossSectionMeasurement.Bin(
          first: (row[0] + shifts[0])...(row[1] + shifts[0]), second: (row[2] + shifts[1])...(row[3] + shifts[1]))
      }, rows.map { $0[4] }, rows.map { $0[5] }
    )
  }
}
