import Foundation

/// Numbers of events compared with predicted rates: an independent Poisson law in every bin,
///
///     −2 ln L = 2 Σ (μ − n + n ln(n/μ)),   μ = normalization · rate
///
/// (Baker and Cousins, NIM 221 (1984) 437), as 2n[t − ln(1+t)] with t = (μ − n)/n, so that nothing cancels.
public struct PoissonTerm: LikelihoodTerm {
  /// Observed events, shape [bins]; not necessarily integers.
  public let counts: [Double]
  /// Events for a rate of one: exposure times what the unit of the rates leaves out.
  public let normalization: Double
  /// Number of events.
  public let scale: Double
  /// Name of the sample, for errors.
  public let sample: String

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - counts: observed events, shape [bins].
  ///   - normalization: events for a rate of one.
  ///   - sample: name of the sample, for errors.
  /// - Throws: `TermError.invalidData` unless counts are finite and not negative and the normalization is positive.
  public init(counts: [Double], normalization: Double, sample: String = "") throws(TermError) {
    for (bin, value) in counts.enumerated() where !(value >= 0 && value.isFinite) {
      throw TermError.invalidData("bin \(bin) contains \(value)")
    }
    guard normalization > 0, normalization.isFinite else {
      throw TermError.invalidData("the events for a rate of one are \(normalization)")
    }
    self.counts = counts
    self.normalization = normalization
    self.sample = sample
    scale = max(counts.reduce(0, +), 1)
  }

  /// Number of bins.
  public var binCount: Int { counts.count }

  /// See ``LikelihoodTerm``.
  public func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    precondition(rates.count == counts.count && gradient.count == counts.count, "[bins] differ")
    var sum = 0.0
    for (bin, rate) in rates.enumerated() {
      let (n, mu) = (counts[bin], normalization * rate)
      guard mu > 0 || n == 0 else {
        throw TermError.predictionNotPositive(bin: bin, prediction: rate, data: n, sample: sample)
      }
      guard mu >= 0, mu.isFinite else {
        throw TermError.invalidPrediction(bin: bin, prediction: rate, sample: sample)
      }
      gradient[bin] = normalization * (n > 0 ? 1 - n / mu : 1) / scale
      guard n > 0 else {
        sum += mu
        continue
      }
      let excess = (mu - n) / n
      sum += n * (excess - (excess < -0.5 ? log(mu / n) : log1p(excess)))
    }
    return sum / scale
  }
}
