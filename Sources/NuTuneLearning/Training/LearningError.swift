/// Failures of the training of a model.
public enum LearningError: Error, Sendable, Equatable {
  /// The description of a net is invalid.
  case invalidShape(String)
  /// Training options are invalid.
  case invalidOptions(String)
  /// The loss became infinite or not a number at this step (from 0).
  case nonFiniteLoss(step: Int, loss: Double)
  /// A component of the gradient became infinite or not a number at this step (from 0).
  case nonFiniteGradient(step: Int, component: Int)
  /// The bytes are no training state, or the state of another training, for the given reason.
  case invalidState(String)
}

extension LearningError: CustomStringConvertible {
  /// One sentence that names the place and the value.
  public var description: String {
    switch self {
    case .invalidShape(let reason): "invalid network shape: \(reason)"
    case .invalidOptions(let reason): "invalid training options: \(reason)"
    case .nonFiniteLoss(let step, let loss): "step \(step): the loss is \(loss)"
    case .nonFiniteGradient(let step, let component):
      "step \(step): component \(component) of the gradient is not finite"
    case .invalidState(let reason): "invalid training state: \(reason)"
    }
  }

  /// What was expected, and a remedy: a training that diverges needs a lower learning rate, and bad options come from the
  /// caller.
  public var expectation: String {
    switch self {
    case .nonFiniteLoss, .nonFiniteGradient: Self.stability
    case .invalidShape: "a network that can be built"
    case .invalidOptions: "training options that make sense"
    case .invalidState: "the state of this training"
    }
  }

  private static let stability = "a training that stays finite; try a lower training.learning_rate"
}
