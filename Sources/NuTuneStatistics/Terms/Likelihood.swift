/// A likelihood as a black box: parameters in, −2 ln L out.
public protocol Likelihood: Sendable {
  /// −2 ln L(θ) + 2 ln L(saturated), shape [parameters] → one number, not negative up to rounding. May be called from
  /// several threads at a time.
  func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double
}
