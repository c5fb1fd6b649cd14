/// The objective of a training: a loss as a function of parameters, with its gradient.
public protocol TrainingObjective {
  /// The precision of the parameters.
  associatedtype Scalar: NetworkScalar = Float

  /// Number of parameters.
  var parameterCount: Int { get }

  /// Returns the loss at `parameters` and adds its gradient to `gradient`, which is zero on entry. Both
  /// [parameterCount].
  ///
  /// The result must depend on the parameters only, so that a resumed training repeats an uninterrupted one bit for
  /// bit.
  mutating func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double

  /// Returns the loss of the judging data (held-out data, or the training data again), without gradient. Called only if
  /// the options have a stopping rule.
  mutating func judge(parameters: UnsafeBufferPointer<Scalar>) throws -> Double
}

extension TrainingObjective {
  /// Throws `LearningError.invalidOptions` by default; objectives that no stopping rule judges need no implementation.
  public mutating func judge(parameters: UnsafeBufferPointer<Scalar>) throws -> Double {
    throw LearningError.invalidOptions("this objective has no data to judge by")
  }
}
