/// What can go wrong while a model learns.
public enum LearningError: Error, Sendable, Equatable {
  /// The description of a net makes no sense.
  case invalidShape(String)
  /// Training options make no sense.
  case invalidOptions(String)
  /// A prediction is not positive where there is data: the deviance is infinite. `bin` counts from 0.
  case predictionNotPositive(bin: Int, prediction: Double, data: Double)
  /// Data or predictions that cannot be compared, with the reason.
  case invalidData(String)
  /// The loss became infinite or not a number at this step (from 0).
  case nonFiniteLoss(step: Int, loss: Double)
  /// A component of the gradient became infinite or not a number at this step (from 0).
  case nonFiniteGradient(step: Int, component: Int)
  /// Bytes that are not a training state, or one of another training, with the reason.
  case invalidState(String)
}

extension LearningError: CustomStringConvertible {
  /// One sentence that names place and value.
  public var description: String {
    switch self {
    case .invalidShape(let reason): "invalid network shape: \(reason)"
    case .invalidOptions(let reason): "invalid training options: \(reason)"
    case .predictionNotPositive(let bin, let prediction, let data):
      "bin \(bin): prediction \(prediction) is not positive where the data are \(data)"
    case .invalidData(let reason): "invalid data: \(reason)"
    case .nonFiniteLoss(let step, let loss): "step \(step): the loss is \(loss)"
    case .nonFiniteGradient(let step, let component):
      "step \(step): component \(component) of the gradient is not finite"
    case .invalidState(let reason): "invalid training state: \(reason)"
    }
  }
}
