/// Likelihood of the shape of a distribution: multinomial, the total number of events carries no information.
///
///     −2 ln L = −2 Σ n_b ln p_b(θ),  Σ p_b = 1
///
/// minus its saturated value, written as 2 Σ [n ln(n/ν) − n + ν] with ν = N p: the added terms sum to zero, and every
/// bin becomes 2n[t − ln(1+t)], t = (ν − n)/n, not negative and of second order in t. So nothing large cancels, also
/// with 10⁷ events on Asimov data. Data without an event give zero everywhere.
public struct ShapeLikelihood: Likelihood {
  /// Observed events, shape [bins]; not necessarily integers (Asimov data).
  public var counts: [Double] { term.counts }
  /// Prediction, shape [parameters] → [bins], in any normalisation.
  public let prediction: @Sendable ([Double]) throws -> [Double]
  private let term: CountTerm

  /// Creates a likelihood of `counts` under `prediction`.
  public init(counts: [Double], prediction: @escaping @Sendable ([Double]) throws -> [Double]) throws {
    term = try CountTerm(counts: counts)
    self.prediction = prediction
  }

  /// See ``Likelihood``. Complexity: one prediction plus O(bins).
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    try term.minusTwoLogLikelihood(of: try prediction(parameters))
  }
}
