extension CrossSectionTable {
  /// Returns the table with every second energy, lepton energy and cosine, the first and the last of each kept; the
  /// difference to the full table measures the interpolation error.
  ///
  /// Points must be sorted by energy, lepton energy and cosine, like a table that is read.
  package func halved() -> CrossSectionTable {
    var half = CrossSectionTable(labels: labels)
    half.file = file
    for block in Self.half(of: Self.runs(in: energy, 0..<count)) {
      for row in Self.half(of: Self.runs(in: leptonEnergy, block)) {
        for point in Self.half(of: row.map { $0..<$0 + 1 }).map(\.lowerBound) {
          half.append(
            energy: energy[point], leptonEnergy: leptonEnergy[point], cosTheta: cosTheta[point], value: values[point])
        }
      }
    }
    return half
  }

  /// Returns the ranges of equal neighbours.
  private static func runs(in column: [Double], _ range: Range<Int>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = range.lowerBound
    for point in range where point + 1 == range.upperBound || column[point + 1] != column[point] {
      runs.append(start..<point + 1)
      start = point + 1
    }
    return runs
  }

  /// Returns every second element, and the last.
  private static func half<Element>(of elements: [Element]) -> [Element] {
    elements.indices.filter { $0 % 2 == 0 || $0 == elements.count - 1 }.map { elements[$0] }
  }
}
