/// What events that were kept out of a tuning say about its result.
///
/// Each event goes to the judging set with the same probability, so the judging set is an independent sample of the same
/// distribution, and its deviance from a perfect model has the expectation of that many bins: no parameter was fixed by it.
public struct HeldOutJudgement: Sendable, Codable, Hashable {
  /// Probability with which an event was held out.
  public var fraction: Double
  /// Events held out, of all samples.
  public var events: Double
  /// Step of the tuning whose parameters were kept, the best on the judging set.
  public var step: Int
  /// Multinomial deviance of the judging set, summed over samples.
  public var deviance: Double
  /// Its expectation for a perfect model, by the exact Poisson law in each bin.
  public var expected: Double
  /// Its variance for a perfect model.
  public var variance: Double
  /// Estimate of the effective number of parameters, from the deviances of tuning and judging set.
  public var effectiveParameters: Double?

  enum CodingKeys: String, CodingKey {
    case fraction, events, step, deviance, expected, variance
    case effectiveParameters = "effective_parameters"
  }

  /// A judgement from its numbers.
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
