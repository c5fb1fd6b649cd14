/// All that training needs to go on: encode it, and training resumed from it ends with the same bits.
public struct TrainingState<Scalar: NetworkScalar>: Sendable, Equatable {
  /// The parameters after `step` steps.
  public internal(set) var parameters: [Scalar]
  /// The optimiser's moments.
  public internal(set) var optimizer: Adam<Scalar>
  /// The last losses, oldest first, as far as the convergence criterion looks back.
  public internal(set) var recentLosses: [Double]
  /// The loss history, evenly spaced in steps.
  public internal(set) var history: [LossPoint]

  /// Steps taken so far.
  public var step: Int { optimizer.step }

  /// Training that has not begun.
  public init(parameters: [Scalar], options: TrainingOptions) {
    self.parameters = parameters
    optimizer = Adam(
      parameterCount: parameters.count, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon)
    recentLosses = []
    history = []
  }

  init(parameters: [Scalar], optimizer: Adam<Scalar>, recentLosses: [Double], history: [LossPoint]) {
    self.parameters = parameters
    self.optimizer = optimizer
    self.recentLosses = recentLosses
    self.history = history
  }
}

/// The loss at one step of training.
public struct LossPoint: Sendable, Hashable, Codable {
  /// The step, from 0; the loss is the one before its update.
  public let step: Int
  /// The loss.
  public let loss: Double

  /// A point of a learning curve.
  public init(step: Int, loss: Double) {
    self.step = step
    self.loss = loss
  }
}
