/// −2 ln L with its first derivatives at one point of the parameters.
public struct LikelihoodSlope: Equatable, Sendable {
  /// −2 ln L.
  public var value: Double
  /// ∂(−2 ln L)/∂θ, per unit of each parameter, shape [parameters].
  public var gradient: [Double]

  /// Creates a value with its derivatives.
  public init(value: Double, gradient: [Double]) {
    self.value = value
    self.gradient = gradient
  }
}
