import NuTuneCore
import NuTuneNumerics

/// A region of a plane between curves, for iterated Gauss–Legendre rules: y between the highest of some lower curves and
/// the lowest of some upper ones, for x of a range.
struct CurvedRegion {
  /// Range of x.
  let range: ClosedRange<Double>
  /// Curves below, at least one.
  let lower: [(Double) -> Double]
  /// Curves above, at least one.
  let upper: [(Double) -> Double]

  /// Places at which curves are compared; between two of them no curve comes and goes again.
  private static let places = 48

  private func bounds(_ x: Double) -> (low: Double, high: Double, lower: Int, upper: Int) {
    let (lows, highs) = (lower.map { $0(x) }, upper.map { $0(x) })
    let low = lows.indices.max { lows[$0] < lows[$1] } ?? 0
    let high = highs.indices.min { highs[$0] < highs[$1] } ?? 0
    return (lows[low], highs[high], low, high)
  }

  /// Returns x at which other curves become the bounds, or the region begins or ends, and the ends of the range.
  private var turns: [Double] {
    func state(_ x: Double) -> SIMD3<Int> {
      let bounds = bounds(x)
      return bounds.low < bounds.high ? SIMD3(1, bounds.lower, bounds.upper) : .zero
    }
    // Places crowd towards the lower end, where small Q² and energies are.
    let length = range.upperBound - range.lowerBound
    let places = (0...Self.places).map { step in
      let part = Double(step) / Double(Self.places)
      return range.lowerBound + length * part * part
    }
    var turns = [range.lowerBound]
    for (left, right) in zip(places, places.dropFirst()) {
      // One interval may hold several turns, as many as there are curves.
      var left = left
      for _ in 0..<lower.count + upper.count where state(left) != state(right) {
        let start = state(left)
        var (low, high) = (left, right)
        for _ in 0..<50 {
          let middle = (low + high) / 2
          if state(middle) == start { low = middle } else { high = middle }
        }
        turns.append(high)
        left = high
      }
    }
    return (turns + [range.upperBound]).sorted()
  }

  /// Calls `body` with the points of an iterated rule and their weights.
  ///
  /// - Parameters:
  ///   - rules: numbers of points of a panel in x and in y.
  ///   - widths: largest widths of panels that begin at x, and at y for an x; nil for one panel between turns.
  func forEachPoint(
    _ rules: (x: GaussLegendre, y: GaussLegendre),
    widths: (x: (Double) -> Double, y: (_ x: Double, _ y: Double) -> Double)?,
    _ body: (_ x: Double, _ y: Double, _ weight: Double) -> Void
  ) {
    let turns = turns
    for (start, end) in zip(turns, turns.dropFirst()) where end - start > 1e-12 * max(1, abs(end)) {
      let middle = bounds((start + end) / 2)
      guard middle.low < middle.high else { continue }
      for panel in Self.panels(from: start, to: end, width: widths?.x) {
        let (xs, xWeights) = rules.x.rule(on: panel)
        for (x, xWeight) in zip(xs, xWeights) {
          let bounds = bounds(x)
          guard bounds.low < bounds.high else { continue }
          let width = widths.map { widths in { (y: Double) in widths.y(x, y) } }
          for piece in Self.panels(from: bounds.low, to: bounds.high, width: width) {
            let (ys, yWeights) = rules.y.rule(on: piece)
            for (y, yWeight) in zip(ys, yWeights) { body(x, y, xWeight * yWeight) }
          }
        }
      }
    }
  }

  /// Divides a range into pieces, not much wider than `width` at their lower ends.
  private static func panels(from start: Double, to end: Double, width: ((Double) -> Double)?) -> [ClosedRange<Double>]
  {
    guard let width else { return [start...end] }
    var pieces: [ClosedRange<Double>] = []
    var low = start
    while low < end {
      var high = min(low + width(low), end)
      if end - high < 0.3 * (high - low) { high = end }
      pieces.append(low...high)
      low = high
    }
    return pieces
  }
}
