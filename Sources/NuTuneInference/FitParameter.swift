/// A parameter of a fit.
public struct FitParameter: Equatable, Sendable {
  /// Name as in results, e.g. `sin2_theta23`.
  public let name: String
  /// Unit as printed, e.g. `eV²`; empty when dimensionless.
  public let unit: String
  /// Values to start from; the fit runs from all combinations of all parameters' starts.
  public let starts: [Double]
  /// Allowed range: both ends finite, or both infinite for none.
  public let bounds: ClosedRange<Double>
  /// A typical change, best near the expected error: the unit of steps and tolerances.
  public let scale: Double

  /// Whether the range is finite.
  var isBounded: Bool { bounds.lowerBound.isFinite }

  /// A checked parameter.
  public init(
    name: String, unit: String = "", starts: [Double],
    bounds: ClosedRange<Double> = -Double.infinity...Double.infinity, scale: Double
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
    self.name = name
    self.unit = unit
    self.starts = starts
    self.bounds = bounds
    self.scale = scale
  }
}
