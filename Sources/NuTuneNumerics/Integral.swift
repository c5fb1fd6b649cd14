/// The value of an integral with an estimate of its error.
public struct Integral: Equatable, Sendable {
  /// The integral, in units of integrand times argument.
  public let value: Double
  /// Estimated absolute error; CQUAD's estimate is an upper bound in practice.
  public let error: Double
  /// Number of times the integrand was called.
  public let evaluations: Int
}
