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
