/// A root of a function of one variable.
public struct Root: Equatable, Sendable {
  /// Position at which the function crosses zero.
  public let position: Double
  /// The bracket the root lies in.
  public let bracket: ClosedRange<Double>
  /// Number of calls of the function.
  public let evaluations: Int
}
