/// A density whose integral over every bin of a table is that bin's content.
protocol BinnedDensity: Sendable {
  /// Bin edges, strictly increasing, shape [bins + 1].
  var edges: [Double] { get }
  /// Computes the density at x; zero outside the edges.
  func density(at x: Double) -> Double
  /// Integrates the density, which is zero outside the edges.
  func integral(from lower: Double, to upper: Double) -> Double
}

extension BinnedDensity {
  /// Finds the bin that contains x; the last one contains the last edge.
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
