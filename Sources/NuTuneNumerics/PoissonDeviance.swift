import Foundation

/// Mean and variance of the deviance of one bin, d(n) = 2 [n ln(n/μ) − (n − μ)], for n drawn from the Poisson law of mean μ.
///
/// For large μ they approach the values for χ² with one degree of freedom, 1 and 2; for small μ they do not: the mean
/// is 2μ ln(1/μ) for μ → 0, has its maximum of 1.16 near μ = 1.3 and then falls to 1 + 1/6μ.
public struct PoissonDeviance: Sendable, Hashable {
  /// Mean of d.
  public let expectation: Double
  /// Variance of d.
  public let variance: Double

  /// Computes mean and variance of the deviance of a bin that expects `mean` events.
  ///
  /// Sums over the Poisson law (as far as it is above e⁻⁵⁰ of its maximum) up to `largestSummed`; above, uses the
  /// expansion in 1/μ, whose next terms are below 10⁻⁸ there.
  /// - Throws: `NumericsError` unless the mean is finite and not negative.
  public init(mean: Double) throws {
    guard mean >= 0, mean.isFinite else {
      throw NumericsError("PoissonDeviance", .domain, "mean \(mean); expected a finite number, not negative")
    }
    if mean == 0 {
      (expectation, variance) = (0, 0)
    } else if mean > Self.largestSummed {
      let x = 1 / mean
      expectation = 1 + x / 6 + x * x / 6
      variance = 2 + 2 * x / 3 + 4 * x * x / 3
    } else {
      (expectation, variance) = Self.moments(mean)
    }
  }

  /// Computes d(n) for n events where μ > 0 are expected; n need not be whole.
  public static func value(events: Double, mean: Double) -> Double {
    let excess = (events - mean) / mean
    if events == 0 { return 2 * mean }
    // For n ≪ μ, 1 + x with x = n/μ − 1 has lost the digits of n.
    if excess < -0.5 { return 2 * (events * log(events / mean) - (events - mean)) }
    // (1+x) ln(1+x) − x, by its series where the difference would lose its digits.
    if abs(excess) < 1e-3 {
      return mean * excess * excess * (1 - excess / 3 + excess * excess / 6 - excess * excess * excess / 10)
    }
    return 2 * mean * ((1 + excess) * log1p(excess) - excess)
  }

  /// Largest mean for which the Poisson law is summed; the expansion is used above.
  static let largestSummed = 1000.0

  private static func moments(_ mean: Double) -> (expectation: Double, variance: Double) {
    let width = 10 * mean.squareRoot() + 50
    let range = max(0, Int(mean - width))...Int(mean + width)
    var (weight, first, second) = (0.0, 0.0, 0.0)
    for events in range {
      let probability = exp(Double(events) * log(mean) - mean - lgamma(Double(events) + 1))
      let deviance = value(events: Double(events), mean: mean)
      weight += probability
      first += probability * deviance
      second += probability * deviance * deviance
    }
    let expectation = first / weight
    return (expectation, second / weight - expectation * expectation)
  }
}
