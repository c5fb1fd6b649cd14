/// A cross-section model that learns from near-detector data.
public protocol TunableModel: CrossSectionModel {
  /// Learns; the model itself stays as it is.
  func tuned(on problem: TuningProblem) throws -> TuningResult

  /// The tuned model from a saved state; the inverse of ``TuningResult/state``.
  func restored(from state: ModelState) throws -> any CrossSectionModel
}

/// What a tuning gives back.
public struct TuningResult: Sendable {
  /// The tuned model.
  public var model: any CrossSectionModel
  /// Everything needed to make it again.
  public var state: ModelState
  /// How it went.
  public var record: TuningRecord

  /// A tuned model, its state and the record of its tuning.
  public init(model: any CrossSectionModel, state: ModelState, record: TuningRecord) {
    self.model = model
    self.state = state
    self.record = record
  }
}

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

/// The learned part of a model: named tensors and a card of plain values.
public struct ModelState: Sendable, Hashable {
  /// A tensor in row-major order.
  public struct Tensor: Sendable, Hashable {
    /// Name, `numu.layer0.weight`.
    public var name: String
    /// Lengths of its dimensions.
    public var shape: [Int]
    /// Elements.
    public var elements: [Float]

    /// A tensor; the shape must hold its elements.
    public init(name: String, shape: [Int], elements: [Float]) {
      precondition(shape.reduce(1, *) == elements.count)
      self.name = name
      self.shape = shape
      self.elements = elements
    }
  }

  /// The tensors, in order.
  public var tensors: [Tensor]
  /// Architecture, scaling and whatever else is needed, by name.
  public var card: [String: ParameterValue]

  /// A state.
  public init(tensors: [Tensor], card: [String: ParameterValue]) {
    self.tensors = tensors
    self.card = card
  }
}
