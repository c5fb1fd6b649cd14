/// A function of an angle, linear between points around the circle, as the significance of CP violation against the true
/// δ_CP.
public struct PeriodicCurve: Sendable {
  /// Positions within a period of the first, increasing, with their values.
  private let points: [(position: Double, value: Double)]
  private let period: Double

  /// A curve through points; one that repeats another a period away is left out.
  ///
  /// - Parameters:
  ///   - points: at least one, in any order.
  ///   - period: the period, positive.
  public init(_ points: [(position: Double, value: Double)], period: Double) {
    precondition(!points.isEmpty && period > 0)
    let reduced = points.map { point in
      let turns = (point.position / period).rounded(.down)
      return (position: point.position - turns * period, value: point.value)
    }.sorted { $0.position < $1.position }
    var kept: [(position: Double, value: Double)] = []
    for point in reduced where kept.last.map({ point.position - $0.position > 1e-9 * period }) ?? true {
      kept.append(point)
    }
    if kept.count > 1, let first = kept.first, let last = kept.last,
      first.position + period - last.position < 1e-9 * period
    {
      kept.removeLast()
    }
    self.points = kept
    self.period = period
  }

  /// The fraction of the period on which the curve is at least a level.
  public func fraction(above level: Double) -> Double {
    points.indices.reduce(0) { sum, index in
      let (one, other) = (points[index], points[(index + 1) % points.count])
      let isLast = index + 1 == points.count
      let width = other.position + (isLast ? period : 0) - one.position
      let (low, high) = (min(one.value, other.value), max(one.value, other.value))
      let share = level <= low ? 1 : level > high ? 0 : (high - level) / (high - low)
      return sum + share * width / period
    }
  }

  /// The highest level that the curve reaches on a fraction of the period: its minimum for one, its median for one half,
  /// its maximum for zero.
  public func level(onFraction fraction: Double) -> Double {
    let values = points.map(\.value)
    var (low, high) = (values.min() ?? 0, values.max() ?? 0)
    if fraction >= 1 { return low }
    if fraction <= 0 { return high }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.fraction(above: middle) >= fraction { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
