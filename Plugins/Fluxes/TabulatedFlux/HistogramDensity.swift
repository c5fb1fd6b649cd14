/// A density that is constant in each bin of a table, like the published histogram.
struct HistogramDensity: BinnedDensity {
  /// Bin edges, strictly increasing, shape [bins + 1].
  let edges: [Double]
  /// Density of each bin, shape [bins].
  let means: [Double]

  /// Returns the density at x, at an edge the density of the bin above; zero outside the edges.
  func density(at x: Double) -> Double { bin(of: x).map { means[$0] } ?? 0 }

  /// Integrates the density.
  ///
  /// - Complexity: O(bins).
  func integral(from lower: Double, to upper: Double) -> Double {
    means.indices.reduce(0) { sum, bin in
      sum + means[bin] * max(min(upper, edges[bin + 1]) - max(lower, edges[bin]), 0)
    }
  }
}
