/// A prediction beside a held-out part of a measurement given other parts, whose errors are correlated with its own: with C the
/// covariance of all bins, the misfit r_L = v_L − f_L of the others shifts the prediction by C_HL C_LL⁺ r_L and leaves the
/// covariance C_HH − C_HL C_LL⁺ C_LH of the data.
public struct ConditionalComparison: Sendable, Codable, Equatable {
  /// Names of the samples that are given.
  public var samples: [String]
  /// Names of these parts of the measurement.
  public var measurements: [String]
  /// Predicted over measured sum of all bins, the prediction shifted.
  public var ratio: Double
  /// With the covariance that is left, and the error of the model on both parts; the log score is relative to the same as that
  /// of the comparison without what is given, and may exceed zero.
  public var predictive: PredictiveAgreement

  /// A comparison.
  public init(samples: [String], measurements: [String], ratio: Double, predictive: PredictiveAgreement) {
    self.samples = samples
    self.measurements = measurements
    self.ratio = ratio
    self.predictive = predictive
  }
}
