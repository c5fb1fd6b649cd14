/// What training did, for reports.
public struct TrainingRecord: Sendable, Hashable, Codable {
  /// How training ended.
  public enum Outcome: Sendable, Hashable, Codable {
    /// The stated criterion holds; `reason` says which.
    case converged(reason: String)
    /// The schedule ended before the criterion held; `reason` says by how much.
    case notConverged(reason: String)
  }

  /// How training ended.
  public let outcome: Outcome
  /// Steps taken, including those before a resume.
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
