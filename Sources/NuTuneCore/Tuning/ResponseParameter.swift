/// A number of the near detectors' response that is fitted to near data together with a model, such as the hadronic energy
/// scale.
///
/// Fits work with displacements z from the nominal value in units of ``unit``, in which a response changes little.
public struct ResponseParameter: Sendable, Hashable {
  /// Name, as the detector declares it.
  public var name: String
  /// The number that the detector of the analysis has; the mean of the prior.
  public var nominal: Double
  /// Standard deviation of the Gaussian prior; nil for none.
  public var width: Double?
  /// The numbers that the detector allows.
  public var range: ClosedRange<Double>

  /// Two per cent of one: a displacement for numbers without a prior, or with one that says less.
  private static let share = 0.02

  /// A number with its prior.
  public init(name: String, nominal: Double, width: Double?, range: ClosedRange<Double>) {
    self.name = name
    self.nominal = nominal
    self.width = width
    self.range = range
  }

  /// The number for a displacement of one, less the nominal one.
  public var unit: Double {
    let natural = Self.share * max(abs(nominal), 0.5)
    return min(width.map { min($0, natural) } ?? natural, (range.upperBound - range.lowerBound) / 8)
  }

  /// Inverse variance of a displacement by the prior; 0 without one.
  public var precision: Double { width.map { unit / $0 * (unit / $0) } ?? 0 }

  /// The displacements that the range allows.
  public var displacements: ClosedRange<Double> {
    let bounds = [range.lowerBound, range.upperBound].map { ($0 - nominal) / unit }
    return min(bounds[0], 0)...max(bounds[1], 0)
  }

  /// The number for a displacement, within the range.
  public func value(at displacement: Double) -> Double {
    min(max(nominal + unit * displacement, range.lowerBound), range.upperBound)
  }

  /// Where a fit starts: at the nominal number, a unit inside of an end of the range, where a response may not change with
  /// the number (a resolution of zero).
  public var start: Double { min(max(0, displacements.lowerBound + 1), displacements.upperBound - 1) }
}
