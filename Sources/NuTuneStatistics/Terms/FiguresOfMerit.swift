/// Distances between distributions, named as in results.
public enum FiguresOfMerit {
  /// Computes `tv` = ½ Σ |p − q| of the two after normalisation, shape [bins] each; 0 for equal, 1 for disjoint
  /// distributions.
  public static func totalVariation(_ p: [Double], _ q: [Double]) throws -> Double {
    let (sumP, sumQ) = (try Counts.normalization(of: p), try Counts.normalization(of: q))
    guard p.count == q.count else { throw InferenceError.binMismatch(expected: p.count, found: q.count) }
    return 0.5 * zip(p, q).reduce(0) { $0 + abs($1.0 / sumP - $1.1 / sumQ) }
  }

  /// Computes `deviance` = 2N Σ p ln(p/q), with p the shape of `counts`, N their total, and q the shape of
  /// `probabilities`, shape [bins] each; in the cancellation-free form of ``ShapeLikelihood``.
  public static func deviance(counts: [Double], probabilities: [Double]) throws -> Double {
    let events = try Counts.total(of: counts)
    let sum = try Counts.totalPrediction(probabilities, bins: counts.count)
    guard sum > 0 else { throw InferenceError.badCounts("the probabilities are zero in every bin") }
    return try Counts.deviance(counts: counts, prediction: probabilities, factor: events / sum)
  }
}
