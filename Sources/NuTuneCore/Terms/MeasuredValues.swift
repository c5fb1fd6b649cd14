import NuTuneNumerics

/// Measured values with their covariance, checked: what every term with a covariance starts from.
public struct MeasuredValues: Sendable {
  /// Values v, shape [bins].
  public let values: [Double]
  /// Covariance V of the values, shape [bins × bins].
  public let covariance: Matrix
  /// Value for a rate of one.
  public let normalization: Double
  /// Smallest eigenvalue of a correlation matrix that counts, relative to the largest.
  public let threshold: Double
  /// Name of the sample, for errors.
  public let sample: String

  /// Stores values of which a term can be made.
  ///
  /// - Parameters:
  ///   - values: measured values, shape [bins].
  ///   - covariance: covariance V of the values, positive semidefinite, shape [bins × bins].
  ///   - normalization: value for a rate of one.
  ///   - threshold: smallest eigenvalue of a correlation matrix that counts, relative to the largest.
  ///   - sample: name of the sample, for errors.
  /// - Throws: `TermError.invalidData` for values that are not finite or a matrix of another size.
  public init(
    values: [Double], covariance: Matrix, normalization: Double = 1,
    threshold: Double = CovarianceWhitening.standardThreshold, sample: String = ""
  ) throws(TermError) {
    guard covariance.rows == values.count, covariance.columns == values.count, !values.isEmpty else {
      throw TermError.invalidData(
        "\(values.count) values with a covariance of \(covariance.rows) × \(covariance.columns)")
    }
    if let bin = values.firstIndex(where: { !$0.isFinite }) {
      throw TermError.invalidData("bin \(bin) contains \(values[bin])")
    }
    guard normalization > 0, normalization.isFinite else {
      throw TermError.invalidData("the value for a rate of one is \(normalization)")
    }
    self.values = values
    self.covariance = covariance
    self.normalization = normalization
    self.threshold = threshold
    self.sample = sample
  }

  /// Predicted values, shape [bins].
  ///
  /// - Throws: `TermError.invalidPrediction` for a rate that is not finite.
  func prediction(_ rates: UnsafeBufferPointer<Double>) throws(TermError) -> [Double] {
    precondition(rates.count == values.count, "[bins] differ")
    var predicted = values
    for (bin, rate) in rates.enumerated() {
      guard rate.isFinite else {
        throw TermError.invalidPrediction(bin: bin, prediction: rate, sample: sample)
      }
      predicted[bin] = normalization * rate
    }
    return predicted
  }
}
