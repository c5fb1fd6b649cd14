/// A prediction at one point of the parameters, a ``LinearPrediction`` or the ``ModeRates`` of some samples, that knows how
/// it changes with them.
public struct DifferentiablePrediction<Prediction: Sendable>: Sendable {
  /// The prediction.
  public let value: Prediction
  /// Turns derivatives of any function with respect to all numbers of the prediction, in its shapes, into those with respect
  /// to the parameters, shape [parameters].
  public let gradient: @Sendable (_ slopes: Prediction) throws -> [Double]

  /// Creates a prediction with its derivatives.
  public init(_ value: Prediction, gradient: @escaping @Sendable (Prediction) throws -> [Double]) {
    self.value = value
    self.gradient = gradient
  }
}
