/// The density of true leptons along one axis, as far as it follows from the contents of true bins: in each bin the
/// parabola that has the contents of this bin and of its two neighbours.
///
/// Constant, linear and quadratic densities come out exactly, whatever the widths of the bins, and every bin keeps its
/// content. A density taken as flat in each bin would instead be spread by h²/6 (h the width of a bin), and narrowing the
/// detector's Gaussian to σ² − h²/6 in return (Sheppard's correction) moves events wherever the width changes: 0.06 σ times
/// the density across an edge with bins of 1.5 σ on one side and of 0.75 σ on the other.
///
/// A density in angle is odd about 0 and 180 degrees, dN/dθ = sinθ · dN/dcosθ; there the neighbour is the mirror image.
struct ParabolicDensity: Sendable {
  /// Edges of the bins, increasing, shape [bins + 1].
  let edges: [Double]
  /// Number of bins.
  var count: Int { edges.count - 1 }

  private let stencils: [Stencil]

  /// The bins whose contents make the density in one bin.
  private struct Stencil: Sendable {
    /// Bins with the sign of their contents, −1 for mirror images.
    var bins: [(bin: Int, sign: Double)]
    /// Edges of these bins, shape [bins + 1].
    var edges: [Double]
  }

  /// - Parameters:
  ///   - edges: of the bins, increasing.
  ///   - isOddAtStart: whether the density is odd about the first edge.
  ///   - isOddAtEnd: whether it is odd about the last edge.
  init(edges: [Double], isOddAtStart: Bool = false, isOddAtEnd: Bool = false) {
    self.edges = edges
    let last = edges.count - 1
    var bins = (0..<last).map { (bin: $0, sign: 1.0) }
    var all = edges
    if isOddAtStart {
      bins.insert((0, -1), at: 0)
      all.insert(2 * edges[0] - edges[1], at: 0)
    }
    if isOddAtEnd {
      bins.append((last - 1, -1))
      all.append(2 * edges[last] - edges[last - 1])
    }
    let size = min(3, bins.count)
    stencils = (0..<last).map { bin in
      let start = min(max(bin - (isOddAtStart ? 0 : 1), 0), bins.count - size)
      return Stencil(bins: Array(bins[start..<start + size]), edges: Array(all[start...start + size]))
    }
  }

  /// Calls `body` with the bins that make the density at `x` inside `bin`, and the density there for unit content of each.
  func forEachTerm(in bin: Int, at x: Double, _ body: (_ bin: Int, _ density: Double) -> Void) {
    // The cumulative is the cubic through the sums of contents at the edges; this is its derivative.
    let stencil = stencils[bin]
    var sum = 0.0
    for (index, term) in stencil.bins.enumerated().reversed() {
      sum += slope(of: index + 1, edges: stencil.edges, at: x)
      body(term.bin, term.sign * sum)
    }
  }

  /// Derivative at `x` of the polynomial that is one at edge `k` and zero at the others.
  private func slope(of k: Int, edges: [Double], at x: Double) -> Double {
    var sum = 0.0
    for m in edges.indices where m != k {
      var product = 1 / (edges[k] - edges[m])
      for l in edges.indices where l != k && l != m { product *= (x - edges[l]) / (edges[k] - edges[l]) }
      sum += product
    }
    return sum
  }
}
