/// One term of an oscillation likelihood: the events of one dataset, and how rates are compared with them.
///
///     −2 ln L = 2 Σ_b [ν_b − n_b + n_b ln(n_b/ν_b)],   ν_b = factor · rate_b
///
/// The factor is the normalisation of the exposure (Poisson law), or free: then its best value, events over rates, leaves
/// the multinomial law of the shape, to which the number of events adds nothing.
public struct CountTerm: Sendable {
  /// Observed events, shape [bins]; not necessarily integers (Asimov data).
  public let counts: [Double]
  /// Events for a rate of one; nil where it is free.
  public let normalization: Double?
  /// Number of events.
  package let events: Double

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - counts: observed events, shape [bins].
  ///   - normalization: events for a rate of one; nil compares shapes.
  /// - Throws: `InferenceError.badCounts` for counts that are negative or not finite, or such a normalization.
  public init(counts: [Double], normalization: Double? = nil) throws {
    events = try Counts.total(of: counts)
    if let normalization, !(normalization > 0 && normalization.isFinite) {
      throw InferenceError.badCounts("\(normalization) events for a rate of one")
    }
    self.counts = counts
    self.normalization = normalization
  }

  /// Whether it depends on rates: shapes of a dataset without an event do not.
  var isInformative: Bool { events > 0 || normalization != nil }

  /// Returns ν/rate for rates of a sum.
  func factor(total: Double) -> Double { normalization ?? events / total }

  /// Returns the rate that stands for `MarginalizedCountLikelihood.leastEvents`, of rates of a sum.
  ///
  /// - Parameter fewest: number of events that stands for fewer ones.
  package func leastRate(total: Double, orEvents fewest: Double = 0) -> Double {
    let least = MarginalizedCountLikelihood.leastEvents
    return normalization.map { least / $0 } ?? least * total / max(events, fewest)
  }

  /// Computes −2 ln L of rates, shape [bins], relative to rates that describe every bin exactly.
  public func minusTwoLogLikelihood(of rates: [Double]) throws -> Double {
    let sum = try Counts.totalPrediction(rates, bins: counts.count)
    guard sum > 0 else { throw InferenceError.badCounts("the prediction is zero in every bin") }
    return try Counts.deviance(counts: counts, prediction: rates, factor: factor(total: sum))
  }
}
