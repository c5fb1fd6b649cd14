/// Where a minimiser ended, whether it converged or not.
public struct MinimizationResult: Equatable, Sendable {
  /// The best point found, shape [parameters].
  public let position: [Double]
  /// The function there.
  public let value: Double
  /// Euclidean norm of the gradient there; nil for methods without gradient.
  public let gradientNorm: Double?
  /// Number of iterations of the method.
  public let iterations: Int
  /// Number of calls of the function, those for numerical gradients included.
  public let evaluations: Int
  /// Whether the stopping criterion was met.
  public let status: ConvergenceStatus
}
