/// A number of the detector's response after it was fitted to near data together with a model.
public struct ResponseEstimate: Sendable, Codable, Hashable {
  /// The value, in the unit that the detector declares.
  public var value: Double
  /// Its standard deviation: of the posterior, all functions of the model free, unless ``isConditional``.
  public var error: Double
  /// The number of the detector that is assumed, the mean of the prior.
  public var nominal: Double
  /// Standard deviation of the prior; nil for a number that was free.
  public var width: Double?
  /// Whether the error is the one with the functions of the model held, less than that of the fit.
  public var isConditional: Bool
  /// The end of the allowed range at which the fit has ended; nil inside.
  public var bound: Double?
  /// Distance from the nominal number in standard deviations of the prior; nil for a number that was free.
  public var pull: Double?
  /// The number of the detector that made the data; nil where it is not known.
  public var truth: Double?
  /// Distance from the true number in units of ``error``; nil where it is not known.
  public var deviation: Double?

  enum CodingKeys: String, CodingKey {
    case value, error, nominal
    case width = "prior"
    case isConditional = "is_conditional"
    case bound = "at_bound"
    case pull, truth, deviation
  }

  /// An estimate of a parameter.
  public init(of parameter: ResponseParameter, value: Double, error: Double, isConditional: Bool) {
    self.value = value
    self.error = error
    nominal = parameter.nominal
    width = parameter.width
    self.isConditional = isConditional
    bound = [parameter.range.lowerBound, parameter.range.upperBound].first {
      abs($0 - value) <= 1e-9 * max(parameter.unit, abs($0))
    }
    pull = parameter.width.map { (value - parameter.nominal) / $0 }
  }

  /// The same estimate beside the number that made the data.
  public func compared(with truth: Double?) -> ResponseEstimate {
    var copy = self
    copy.truth = truth
    copy.deviation = truth.flatMap { error > 0 ? (value - $0) / error : nil }
    return copy
  }
}
