/// A parameter of a fit.
public struct FitParameter: Equatable, Sendable {
  /// Name as in results, e.g. `sin2_theta23`.
  public let name: String
  /// Unit as printed, e.g. `eV²`; empty when dimensionless.
  public let unit: String
  /// Starting values; the fit runs from all combinations of all parameters' starts.
  public let starts: [Double]
  /// Allowed range: both ends finite, or both infinite for an unbounded parameter. For a periodic parameter one period,
  /// in which it is reported.
  public let bounds: ClosedRange<Double>
  /// A typical change, best near the expected error; it is the unit of steps and tolerances.
  public let scale: Double

  /// The period of an angle, whose bounds do not limit the fit; nil for a parameter that is not periodic.
  public let period: Double?

  /// Whether the range limits the fit.
  var isBounded: Bool { bounds.lowerBound.isFinite && period == nil }

  /// Returns the distance of a value from the nearer end of the range.
  func room(at value: Double) -> Double {
    isBounded ? min(value - bounds.lowerBound, bounds.upperBound - value) : .infinity
  }

  /// Returns the value nearest to `value` within the range.
  func clamped(_ value: Double) -> Double {
    isBounded ? min(bounds.upperBound, max(bounds.lowerBound, value)) : value
  }

  /// Returns a − b; for a periodic parameter the shorter way around.
  public func difference(_ a: Double, _ b: Double) -> Double {
    guard let period else { return a - b }
    return (a - b).remainder(dividingBy: period)
  }

  /// Returns the same value within ``bounds``, whole periods away for a periodic parameter; unchanged for any other.
  func wrapped(_ value: Double) -> Double {
    guard let period, !bounds.contains(value) else { return value }
    return value - period * ((value - bounds.lowerBound) / period).rounded(.down)
  }

  /// Creates a checked parameter.
  ///
  /// - Parameters:
  ///   - name: name in results.
  ///   - unit: unit as printed; empty when dimensionless.
  ///   - starts: starting values, within the bounds.
  ///   - bounds: allowed range, both ends finite or both infinite; one period of a periodic parameter.
  ///   - scale: a typical change.
  ///   - period: period of an angle, equal to the length of the bounds; nil for a parameter that is not periodic.
  public init(
    name: String, unit: String = "", starts: [Double],
    bounds: ClosedRange<Double> = -Double.infinity...Double.infinity, scale: Double, period: Double? = nil
  ) throws {
    func refuse(_ reason: String) -> InferenceError { .badParameter(name: name, reason: reason) }
    guard scale > 0, scale.isFinite else { throw refuse("scale \(scale); expected a positive number") }
    guard !starts.isEmpty else { throw refuse("no starting value") }
    if let bad = starts.first(where: { !$0.isFinite || !bounds.contains($0) }) {
      throw refuse("start \(bad) is not in \(bounds)")
    }
    guard bounds.lowerBound.isFinite == bounds.upperBound.isFinite, bounds.lowerBound < bounds.upperBound else {
      throw refuse("bounds \(bounds); expected a range with both ends finite or both infinite")
    }
    if let period {
      let length = bounds.upperBound - bounds.lowerBound
      guard period > 0, abs(length - period) <= 1e-9 * period else {
        throw refuse("a period of \(period) with bounds \(bounds); expected bounds of one period")
      }
    }
    self.name = name
    self.period = period
    self.unit = unit
    self.starts = starts
    self.bounds = bounds
    self.scale = scale
  }
}
