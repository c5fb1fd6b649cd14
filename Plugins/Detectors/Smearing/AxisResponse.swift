import NuTuneNumerics

/// Probabilities along one axis: from the contents of true bins to measured bins.
struct AxisResponse: Sendable {
  /// By true bin, the measured bins it feeds.
  let columns: [[(bin: Int, probability: Double)]]

  /// Probabilities below this are left out.
  static let smallest = 1e-12

  /// Integrates what happens to leptons of one true value over the densities in the true bins.
  ///
  /// - Parameters:
  ///   - density: in the true bins.
  ///   - measuredCount: number of measured bins.
  ///   - breakpoints: true values between which `below` is smooth on the scale of their distance.
  ///   - below: for a true value, the probability to be measured below each measured edge, shape [measured bins + 1].
  init(
    density: ParabolicDensity, measuredCount: Int, breakpoints: [Double], below: (Double, inout [Double]) -> Void
  ) throws {
    let rule = try GaussLegendre(points: 6).rule(on: 0...1)
    let sorted = breakpoints.sorted()
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: measuredCount), count: density.count)
    var cumulative = [Double](repeating: 0, count: measuredCount + 1)
    for bin in 0..<density.count {
      let (low, high) = (density.edges[bin], density.edges[bin + 1])
      let knots = [low] + sorted.filter { low < $0 && $0 < high } + [high]
      for (left, right) in zip(knots, knots.dropFirst()) {
        for (node, ruleWeight) in zip(rule.nodes, rule.weights) {
          let x = left + (right - left) * node
          let weight = ruleWeight * (right - left)
          below(x, &cumulative)
          density.forEachTerm(in: bin, at: x) { source, term in
            for measured in 0..<measuredCount where cumulative[measured + 1] != cumulative[measured] {
              matrix[source][measured] += weight * term * (cumulative[measured + 1] - cumulative[measured])
            }
          }
        }
      }
    }
    columns = matrix.map { row in
      row.enumerated().compactMap { abs($1) > Self.smallest ? (bin: $0, probability: $1) : nil }
    }
  }
}
