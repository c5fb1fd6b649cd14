import NuTuneNumerics

/// Residuals r of predicted rates, of which −2lnL = |r|², and what they change by with the rates.
public struct Residuals: Sendable {
  /// r, shape [residuals].
  public var values: [Double]
  /// ∂r/∂rate, shape [residuals × bins].
  public var jacobian: Matrix

  /// Residuals with their derivatives.
  public init(values: [Double], jacobian: Matrix) {
    self.values = values
    self.jacobian = jacobian
  }

  /// χ² = |r|².
  public var chiSquare: Double { values.reduce(0) { $0 + $1 * $1 } }
}
