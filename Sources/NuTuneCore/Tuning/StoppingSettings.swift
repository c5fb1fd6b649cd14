import NuTuneNumerics

/// How models that learn step by step stop before they follow the fluctuations of their data: the parameters
/// `training.stopping`, `training.judging_fraction`, `training.judging_interval` and `training.patience`.
///
/// Data without fluctuations (infinite statistics, expectations) are learned to the end of the schedule.
public struct StoppingSettings: Sendable, Hashable {
  /// What decides.
  public enum Method: String, Sendable, CaseIterable, Hashable {
    /// Events that are kept out of the tuning; see ``TuningProblem/thinned(fraction:)``.
    case heldOut = "held-out"
    /// The deviance of the data themselves, when it comes down to its expectation.
    case noise
    /// Nothing.
    case none
  }

  /// What decides.
  public let method: Method
  /// Probability with which an event is held out.
  public let fraction: Double
  /// Steps between two judgements.
  public let interval: Int
  /// Steps without a better judgement after which a tuning ends, as a share of the steps to the best.
  public let patience: Double

  /// The declarations, for the parameters of a plugin.
  public static let parameters = [
    ParameterDeclaration(
      "training.stopping", default: .text(Method.heldOut.rawValue), .choice(Method.allCases.map(\.rawValue)),
      "what ends the training on data with fluctuations: held-out events that it no longer describes better, its own "
        + "deviance down to the noise, or nothing but the schedule"),
    ParameterDeclaration(
      "training.judging_fraction", default: .number(0.2), .number(0.001...0.9),
      "share of the events that are held out to judge (stopping: held-out)"),
    ParameterDeclaration(
      "training.judging_interval", default: .integer(25), .integer(1...1_000_000), "steps between two judgements"),
    ParameterDeclaration(
      "training.patience", default: .number(0.5), .number(0.01...100),
      "steps without a better judgement before training ends, as a share of the steps up to the best one"),
  ]

  /// The settings among a plugin's parameters.
  public init(_ parameters: ParameterValues) {
    method = Method(rawValue: parameters.text("training.stopping")) ?? .heldOut
    fraction = parameters.number("training.judging_fraction")
    interval = parameters.integer("training.judging_interval")
    patience = parameters.number("training.patience")
  }

  /// What to tune on and what to judge by; judging is nil where the schedule alone decides.
  public func split(_ problem: TuningProblem) throws -> (problem: TuningProblem, judging: JudgingSet?) {
    switch method {
    case .none: return (problem, nil)
    case .noise: return (problem, problem.judgingSet)
    case .heldOut:
      guard let thinned = try problem.thinned(fraction: fraction) else { return (problem, nil) }
      return (thinned.problem, thinned.judging)
    }
  }

  /// What held-out events say at the end; nil for other methods.
  ///
  /// The effective number of parameters is what lowers the deviance of the events tuned on below the one that the
  /// judging set says a fresh sample of their size would have: ½ [E_t + (N_t/N_j)(D_j − E_j) − D_t].
  ///
  /// - Parameters:
  ///   - rates: predictions at the end, shape [samples][bins].
  ///   - tuning: the problem that was tuned on.
  ///   - step: the step whose parameters were kept.
  public func judgement(
    of rates: [[Double]], tuning: TuningProblem, judging: JudgingSet, step: Int
  ) throws -> HeldOutJudgement? {
    guard method == .heldOut, let learned = tuning.judgingSet else { return nil }
    let (expected, variance) = try judging.moments(of: rates)
    let deviance = judging.deviance(of: rates)
    let ofLearned = try learned.moments(of: rates).expected
    let fresh = ofLearned + learned.events / judging.events * (deviance - expected)
    return HeldOutJudgement(
      fraction: fraction, events: judging.events, step: step, deviance: deviance, expected: expected,
      variance: variance, effectiveParameters: max(0, 0.5 * (fresh - learned.deviance(of: rates))))
  }
}
