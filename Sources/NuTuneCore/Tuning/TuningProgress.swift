/// Progress of a tuning.
public struct TuningProgress: Sendable {
  /// Number of steps done.
  public var step: Int
  /// Number of steps planned.
  public var steps: Int
  /// Current loss; nil for methods without one.
  public var loss: Double?

  /// Creates a report of progress.
  public init(step: Int, steps: Int, loss: Double? = nil) {
    self.step = step
    self.steps = steps
    self.loss = loss
  }
}
