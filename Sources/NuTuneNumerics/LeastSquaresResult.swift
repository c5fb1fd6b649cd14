/// The result of a nonlinear least-squares fit.
public struct LeastSquaresResult: Equatable, Sendable {
  /// Best-fit parameters, shape [parameters]; one at an end of its range is exactly there.
  public let parameters: [Double]
  /// Σ rᵢ².
  public let chiSquare: Double
  /// Σ rᵢ² at the start and after each step, the last one included.
  public let history: [Double]
  /// Whether the stopping criterion was met.
  public let status: ConvergenceStatus
}
