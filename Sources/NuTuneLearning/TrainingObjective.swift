/// Something to be minimised: a loss as a function of parameters, with its gradient.
public protocol TrainingObjective {
  /// The precision of the parameters.
  associatedtype Scalar: NetworkScalar = Float

  /// Number of parameters.
  var parameterCount: Int { get }

  /// The loss at `parameters`; adds its gradient to `gradient`, which arrives zero. Both [parameterCount].
  ///
  /// The result must depend on the parameters only: resumed training repeats undisturbed training bit for bit.
  mutating func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double

  /// The loss of data that are kept out of training, or of the training data again, without gradient: what decides
  /// when to stop. Asked for only where the options say how to stop.
  mutating func judge(parameters: UnsafeBufferPointer<Scalar>) throws -> Double
}

extension TrainingObjective {
  /// Objectives that nobody asks to judge need not.
  public mutating func judge(parameters: UnsafeBufferPointer<Scalar>) throws -> Double {
    throw LearningError.invalidOptions("this objective has no data to judge by")
  }
}
