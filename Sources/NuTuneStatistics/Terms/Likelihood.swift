/// A likelihood as a function of its parameters: parameters in, −2 ln L out.
public protocol Likelihood: Sendable {
  /// Computes −2 ln L(θ) + 2 ln L(saturated), shape [parameters] → one number, not negative up to rounding. May be
  /// called from several threads at a time.
  func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double

  /// Computes −2 ln L and its derivatives; nil for a likelihood that knows no derivatives, whose fits take differences.
  ///
  /// The value may differ from ``minusTwoLogLikelihood(at:)`` by much less than a descent resolves, some 10⁻¹⁰: fits evaluate the
  /// minimum that they report without derivatives.
  func slope(at parameters: [Double]) throws -> LikelihoodSlope?
}

extension Likelihood {
  /// No derivatives.
  public func slope(at parameters: [Double]) throws -> LikelihoodSlope? { nil }
}
