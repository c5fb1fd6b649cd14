/// How far a tuning is.
public struct TuningProgress: Sendable {
  /// Steps done.
  public var step: Int
  /// Steps planned.
  public var steps: Int
  /// Loss now; nil for work without one.
  public var loss: Double?

  /// A state of affairs.
  public init(step: Int, steps: Int, loss: Double? = nil) {
    self.step = step
    self.steps = steps
    self.loss = loss
  }
}
