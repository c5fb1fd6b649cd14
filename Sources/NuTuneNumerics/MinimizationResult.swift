/// The end point of a minimiser, whether it converged or not.
public struct MinimizationResult: Equatable, Sendable {
  /// The best point found, shape [parameters].
  public let position: [Double]
  /// Value of the function at ``position``.
  public let value: Double
  /// Euclidean norm of the gradient at ``position``; nil for methods without gradient.
  public let gradientNorm: Double?
  /// Number of iterations of the method.
  public let iterations: Int
  /// Number of calls of the function, including those for numerical gradients.
  public let evaluations: Int
  /// Whether the stopping criterion was met.
  public let status: ConvergenceStatus
}
