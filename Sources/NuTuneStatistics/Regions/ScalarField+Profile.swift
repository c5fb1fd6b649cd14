extension ScalarField {
  /// An axis of a field.
  public enum Direction: Sendable {
    /// The axis of ``ScalarField/xs``.
    case first
    /// The axis of ``ScalarField/ys``.
    case second
  }

  /// Computes the lowest value at each position of one axis, over the other; between grid points by the parabola
  /// through the lowest point and its neighbours, which is exact for a quadratic function on an equidistant axis. O(xs
  /// · ys).
  ///
  /// - Parameter direction: the axis of the profile.
  public func profile(along direction: Direction) -> [Double] {
    let (count, others) = direction == .first ? (xs.count, ys.count) : (ys.count, xs.count)
    return (0..<count).map { place in
      func value(_ other: Int) -> Double { direction == .first ? self[place, other] : self[other, place] }
      let lowest = (0..<others).reduce(0) { value($1) < value($0) ? $1 : $0 }
      guard lowest > 0, lowest < others - 1 else { return value(lowest) }
      let (before, here, after) = (value(lowest - 1), value(lowest), value(lowest + 1))
      let curvature = before - 2 * here + after
      return curvature > 0 ? here - (after - before) * (after - before) / (8 * curvature) : here
    }
  }
}
