import NuTuneNumerics

/// Probabilities along one axis: from the contents of true bins to measured bins.
///
/// For each measured edge, the weights of the true bins in the number of leptons measured below it follow from the parabolic
/// density. They may leave the range from zero to what is found by a few per cent; the nearest ones within it that serve
/// parabolic densities alike take their place, edge by edge and never below those of the edge before. Differences of
/// neighbouring edges are therefore probabilities.
struct AxisResponse: Sendable {
  /// By true bin, the measured bins it feeds; probabilities ≥ 0 that sum to at most what is found.
  let columns: [[(bin: Int, probability: Double)]]

  /// Probabilities below this are left out.
  static let smallest = 1e-12

  /// A value of the true quantity around which some weights change, and over what distance they do.
  struct Turn {
    /// Where.
    var center: Double
    /// Standard deviation; 0 for a step.
    var width: Double
  }

  /// Integrates what happens to leptons of one true value over the densities in the true bins.
  ///
  /// - Parameters:
  ///   - density: in the true bins.
  ///   - turns: for each measured edge the true value that is measured there, shape [measured bins + 1].
  ///   - found: where leptons begin to be found; nil when that does not depend on the true value.
  ///   - plateau: largest share that is found.
  ///   - breakpoints: true values between which `below` is smooth on the scale of their distance.
  ///   - below: for a true value, the probability to be measured below each measured edge, and last that to be found at
  ///     all, shape [measured bins + 2].
  init(
    density: ParabolicDensity, turns: [Turn], found: Turn? = nil, plateau: Double = 1, breakpoints: [Double],
    below: (Double, inout [Double]) -> Void
  ) throws {
    let rule = try GaussLegendre(points: 6).rule(on: 0...1)
    let sorted = breakpoints.sorted()
    var weights = [[Double]](repeating: [Double](repeating: 0, count: density.count), count: turns.count + 1)
    var cumulative = [Double](repeating: 0, count: turns.count + 1)
    for bin in 0..<density.count {
      let (low, high) = (density.edges[bin], density.edges[bin + 1])
      let knots = [low] + sorted.filter { low < $0 && $0 < high } + [high]
      for (left, right) in zip(knots, knots.dropFirst()) {
        for (node, ruleWeight) in zip(rule.nodes, rule.weights) {
          let x = left + (right - left) * node
          let weight = ruleWeight * (right - left)
          below(x, &cumulative)
          density.forEachTerm(in: bin, at: x) { source, term in
            for edge in cumulative.indices where cumulative[edge] != 0 {
              weights[edge][source] += weight * term * cumulative[edge]
            }
          }
        }
      }
    }

    func bounded(_ weights: [Double], _ turn: Turn, from lower: [Double], to upper: [Double]) -> [Double] {
      let bounded = BoundedWeights(edges: density.edges, center: turn.center, scale: turn.width)
      return bounded(weights, lower: lower, upper: upper)
    }
    let nothing = [Double](repeating: 0, count: density.count)
    let plateaus = [Double](repeating: plateau, count: density.count)
    let most = found.map { bounded(weights[turns.count], $0, from: nothing, to: plateaus) } ?? plateaus
    var edges: [[Double]] = []
    for (edge, turn) in turns.enumerated() {
      edges.append(bounded(weights[edge], turn, from: edges.last ?? nothing, to: most))
    }
    columns = (0..<density.count).map { source in
      (1..<turns.count).compactMap { edge in
        let probability = edges[edge][source] - edges[edge - 1][source]
        return probability > Self.smallest ? (bin: edge - 1, probability: probability) : nil
      }
    }
  }
}
