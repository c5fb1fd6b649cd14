/// The record of a training, for reports.
public struct TrainingRecord: Sendable, Hashable, Codable {
  /// The outcome of a training.
  public enum Outcome: Sendable, Hashable, Codable {
    /// The stated criterion held; `reason` says which.
    case converged(reason: String)
    /// The schedule ended before the criterion held; `reason` says by how much.
    case notConverged(reason: String)
  }

  /// The outcome of the training.
  public let outcome: Outcome
  /// Number of steps taken, including those before a resume.
  public let steps: Int
  /// The loss at the final parameters.
  public let finalLoss: Double
  /// The loss before the first step, if it is known.
  public let initialLoss: Double?
  /// The learning curve, evenly spaced in steps.
  public let history: [LossPoint]
  /// The judgement whose parameters were kept; nil without a stopping rule.
  public let best: JudgedStep?

  /// Whether the stated criterion held.
  public var converged: Bool {
    if case .converged = outcome { true } else { false }
  }
}
