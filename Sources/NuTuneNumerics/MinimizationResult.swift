/// How an iteration ended.
public enum ConvergenceStatus: Equatable, Sendable, CustomStringConvertible {
  /// The stopping criterion was met.
  case converged
  /// It was not, and why.
  case notConverged(String)

  /// Whether the stopping criterion was met.
  public var isConverged: Bool { self == .converged }

  /// `converged`, or `not converged: …`.
  public var description: String {
    switch self {
    case .converged: "converged"
    case .notConverged(let reason): "not converged: \(reason)"
    }
  }
}

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
