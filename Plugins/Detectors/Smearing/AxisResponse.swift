import NuTuneNumerics

/// Probabilities along one axis: from the contents of true bins to measured bins.
///
/// Probabilities for a flat density in each true bin would broaden a Gaussian of width σ to about σ² + h²/6, h the
/// width of a bin. They are replaced by the nearest probabilities that are exact for densities up to cubics, see
/// `MomentMatching`.
struct AxisResponse: Sendable {
  /// For each true bin, the measured bins to which it contributes; probabilities > 0 that sum to at most the
  /// efficiency.
  let columns: [[(bin: Int, probability: Double)]]

  /// Probabilities below this are left out.
  static let smallest = 1e-12

  /// A true value around which some weights change, and the distance over which they change.
  struct Turn {
    /// The true value.
    var center: Double
    /// Standard deviation; 0 for a step.
    var width: Double
  }

  /// Integrates the probabilities of one true value over the true bins.
  ///
  /// - Parameters:
  ///   - edges: edges of the true bins, increasing.
  ///   - turns: for each measured edge the true value that is measured there, shape [measured bins + 1], and the
  ///     efficiency's threshold, if the efficiency depends on the true value.
  ///   - plateau: largest efficiency.
  ///   - breakpoints: true values between which `below` is smooth on the scale of their distance.
  ///   - below: for a true value, of the leptons found on the plateau, the share measured below each measured edge, and
  ///     last the share found at all, shape [measured bins + 2].
  init(
    edges: [Double], turns: [Turn], measuredBins: Int, plateau: Double = 1, breakpoints: [Double],
    below: (Double, inout [Double]) -> Void
  ) throws {
    let rule = try GaussLegendre(points: 6).rule(on: 0...1)
    let sorted = breakpoints.sorted()
    // The last edge is between leptons that are found and others; it has no position when all are found.
    let hasThreshold = turns.count > measuredBins + 1
    var matching = MomentMatching(
      turns: hasThreshold ? turns : turns + [Turn(center: edges[0], width: 0)], trueEdges: edges)
    let nothing = matching.edges.map { _ in [Double](repeating: 0, count: MomentMatching.orders) }
    var cumulative = [Double](repeating: 0, count: nothing.count)
    for (low, high) in zip(edges, edges.dropFirst()) {
      var integrals = nothing
      let knots = [low] + sorted.filter { low < $0 && $0 < high } + [high]
      for (left, right) in zip(knots, knots.dropFirst()) {
        for (node, ruleWeight) in zip(rule.nodes, rule.weights) {
          let x = left + (right - left) * node
          let weight = ruleWeight * (right - left)
          below(x, &cumulative)
          for edge in cumulative.indices where cumulative[edge] != 0 {
            matching.edges[edge].add(weight * cumulative[edge], at: x, to: &integrals[edge])
          }
        }
      }
      matching.append(from: low, to: high, integrals: integrals)
    }
    columns = zip(matching.bins, matching.probabilities()).map { bin, probabilities in
      probabilities.enumerated().compactMap { step, probability in
        let measured = bin.first + step - 1
        guard measured >= 0, measured < measuredBins, probability * plateau > Self.smallest else { return nil }
        return (bin: measured, probability: probability * plateau)
      }
    }
  }
}
