/// The outcome of an iteration.
public enum ConvergenceStatus: Equatable, Sendable, CustomStringConvertible {
  /// The stopping criterion was met.
  case converged
  /// The stopping criterion was not met, with the reason.
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
