/// A parameter of a model after a fit to near data.
public struct ParameterEstimate: Sendable, Codable, Hashable {
  /// The value, in the unit of the parameter.
  public var value: Double
  /// Its posterior standard deviation, by the curvature at the minimum; a bound of the range does not narrow it.
  public var error: Double
  /// Mean and standard deviation of the Gaussian prior.
  public var prior: [Double]
  /// Unit, empty for none.
  public var unit: String
  /// The end of the allowed range at which the fit has ended; nil inside.
  public var bound: Double?

  enum CodingKeys: String, CodingKey {
    case value, error, prior, unit
    case bound = "at_bound"
  }

  /// Creates an estimate.
  public init(value: Double, error: Double, prior: [Double], unit: String = "", bound: Double? = nil) {
    self.value = value
    self.error = error
    self.prior = prior
    self.unit = unit
    self.bound = bound
  }
}
