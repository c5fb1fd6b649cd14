/// The result of a nonlinear least-squares fit.
public struct LeastSquaresResult: Equatable, Sendable {
  /// Best-fit parameters, shape [parameters].
  public let parameters: [Double]
  /// (Jᵀ J)⁻¹ at the solution, shape [parameters × parameters]: the covariance when residuals are in units of their
  /// errors. Multiply by `chiSquare / degreesOfFreedom` when they are not.
  public let covariance: Matrix
  /// Σ rᵢ².
  public let chiSquare: Double
  /// Number of residuals minus number of parameters.
  public let degreesOfFreedom: Int
  /// Number of iterations.
  public let iterations: Int
  /// Whether a stopping criterion was met.
  public let status: ConvergenceStatus
}
