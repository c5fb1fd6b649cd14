/// A linearised prediction at one point of the parameters that knows how it changes with them.
public struct DifferentiablePrediction: Sendable {
  /// The prediction.
  public let value: LinearPrediction
  /// Turns derivatives of any function with respect to all rates and directions, in the shapes of the prediction, into those
  /// with respect to the parameters, shape [parameters].
  public let gradient: @Sendable (_ slopes: LinearPrediction) throws -> [Double]

  /// Creates a prediction with its derivatives.
  public init(_ value: LinearPrediction, gradient: @escaping @Sendable (LinearPrediction) throws -> [Double]) {
    self.value = value
    self.gradient = gradient
  }
}
