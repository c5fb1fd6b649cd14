import NuTuneNumerics

/// Quadrature on pieces between points where an integrand may be narrow: each piece is halved towards both of its ends.
struct GradedRule: Sendable {
  private let rule: GaussLegendre
  private let levels: Int

  /// Creates a rule with `points` nodes on each part; the parts next to a narrow point are 2^−levels of half a piece.
  init(points: Int, levels: Int) throws {
    rule = try GaussLegendre(points: points)
    self.levels = levels
  }

  /// Integrates: ∫ f(x) dx over `range`, with pieces that end at `narrow` (those inside the range).
  func integrate(over range: ClosedRange<Double>, narrow: [Double], _ function: (Double) -> Double) -> Double {
    let inside = narrow.filter { $0 > range.lowerBound && $0 < range.upperBound }.sorted()
    let knots = [range.lowerBound] + inside + [range.upperBound]
    var sum = 0.0
    for (low, high) in zip(knots, knots.dropFirst()) {
      let half = (high - low) / 2
      var outer = 1.0
      for level in 0...levels {
        let inner = level == levels ? 0 : outer / 2
        sum += rule.integrate(over: low + half * inner...low + half * outer, function)
        sum += rule.integrate(over: high - half * outer...high - half * inner, function)
        outer = inner
      }
    }
    return sum
  }
}
