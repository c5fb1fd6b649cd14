/// A Gaussian prior of one parameter: ((θ − mean)/σ)² in −2 ln L.
public struct GaussianPrior: Equatable, Sendable {
  /// The parameter.
  public let parameter: String
  /// Its most probable value, in the parameter's unit.
  public let mean: Double
  /// Its standard deviation, in the parameter's unit.
  public let sigma: Double

  /// Creates a prior; throws `InferenceError.badParameter` unless the standard deviation is positive and both are finite.
  public init(parameter: String, mean: Double, sigma: Double) throws {
    guard mean.isFinite, sigma.isFinite, sigma > 0 else {
      throw InferenceError.badParameter(
        name: parameter, reason: "a prior of \(mean) ± \(sigma); expected a positive error")
    }
    self.parameter = parameter
    self.mean = mean
    self.sigma = sigma
  }
}
