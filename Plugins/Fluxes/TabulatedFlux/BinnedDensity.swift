/// A density whose integral over every bin of a table is that bin's content.
protocol BinnedDensity: Sendable {
  /// Bin edges, strictly increasing, shape [bins + 1].
  var edges: [Double] { get }
  /// Density at x; zero outside the edges.
  func density(at x: Double) -> Double
  /// Integral of the density; what lies outside the edges adds nothing.
  func integral(from lower: Double, to upper: Double) -> Double
}

extension BinnedDensity {
  /// The bin that holds x; the last one holds the last edge.
  ///
  /// - Complexity: O(log bins).
  func bin(of x: Double) -> Int? {
    guard x >= edges[0], x <= edges[edges.count - 1] else { return nil }
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x < edges[middle] { high = middle } else { low = middle }
    }
    return low
  }
}
