/// Likelihood of rates: an independent Poisson number of events in every bin,
///
///     −2 ln L = 2 Σ (μ − n + n ln(n/μ))
///
/// (Baker and Cousins, NIM 221 (1984) 437), in the same cancellation-free form as ``ShapeLikelihood``.
public struct PoissonLikelihood: Likelihood {
  /// Observed events, shape [bins].
  public let counts: [Double]
  /// Expected events μ, shape [parameters] → [bins].
  public let prediction: @Sendable ([Double]) throws -> [Double]

  /// Creates a likelihood of `counts` under `prediction`.
  public init(counts: [Double], prediction: @escaping @Sendable ([Double]) throws -> [Double]) throws {
    _ = try Counts.total(of: counts)
    self.counts = counts
    self.prediction = prediction
  }

  /// See ``Likelihood``. Complexity: one prediction plus O(bins).
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    let predicted = try prediction(parameters)
    _ = try Counts.totalPrediction(predicted, bins: counts.count)
    return try Counts.deviance(counts: counts, prediction: predicted, factor: 1)
  }
}
