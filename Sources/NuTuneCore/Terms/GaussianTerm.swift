import NuTuneNumerics

/// Measured values with a covariance compared with predicted rates: χ² = (normalization · rate − v)ᵀ V⁺ (…).
///
/// A covariance that is a fraction of the data makes it prefer predictions that are too small (Peelle's puzzle), see
/// ``NormShapeTerm``.
public struct GaussianTerm: WhitenedTerm {
  /// The values.
  public let measured: MeasuredValues
  /// The inverse of V.
  public let whitening: CovarianceWhitening

  /// Creates a term.
  ///
  /// - Throws: `TermError.invalidData` for a matrix that is no covariance.
  public init(_ measured: MeasuredValues) throws(TermError) {
    whitening = try CovarianceWhitening(measured.covariance, threshold: measured.threshold)
    self.measured = measured
  }

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - values: measured values, shape [bins].
  ///   - covariance: covariance V of the values, positive semidefinite, shape [bins × bins].
  ///   - normalization: value for a rate of one.
  ///   - sample: name of the sample, for errors.
  /// - Throws: `TermError.invalidData` for values that are not finite or a matrix that is no covariance of them.
  public init(values: [Double], covariance: Matrix, normalization: Double = 1, sample: String = "") throws(TermError) {
    try self.init(
      try MeasuredValues(values: values, covariance: covariance, normalization: normalization, sample: sample))
  }

  /// Measured values v, shape [bins].
  public var values: [Double] { measured.values }
  /// Value for a rate of one.
  public var normalization: Double { measured.normalization }
  /// Name of the sample, for errors.
  public var sample: String { measured.sample }
  func differences(of rates: UnsafeBufferPointer<Double>) throws(TermError) -> WhitenedDifferences {
    WhitenedDifferences(
      whitening: whitening, values: zip(try measured.prediction(rates), values).map { $0 - $1 },
      slopes: [Double](repeating: normalization, count: values.count))
  }
}
