/// Probabilities that are exact for densities up to cubics, and otherwise as close as possible to the probabilities for
/// flat densities.
///
/// A lepton of true bin t has one of several outcomes r, in order: below the first measured edge, in the measured bins,
/// above the last edge, not found. With a flat density in the bin their probabilities are Q. They are replaced by
///
///     R_r(t) = Q_r(t) exp(Σ_{e ≥ r} φ_e(t)) / Σ_r′ …,   φ_e(t) = Σ_k λ_ek z̄ᵏ(t),   k = 0, 1, 2, 3,
///
/// with z̄ᵏ the mean over the bin of powers of z = (x − c_e)/s_e. They are positive and sum to one for any λ. The λ are
/// chosen so that the densities 1, x, x² and x³ give the right result below each edge e: R has the smallest relative
/// entropy to Q among all that do. That is the minimum of a convex function, found by Newton's method. If true bins are
/// too coarse for a moment, that moment is dropped at that edge.
struct MomentMatching {
  /// Number of moments.
  static let orders = 4
  /// Outcomes of a flat density at either end with a smaller probability are dropped.
  static let smallest = 1e-6

  /// A measured edge and its moments.
  struct Edge {
    /// Origin of z.
    var center: Double
    /// Unit of z, and the content that counts as one when moments are compared.
    var unit: Double
    /// ∫ zᵏ P(below the edge) over the bins that have outcomes on both sides of it, less the parts dropped elsewhere,
    /// shape [orders].
    var moments = [Double](repeating: 0, count: MomentMatching.orders)
  }

  /// The possible outcomes of one true bin.
  struct Bin {
    /// Width of the bin.
    var width: Double
    /// First outcome of `probabilities`.
    var first: Int
    /// Q, positive, sum 1, shape [outcomes from `first` on].
    var probabilities: [Double]
    /// z̄ᵏ for each edge between these outcomes, shape [outcomes − 1][orders].
    var powers: [[Double]]
  }

  private(set) var edges: [Edge]
  private(set) var bins: [Bin] = []

  /// - Parameters:
  ///   - turns: the measured edges, and last the threshold of the efficiency.
  ///   - trueEdges: edges of the true bins that will be added, increasing.
  init(turns: [AxisResponse.Turn], trueEdges: [Double]) {
    let range = trueEdges[trueEdges.count - 1] - trueEdges[0]
    // A centre may be an edge: rounding must not decide which of its two bins counts.
    let slack = 1e-9 * range
    edges = turns.map { turn in
      var unit = turn.width
      for (low, high) in zip(trueEdges, trueEdges.dropFirst())
      where low - slack <= turn.center && turn.center <= high + slack { unit = max(unit, high - low) }
      return Edge(center: turn.center, unit: unit > 0 ? unit : range)
    }
  }

  /// Adds a true bin.
  ///
  /// - Parameter integrals: integrals of zᵏ P(below the edge) over the bin, shape [edges][orders].
  mutating func append(from low: Double, to high: Double, integrals: [[Double]]) {
    let width = high - low
    let shares = (0...edges.count).map { outcome in
      let below = outcome < edges.count ? integrals[outcome][0] : width
      return (below - (outcome > 0 ? integrals[outcome - 1][0] : 0)) / width
    }
    let possible = shares.indices.filter { shares[$0] > Self.smallest }
    let (first, last) = (possible.first ?? 0, possible.last ?? edges.count)
    // All outcomes between possible ones are possible, with however small a probability: rounding may take them below
    // zero.
    let chances = shares[first...last].map { max($0, 1e-300) }
    let sum = chances.reduce(0, +)
    var powers: [[Double]] = []
    for index in edges.indices {
      let means = edges[index].means(from: low, to: high)
      if first <= index && index < last { powers.append(means) }
      // Outcomes that are dropped in this bin are made up for by the other bins of the edge.
      let surely = index >= last ? width : 0
      guard integrals[index][0] != surely else { continue }
      for k in means.indices { edges[index].moments[k] += integrals[index][k] - surely * means[k] }
    }
    bins.append(Bin(width: width, first: first, probabilities: chances.map { $0 / sum }, powers: powers))
  }
}

extension MomentMatching.Edge {
  /// Computes means of zᵏ over a bin, shape [orders].
  fileprivate func means(from low: Double, to high: Double) -> [Double] {
    let (a, b) = ((low - center) / unit, (high - center) / unit)
    return [1, (a + b) / 2, (a * a + a * b + b * b) / 3, (a + b) * (a * a + b * b) / 4]
  }

  /// Adds zᵏ at x times a weight to sums, shape [orders].
  func add(_ weight: Double, at x: Double, to sums: inout [Double]) {
    let z = (x - center) / unit
    var term = weight
    for k in sums.indices {
      sums[k] += term
      term *= z
    }
  }
}
