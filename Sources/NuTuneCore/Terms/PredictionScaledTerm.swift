import NuTuneNumerics

/// Measured values compared with a covariance whose multiplicative part follows a prediction t instead of the data
/// (t0, R. D. Ball et al., JHEP 05 (2010) 075),
///
///     χ² = (s − v)ᵀ V_t⁺ (s − v),   V_t = V − M + M_ij (t_i/v_i)(t_j/v_j),
///
/// with M the part of the covariance V that is a fraction of the values: that of flux and norm.
///
/// The reference t is fixed during a fit and renewed with its result (``renewed(with:)``) until both agree; who fits
/// iterates. The fixed point is right where the model can reach the shape of the data, and far too low where it
/// cannot.
public struct PredictionScaledTerm: WhitenedTerm {
  /// The values.
  public let measured: MeasuredValues
  /// M, the part of the covariance that scales with the values, shape [bins × bins].
  public let multiplicative: Matrix
  /// t, the prediction that the covariance follows, in the unit of the values, shape [bins].
  public let reference: [Double]
  /// The inverse of V_t.
  public let whitening: CovarianceWhitening

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - measured: the values.
  ///   - multiplicative: M, shape [bins × bins];
  ///     the largest common norm that the covariance contains (``commonNorm(of:)``) when nil.
  ///   - reference: t in the unit of the values, shape [bins]; the values when nil, which is plain χ².
  /// - Throws: `TermError.invalidData` for parts that make no covariance.
  public init(
    _ measured: MeasuredValues, multiplicative: Matrix? = nil, reference: [Double]? = nil
  ) throws(TermError) {
    let values = measured.values
    let part: Matrix
    if let multiplicative { part = multiplicative } else { part = try Self.commonNorm(of: measured) }
    guard part.rows == values.count, part.columns == values.count else {
      throw TermError.invalidData("\(values.count) values with a multiplicative part of \(part.rows) × \(part.columns)")
    }
    // A prediction of nothing would leave no error: not less than a thousandth of the data.
    let reference = zip(reference ?? values, values).map { $1 == 0 ? 0 : max($0 / $1, 1e-3) * $1 }
    let factors = zip(reference, values).map { $1 == 0 ? 1 : $0 / $1 }
    var scaled = measured.covariance
    for i in values.indices {
      for j in values.indices { scaled[i, j] += part[i, j] * (factors[i] * factors[j] - 1) }
    }
    whitening = try CovarianceWhitening(scaled, threshold: measured.threshold)
    self.measured = measured
    self.multiplicative = part
    self.reference = reference
  }

  /// 0.95 b² v vᵀ with the largest b for which V − b² v vᵀ is still a covariance, b⁻² = vᵀ V⁺ v: the common norm that
  /// a covariance can contain where no part of it is published. Shape [bins × bins].
  public static func commonNorm(of measured: MeasuredValues) throws(TermError) -> Matrix {
    let values = measured.values
    let precision = try CovarianceWhitening(measured.covariance, threshold: measured.threshold).precision
    var inverse = 0.0
    for i in values.indices { for j in values.indices { inverse += values[i] * precision[i, j] * values[j] } }
    var part = Matrix(rows: values.count, columns: values.count)
    guard inverse > 0 else { return part }
    for i in values.indices { for j in values.indices { part[i, j] = 0.95 / inverse * values[i] * values[j] } }
    return part
  }

  /// True: who fits renews it.
  public var followsPrediction: Bool { true }

  /// The same values with a covariance that follows these rates.
  public func renewed(with rates: [Double]) throws(TermError) -> PredictionScaledTerm {
    let reference = try rates.withRates { rates throws(TermError) in try measured.prediction(rates) }
    return try PredictionScaledTerm(measured, multiplicative: multiplicative, reference: reference)
  }

  func differences(of rates: UnsafeBufferPointer<Double>) throws(TermError) -> WhitenedDifferences {
    WhitenedDifferences(
      whitening: whitening, values: zip(try measured.prediction(rates), measured.values).map { $0 - $1 },
      slopes: [Double](repeating: measured.normalization, count: binCount))
  }
}
