/// The comparison of a tuned model with events held out of the tuning.
///
/// Each event goes to the judging set with the same probability, so the judging set is an independent sample of the
/// same distribution. Its deviance from a perfect model has the expectation for that many bins, since no parameter was
/// tuned to it.
public struct HeldOutJudgement: Sendable, Codable, Hashable {
  /// Probability with which an event was held out.
  public var fraction: Double
  /// Number of events held out, in all samples.
  public var events: Double
  /// Step of the tuning whose parameters were kept, the best on the judging set.
  public var step: Int
  /// Multinomial deviance of the judging set, summed over samples.
  public var deviance: Double
  /// Expected deviance for a perfect model, by the exact Poisson law in each bin.
  public var expected: Double
  /// Variance of the deviance for a perfect model.
  public var variance: Double
  /// Estimate of the effective number of parameters, from the deviances of tuning and judging set.
  public var effectiveParameters: Double?

  enum CodingKeys: String, CodingKey {
    case fraction, events, step, deviance, expected, variance
    case effectiveParameters = "effective_parameters"
  }

  /// Creates a judgement from its numbers.
  public init(
    fraction: Double, events: Double, step: Int, deviance: Double, expected: Double, variance: Double,
    effectiveParameters: Double? = nil
  ) {
    self.fraction = fraction
    self.events = events
    self.step = step
    self.deviance = deviance
    self.expected = expected
    self.variance = variance
    self.effectiveParameters = effectiveParameters
  }
}
