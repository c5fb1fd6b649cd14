/// An objective that predicts rates in bins, so that events, held-out ones or those that it learns from, can judge it.
///
/// The trainer calls an objective through the protocol. An objective that is generic in its precision should conform for
/// the one in which it is trained (`where Scalar == Float`): then the compiler specialises everything below it.
public protocol RateObjective: TrainingObjective {
  /// Computes predicted rates, positive where there are events, shape [samples][bins] in the order of the tuning
  /// problem's samples.
  ///
  /// - Parameter parameters: Shape [parameterCount].
  func rates(parameters: UnsafeBufferPointer<Scalar>) -> [[Double]]
}
