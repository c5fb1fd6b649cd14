/// A continuous, non-negative density whose integral over every bin of a table is that bin's content.
///
/// It is the derivative of Steffen's monotone cubic (A&A 239 (1990) 443) through the cumulative integral, a parabola in
/// each bin. The slopes of the cumulative are the tabulated densities themselves, so nothing is differenced and the
/// contents of a faint tail keep their digits next to a large peak.
struct BinExactDensity: BinnedDensity {
  /// Bin edges, strictly increasing, shape [bins + 1].
  let edges: [Double]
  /// Mean density of each bin, shape [bins].
  let means: [Double]
  /// Density at each edge, shape [bins + 1].
  let atEdges: [Double]

  /// - Parameters:
  ///   - edges: strictly increasing, shape [bins + 1].
  ///   - means: mean density of each bin, ≥ 0, shape [bins].
  init(edges: [Double], means: [Double]) {
    precondition(edges.count == means.count + 1 && !means.isEmpty)
    self.edges = edges
    self.means = means
    let widths = zip(edges, edges.dropFirst()).map { $1 - $0 }
    guard means.count > 1 else {
      atEdges = [means[0], means[0]]
      return
    }
    /// Returns the density at an end: the parabola through the two nearest bins, limited so that the cumulative stays
    /// monotone.
    func end(_ bin: Int, _ neighbour: Int) -> Double {
      let share = widths[bin] / (widths[bin] + widths[neighbour])
      return min(max(means[bin] * (1 + share) - means[neighbour] * share, 0), 2 * means[bin])
    }
    var densities = [end(0, 1)]
    for i in 1..<means.count {
      let parabola = (means[i - 1] * widths[i] + means[i] * widths[i - 1]) / (widths[i - 1] + widths[i])
      densities.append(2 * min(means[i - 1], means[i], parabola / 2))
    }
    atEdges = densities + [end(means.count - 1, means.count - 2)]
  }

  /// Computes the density at x; zero outside the edges.
  ///
  /// - Complexity: O(log bins).
  func density(at x: Double) -> Double {
    guard let bin = bin(of: x) else { return 0 }
    let t = (x - edges[bin]) / (edges[bin + 1] - edges[bin])
    let (left, right) = (atEdges[bin], atEdges[bin + 1])
    // 6t(1−t) s + (1−t)(1−3t) l + t(3t−2) r: rounding may leave −1e-17 of the largest where the true value is zero.
    return max(6 * t * (1 - t) * means[bin] + (1 - t) * (1 - 3 * t) * left + t * (3 * t - 2) * right, 0)
  }

  /// Integrates the density, exactly for the interpolation; the density is zero outside the edges.
  ///
  /// - Complexity: O(bins in the interval + log bins).
  func integral(from lower: Double, to upper: Double) -> Double {
    let low = max(lower, edges[0])
    let high = min(upper, edges[edges.count - 1])
    guard low < high, let first = bin(of: low), let last = bin(of: high) else { return 0 }
    func part(_ bin: Int, upTo x: Double) -> Double {
      let width = edges[bin + 1] - edges[bin]
      let t = (x - edges[bin]) / width
      let (left, right) = (atEdges[bin], atEdges[bin + 1])
      return width * t * (t * (3 - 2 * t) * means[bin] + (1 - t) * ((1 - t) * left - t * right))
    }
    if first == last { return part(first, upTo: high) - part(first, upTo: low) }
    var sum = content(first) - part(first, upTo: low)
    for bin in first + 1..<max(last, first + 1) { sum += content(bin) }
    return sum + part(last, upTo: high)
  }

  /// Computes the content of a bin: mean density times width.
  private func content(_ bin: Int) -> Double { means[bin] * (edges[bin + 1] - edges[bin]) }
}
