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
}
