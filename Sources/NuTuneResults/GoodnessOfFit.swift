/// Whether a tuned model describes the near data that it was tuned on.
public struct GoodnessOfFit: Sendable, Codable, Hashable {
  /// Probability below which a deviance is no fluctuation: one study in a thousand is flagged by chance.
  package static let leastProbability = 1e-3

  /// The verdict on the deviance.
  public enum Verdict: String, Sendable, Codable, Hashable {
    /// As expected of a right model.
    case good
    /// The deviance is too large: the model has no room for the data, or the tuning ended too early.
    case poor
    /// The deviance is too small: the tuning has followed fluctuations of the data.
    case overfitted
  }

  /// Goodness of fit of one sample.
  public struct SampleFit: Sendable, Codable, Hashable {
    /// Name of the sample; of several that are compared together the name of the first with the positions of all,
    /// or of sums the names of all.
    public var name: String
    /// Multinomial deviance, N = 1 when the events are infinite.
    public var deviance: Double
    /// Number of bins.
    public var bins: Int
    /// Expected deviance; nil for data without fluctuations.
    public var expectedDeviance: Double?
    /// Probability of a larger deviance; nil for data without fluctuations.
    public var pValue: Double?

    /// Creates the goodness of fit of one sample.
    public init(
      name: String, deviance: Double, bins: Int, expectedDeviance: Double? = nil, pValue: Double? = nil
    ) {
      self.name = name
      self.deviance = deviance
      self.bins = bins
      self.expectedDeviance = expectedDeviance
      self.pValue = pValue
    }

    enum CodingKeys: String, CodingKey {
      case name, deviance, bins
      case expectedDeviance = "expected_deviance"
      case pValue = "p_value"
    }
  }

  /// Goodness of fit for events that were held out of the tuning.
  public struct Judgement: Sendable, Codable, Hashable {
    /// Share of the events that was held out.
    public var fraction: Double
    /// Step whose parameters were kept.
    public var step: Int
    /// Deviance of the held-out events.
    public var deviance: Double
    /// Expected deviance for a perfect model.
    public var expectedDeviance: Double
    /// Probability of a larger deviance for a perfect model.
    public var pValue: Double

    enum CodingKeys: String, CodingKey {
      case fraction, step, deviance
      case expectedDeviance = "expected_deviance"
      case pValue = "p_value"
    }

    /// Creates a judgement from its numbers.
    public init(fraction: Double, step: Int, deviance: Double, expectedDeviance: Double, pValue: Double) {
      self.fraction = fraction
      self.step = step
      self.deviance = deviance
      self.expectedDeviance = expectedDeviance
      self.pValue = pValue
    }
  }

  /// The verdict on the deviance.
  public var verdict: Verdict
  /// Expected deviance of a right model with these effective parameters; nil for data without fluctuations.
  public var expectedDeviance: Double?
  /// Standard deviation of the deviance; nil for data without fluctuations.
  public var standardDeviation: Double?
  /// Effective number of parameters determined by the data; nil when it is not known, and then none is subtracted.
  public var effectiveParameters: Double?
  /// Probability of a larger deviance for a right model; nil for data without fluctuations.
  public var pValue: Double?
  /// Goodness of fit for held-out events; nil when there were none.
  public var judgement: Judgement?
  /// Data without fluctuations only: the number of events with which the misfit would become visible, that is, reach
  /// the expected deviance.
  public var visibleEvents: Double?
  /// Data without fluctuations only: the number of events up to which the misfit must stay invisible.
  public var assumedEvents: Double?
  /// Goodness of fit of each sample by itself.
  public var samples: [SampleFit]

  enum CodingKeys: String, CodingKey {
    case verdict, judgement, samples
    case expectedDeviance = "expected_deviance"
    case standardDeviation = "standard_deviation"
    case effectiveParameters = "effective_parameters"
    case pValue = "p_value"
    case visibleEvents = "visible_events"
    case assumedEvents = "assumed_events"
  }

  /// Creates a goodness of fit from its numbers.
  public init(
    verdict: Verdict, expectedDeviance: Double? = nil, standardDeviation: Double? = nil,
    effectiveParameters: Double? = nil, pValue: Double? = nil, judgement: Judgement? = nil,
    visibleEvents: Double? = nil, assumedEvents: Double? = nil, samples: [SampleFit] = []
  ) {
    self.verdict = verdict
    self.expectedDeviance = expectedDeviance
    self.standardDeviation = standardDeviation
    self.effectiveParameters = effectiveParameters
    self.pValue = pValue
    self.judgement = judgement
    self.visibleEvents = visibleEvents
    self.assumedEvents = assumedEvents
    self.samples = samples
  }
}
