import Foundation
import NuTuneNumerics

/// Distances between distributions; named as in results.
public enum FiguresOfMerit {
  /// `tv` = ½ Σ |p − q| of the two after normalisation, shape [bins] each; 0 for equal, 1 for disjoint distributions.
  public static func totalVariation(_ p: [Double], _ q: [Double]) throws -> Double {
    let (sumP, sumQ) = (try Counts.normalization(of: p), try Counts.normalization(of: q))
    guard p.count == q.count else { throw InferenceError.binMismatch(expected: p.count, found: q.count) }
    return 0.5 * zip(p, q).reduce(0) { $0 + abs($1.0 / sumP - $1.1 / sumQ) }
  }

  /// `deviance` = 2N Σ p ln(p/q), with p the shape of `counts`, N their total, and q the shape of `probabilities`,
  /// shape [bins] each; in the cancellation-free form of ``ShapeLikelihood``.
  public static func deviance(counts: [Double], probabilities: [Double]) throws -> Double {
    let events = try Counts.total(of: counts)
    let sum = try Counts.totalPrediction(probabilities, bins: counts.count)
    guard sum > 0 else { throw InferenceError.badCounts("the probabilities are zero in every bin") }
    return try Counts.deviance(counts: counts, prediction: probabilities, factor: events / sum)
  }
}

/// Pearson's χ² of counts against expectations.
public struct ChiSquare: Equatable, Sendable {
  /// Σ (n − μ)²/μ over bins with μ > 0, or Σ ((n − μ)/σ)².
  public let value: Double
  /// Number of bins that enter.
  public let bins: Int
  /// Bins minus constraints.
  public let degreesOfFreedom: Int

  /// Probability of a larger value; nil without degrees of freedom.
  public var probability: Double? {
    guard degreesOfFreedom > 0 else { return nil }
    return try? SpecialFunctions.chiSquareProbability(above: value, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// χ² of `counts` against `expected`, shape [bins] each.
  /// - Parameters:
  ///   - counts: n.
  ///   - expected: μ.
  ///   - errors: standard deviations, shape [bins]; √μ when nil. Bins with error zero and n = μ do not enter.
  ///   - constraints: number of fitted parameters, plus one for a fixed normalisation.
  public init(counts: [Double], expected: [Double], errors: [Double]? = nil, constraints: Int = 0) throws {
    _ = try Counts.total(of: counts)
    _ = try Counts.totalPrediction(expected, bins: counts.count)
    if let errors, errors.count != counts.count {
      throw InferenceError.binMismatch(expected: counts.count, found: errors.count)
    }
    var (sum, bins) = (0.0, 0)
    for bin in counts.indices {
      let residual = counts[bin] - expected[bin]
      let error = errors?[bin] ?? expected[bin].squareRoot()
      guard error >= 0, error.isFinite else { throw InferenceError.badCounts("the error of bin \(bin) is \(error)") }
      if error == 0 {
        guard residual == 0 else {
          throw InferenceError.eventsWithoutPrediction(bin: bin, count: counts[bin], prediction: expected[bin])
        }
        continue
      }
      sum += (residual / error) * (residual / error)
      bins += 1
    }
    value = sum
    self.bins = bins
    degreesOfFreedom = bins - constraints
  }
}
