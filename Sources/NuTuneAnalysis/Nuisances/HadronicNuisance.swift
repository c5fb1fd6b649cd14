/// A number of the near detectors' hadronic response that models fit together with themselves.
public struct HadronicNuisance: Sendable, Hashable {
  /// Name, as the detector declares it.
  public var name: String
  /// Standard deviation of the prior around the detector's number; nil for none.
  public var width: Double?

  /// A number with the standard deviation of its prior, nil for none.
  public init(_ name: String, width: Double?) {
    self.name = name
    self.width = width
  }
}
