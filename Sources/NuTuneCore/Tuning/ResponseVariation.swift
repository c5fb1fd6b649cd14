/// How the node operator of a sample follows the response parameters of a tuning problem.
public protocol ResponseVariation: Sendable {
  /// Expands the operator to second order.
  ///
  /// - Parameter displacements: of all ``TuningProblem/responseParameters``, in their units.
  /// - Throws: `NuTuneError` when the detector refuses a number.
  func expansion(around displacements: [Double]) throws -> any ResponseExpansion
}

/// A node operator expanded to second order in response parameters; exact with its derivatives where it was expanded.
public protocol ResponseExpansion: Sendable {
  /// The operator at some displacements, with its derivatives.
  func operators(at displacements: [Double]) -> ResponseOperators
}

/// The node operator of a sample at some response parameters.
public struct ResponseOperators: Sendable {
  /// From node values to rates.
  public var operation: any NodeOperator
  /// From node values to the derivatives of rates with respect to each displacement.
  public var slopes: [any NodeOperator]

  /// An operator with its derivatives.
  public init(operation: any NodeOperator, slopes: [any NodeOperator]) {
    self.operation = operation
    self.slopes = slopes
  }
}
