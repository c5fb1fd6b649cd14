/// Where a fit looks for a parameter.
public struct FitDomain: Sendable, Hashable {
  /// Unit, empty when it has none.
  public var unit: String
  /// Starting values, one in each valley that the likelihood may have.
  public var starts: [Double]
  /// Values that are allowed.
  public var bounds: ClosedRange<Double>
  /// A step over which −2lnL changes by about one.
  public var scale: Double

  /// A domain; the starts lie within the bounds.
  public init(unit: String = "", starts: [Double], bounds: ClosedRange<Double>, scale: Double) {
    self.unit = unit
    self.starts = starts
    self.bounds = bounds
    self.scale = scale
  }
}
