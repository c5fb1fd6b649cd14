/// The loss at one step of training.
public struct LossPoint: Sendable, Hashable, Codable {
  /// The step, from 0; the loss is taken before its update.
  public let step: Int
  /// The loss.
  public let loss: Double

  /// Creates a point of a learning curve.
  public init(step: Int, loss: Double) {
    self.step = step
    self.loss = loss
  }
}
