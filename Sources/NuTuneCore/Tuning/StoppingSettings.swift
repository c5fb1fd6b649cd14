import NuTuneNumerics

/// Settings of the stopping rule, which ends a training before it learns the fluctuations of its data: the parameters
/// `training.stopping`, `training.noise_level`, `training.judging_fraction`, `training.judging_interval`,
/// `training.patience` and `training.assumed_events`.
///
/// Data without fluctuations (infinite statistics, expectations) are learned down to the noise of a stated number of events.
public struct StoppingSettings: Sendable, Hashable {
  /// The criterion for stopping.
  public enum Method: String, Sendable, CaseIterable, Hashable {
    /// Deviance of held-out events; see ``TuningProblem/thinned(fraction:)``.
    case heldOut = "held-out"
    /// Deviance of the tuning data, when it reaches its expectation.
    case noise
    /// No criterion; the schedule decides.
    case none
  }

  /// The criterion for stopping.
  public let method: Method
  /// Deviance at which a tuning ends, in units of its expectation.
  public let noiseLevel: Double
  /// Probability with which an event is held out.
  public let fraction: Double
  /// Steps between two judgements.
  public let interval: Int
  /// Steps without a better judgement after which a tuning ends, as a share of the steps to the best.
  public let patience: Double
  /// Number of events assumed for data without fluctuations.
  public let assumedEvents: Double

  /// Declarations of the settings, for the parameters of a plugin.
  public static let parameters = [
    ParameterDeclaration(
      "training.stopping", default: .text(Method.noise.rawValue), .choice(Method.allCases.map(\.rawValue)),
      "what ends the training: its deviance down to the noise of the data, held-out events that it no longer describes "
        + "better (where data fluctuate), or nothing but the schedule"),
    ParameterDeclaration(
      "training.noise_level", default: .number(0.9), .number(0.1...10),
      "deviance at which the training ends, in units of its expectation (stopping: noise)"),
    ParameterDeclaration(
      "training.judging_fraction", default: .number(0.2), .number(0.001...0.9),
      "share of the events that are held out to judge (stopping: held-out)"),
    ParameterDeclaration(
      "training.judging_interval", default: .integer(25), .integer(1...1_000_000), "steps between two judgements"),
    ParameterDeclaration(
      "training.patience", default: .number(0.5), .number(0.01...100),
      "steps without a better judgement before training ends, as a share of the steps up to the best one (stopping: held-out)"
    ),
    ParameterDeclaration(
      "training.assumed_events", default: .number(1e9), .number(1e3...1e15),
      "data without fluctuations: the training ends when its misfit is below the noise of so many events (stopping: not none)"
    ),
  ]

  /// Reads the settings from a plugin's parameters.
  public init(_ parameters: ParameterValues) {
    method = Method(rawValue: parameters.text("training.stopping")) ?? .noise
    noiseLevel = parameters.number("training.noise_level")
    fraction = parameters.number("training.judging_fraction")
    interval = parameters.integer("training.judging_interval")
    patience = parameters.number("training.patience")
    assumedEvents = parameters.number("training.assumed_events")
  }

  /// A division of the data into tuning problem and judging set.
  public struct Split: Sendable {
    /// The problem with the events that are left for tuning.
    public let problem: TuningProblem
    /// The judging set.
    public let judging: JudgingSet
    /// Whether the judging set holds events that the tuning does not see; otherwise it holds the tuning data, which are
    /// described down to their noise.
    public let isHeldOut: Bool
  }

  /// Divides the data of a problem into tuning problem and judging set; nil when the schedule alone decides.
  public func split(_ problem: TuningProblem) throws -> Split? {
    // Terms of their own have no events that could be held out.
    if method == .none || problem.samples.contains(where: { $0.term != nil }) { return nil }
    if let exact = problem.judgingSet(assuming: assumedEvents) {
      return Split(problem: problem, judging: exact, isHeldOut: false)
    }
    if method == .heldOut, let thinned = try problem.thinned(fraction: fraction) {
      return Split(problem: thinned.problem, judging: thinned.judging, isHeldOut: true)
    }
    return problem.judgingSet.map { Split(problem: problem, judging: $0, isHeldOut: false) }
  }

  /// Compares the final predictions with the held-out events; nil when there are none.
  ///
  /// The effective number of parameters is half the amount by which the deviance of the tuning events is below that of
  /// a fresh sample of their size, as estimated from the judging set: ½ [E_t + (N_t/N_j)(D_j − E_j) − D_t].
  ///
  /// - Parameters:
  ///   - rates: final predictions, shape [samples][bins].
  ///   - split: the division into tuning and judging events.
  ///   - step: the step whose parameters were kept.
  public func judgement(of rates: [[Double]], split: Split, step: Int) throws -> HeldOutJudgement? {
    guard split.isHeldOut, let learned = split.problem.judgingSet else { return nil }
    let judging = split.judging
    let (expected, variance) = try judging.moments(of: rates)
    let deviance = judging.deviance(of: rates)
    let ofLearned = try learned.moments(of: rates).expected
    let fresh = ofLearned + learned.events / judging.events * (deviance - expected)
    return HeldOutJudgement(
      fraction: fraction, events: judging.events, step: step, deviance: deviance, expected: expected,
      variance: variance, effectiveParameters: max(0, 0.5 * (fresh - learned.deviance(of: rates))))
  }
}
