import NuTuneNumerics

/// Measured values with a covariance compared with predicted rates: χ² = (normalization · rate − v)ᵀ V⁻¹ (…).
public struct GaussianTerm: LikelihoodTerm {
  /// Measured values v, shape [bins].
  public let values: [Double]
  /// Value for a rate of one.
  public let normalization: Double
  /// Number of bins.
  public let scale: Double
  /// V⁻¹, shape [bins × bins].
  private let precision: Matrix
  /// Name of the sample, for errors.
  public let sample: String

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - values: measured values, shape [bins].
  ///   - covariance: covariance V of the values, positive definite, shape [bins × bins].
  ///   - normalization: value for a rate of one.
  ///   - sample: name of the sample, for errors.
  /// - Throws: `TermError.invalidData` for values that are not finite or a matrix that is no covariance of them.
  public init(values: [Double], covariance: Matrix, normalization: Double = 1, sample: String = "") throws(TermError) {
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
    do {
      precision = try Cholesky(covariance).inverse()
    } catch {
      throw TermError.invalidData("a covariance that is not positive definite")
    }
    self.values = values
    self.normalization = normalization
    self.sample = sample
    scale = Double(values.count)
  }

  /// Number of bins.
  public var binCount: Int { values.count }

  /// See ``LikelihoodTerm``.
  public func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    precondition(rates.count == values.count && gradient.count == values.count, "[bins] differ")
    var residuals = values
    for (bin, rate) in rates.enumerated() {
      guard rate.isFinite else {
        throw TermError.invalidPrediction(bin: bin, prediction: rate, sample: sample)
      }
      residuals[bin] = normalization * rate - values[bin]
    }
    var sum = 0.0
    for i in residuals.indices {
      var weighted = 0.0
      for j in residuals.indices { weighted += precision[i, j] * residuals[j] }
      sum += residuals[i] * weighted
      gradient[i] = normalization * weighted / scale
    }
    return sum / (2 * scale)
  }
}
