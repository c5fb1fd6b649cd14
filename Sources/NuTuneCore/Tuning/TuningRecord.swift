/// The record of a tuning. Times are not part of it: the same inputs give the same record.
public struct TuningRecord: Sendable, Codable, Hashable {
  /// One point of the learning curve.
  public struct Point: Sendable, Codable, Hashable {
    /// Number of steps done.
    public var step: Int
    /// Loss after these steps.
    public var loss: Double

    /// Creates a point.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }

  /// Whether the stated criterion was met.
  public var converged: Bool
  /// The convergence criterion and its outcome, in a sentence.
  public var verdict: String
  /// Number of steps done.
  public var steps: Int
  /// Final loss.
  public var loss: Double
  /// The learning curve.
  public var history: [Point]
  /// Effective number of parameters determined by the data, by the name of the sample; nil when the model does not
  /// know.
  public var effectiveParameters: [String: EffectiveParameters]?
  /// ln of the evidence of the data, relative to a prediction that is the data; nil for a model that does not know it.
  public var logEvidence: Double?
  /// Number of events assumed for infinite statistics; nil for models that took them as exact.
  public var assumedEvents: Double?
  /// The comparison with held-out events; nil when none were held out.
  public var judgement: HeldOutJudgement?
  /// The fitted parameters of a theory, by name; nil for a model that has none.
  public var parameters: [String: ParameterEstimate]?
  /// The fitted numbers of the detectors' response, by name; nil where none were fitted.
  public var response: [String: ResponseEstimate]?
  /// Correlations of the fitted parameters, of a theory or a response, by their two names, the diagonal included.
  public var correlations: [String: [String: Double]]?

  enum CodingKeys: String, CodingKey {
    case converged, verdict, steps, loss, history, judgement, parameters, correlations, response
    case effectiveParameters = "effective_parameters"
    case logEvidence = "ln_evidence"
    case assumedEvents = "assumed_events"
  }

  /// Creates a record.
  public init(
    converged: Bool, verdict: String, steps: Int, loss: Double, history: [Point],
    effectiveParameters: [String: EffectiveParameters]? = nil, assumedEvents: Double? = nil,
    judgement: HeldOutJudgement? = nil, parameters: [String: ParameterEstimate]? = nil,
    correlations: [String: [String: Double]]? = nil
  ) {
    self.converged = converged
    self.verdict = verdict
    self.steps = steps
    self.loss = loss
    self.history = history
    self.effectiveParameters = effectiveParameters
    self.assumedEvents = assumedEvents
    self.judgement = judgement
    self.parameters = parameters
    self.correlations = correlations
  }
}
