/// The range, starting values and scale with which a fit varies a parameter.
public struct FitDomain: Sendable, Hashable {
  /// Unit, empty when it has none.
  public var unit: String
  /// Starting values, one near each local minimum that −2lnL may have.
  public var starts: [Double]
  /// Allowed values; for a periodic parameter one period, in which fits report it.
  public var bounds: ClosedRange<Double>
  /// A step over which −2lnL changes by about one.
  public var scale: Double
  /// Whether the ends of ``bounds`` are physical or chosen.
  public var ends: Ends
  /// The period of an angle, in its unit; nil for a parameter that is not periodic. With a period, the bounds do not
  /// limit the fit.
  public var period: Double?

  /// The meaning of the ends of an allowed range.
  public enum Ends: Sendable, Hashable {
    /// Physical ends: values beyond them do not exist, and an interval that reaches one is one-sided.
    case natural
    /// Ends of the search: values beyond them exist, and a fit that ends at them has not found its minimum.
    case chosen
  }

  /// Creates a domain; the starts lie within the bounds.
  ///
  /// - Parameters:
  ///   - unit: unit of the parameter, empty when it has none.
  ///   - starts: starting values, one near each local minimum that −2lnL may have.
  ///   - bounds: allowed values; one period of a periodic parameter.
  ///   - scale: a step over which −2lnL changes by about one.
  ///   - ends: whether the ends of the bounds are physical or chosen.
  ///   - period: period of an angle; nil for a parameter that is not periodic.
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
