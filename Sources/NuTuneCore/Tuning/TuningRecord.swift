/// How a tuning went. Times are not part of it: the same inputs give the same record.
public struct TuningRecord: Sendable, Codable, Hashable {
  /// One point of the learning curve.
  public struct Point: Sendable, Codable, Hashable {
    /// Steps done.
    public var step: Int
    /// Loss after them.
    public var loss: Double

    /// A point.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }

  /// Whether the stated criterion was met.
  public var converged: Bool
  /// The criterion and how it came out, in a sentence.
  public var verdict: String
  /// Steps done.
  public var steps: Int
  /// Final loss.
  public var loss: Double
  /// The learning curve.
  public var history: [Point]
  /// Parameters that the data have fixed, by the name of the sample; nil when the model does not know.
  public var effectiveParameters: [String: EffectiveParameters]?
  /// Events that infinite statistics counted as; nil for models that took them as exact.
  public var assumedEvents: Double?
  /// What held-out events say of the result; nil when none were held out.
  public var judgement: HeldOutJudgement?

  enum CodingKeys: String, CodingKey {
    case converged, verdict, steps, loss, history, judgement
    case effectiveParameters = "effective_parameters"
    case assumedEvents = "assumed_events"
  }

  /// A record.
  public init(
    converged: Bool, verdict: String, steps: Int, loss: Double, history: [Point],
    effectiveParameters: [String: EffectiveParameters]? = nil, assumedEvents: Double? = nil,
    judgement: HeldOutJudgement? = nil
  ) {
    self.converged = converged
    self.verdict = verdict
    self.steps = steps
    self.loss = loss
    self.history = history
    self.effectiveParameters = effectiveParameters
    self.assumedEvents = assumedEvents
    self.judgement = judgement
  }
}
