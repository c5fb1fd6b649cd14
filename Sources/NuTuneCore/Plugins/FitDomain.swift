/// Where a fit looks for a parameter.
public struct FitDomain: Sendable, Hashable {
  /// Unit, empty when it has none.
  public var unit: String
  /// Starting values, one in each valley that the likelihood may have.
  public var starts: [Double]
  /// Values that are allowed; of a periodic parameter one period, in which fits report it.
  public var bounds: ClosedRange<Double>
  /// A step over which −2lnL changes by about one.
  public var scale: Double
  /// What the ends of ``bounds`` are.
  public var ends: Ends
  /// The period of an angle, in its unit; nil for a parameter that is not periodic. The bounds are no ends then.
  public var period: Double?

  /// What the ends of an allowed range are.
  public enum Ends: Sendable, Hashable {
    /// Values beyond them do not exist: an interval that reaches one is one-sided.
    case natural
    /// Values beyond them exist, but the fit does not look there: one that ends at them has not found its minimum.
    case chosen
  }

  /// A domain; the starts lie within the bounds.
  ///
  /// - Parameters:
  ///   - unit: of the parameter, empty when it has none.
  ///   - starts: starting values, one in each valley that the likelihood may have.
  ///   - bounds: values that are allowed; one period of a periodic parameter.
  ///   - scale: a step over which −2lnL changes by about one.
  ///   - ends: what the ends of the bounds are.
  ///   - period: of an angle; nil for a parameter that is not periodic.
  public init(
    unit: String = "", starts: [Double], bounds: ClosedRange<Double>, scale: Double, ends: Ends = .chosen,
    period: Double? = nil
  ) {
    self.unit = unit
    self.starts = starts
    self.bounds = bounds
    self.scale = scale
    self.ends = ends
    self.period = period
  }
}
