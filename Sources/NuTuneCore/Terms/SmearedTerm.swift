import NuTuneNumerics

/// A term of values that are a linear map of the true ones: the rates go through a matrix A before they are compared,
/// as the regularisation matrix A_c that is published with an unfolded measurement asks for.
public struct SmearedTerm: ResidualTerm {
  /// The term of smeared rates.
  public let term: any ResidualTerm
  /// A, of any sign, shape [bins × bins].
  public let smearing: Matrix

  /// Creates a term.
  ///
  /// - Throws: `TermError.invalidData` for a matrix of another size.
  public init(_ term: any ResidualTerm, smearing: Matrix) throws(TermError) {
    guard smearing.rows == term.binCount, smearing.columns == term.binCount else {
      throw TermError.invalidData("\(term.binCount) bins with a smearing of \(smearing.rows) × \(smearing.columns)")
    }
    self.term = term
    self.smearing = smearing
  }

  /// Number of bins.
  public var binCount: Int { term.binCount }
  /// Whether the covariance of the term does.
  public var followsPrediction: Bool { term.followsPrediction }
  /// Number of bins.
  public var scale: Double { term.scale }
  /// Number of residuals of the term.
  public var residualCount: Int { term.residualCount }
  /// The inverse of the covariance of the term.
  public var whitening: CovarianceWhitening { term.whitening }

  /// A · rates, shape [bins].
  public static func smeared(_ rates: [Double], by smearing: Matrix) -> [Double] {
    precondition(rates.count == smearing.columns, "[bins] differ")
    return (0..<smearing.rows).map { i in rates.indices.reduce(0) { $0 + smearing[i, $1] * rates[$1] } }
  }

  /// See ``LikelihoodTerm``.
  public func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    let smeared = Self.smeared(Array(rates), by: smearing)
    var inner = [Double](repeating: 0, count: smeared.count)
    let value = try smeared.withRates { smeared throws(TermError) in
      try inner.withGradient { inner throws(TermError) in try term.evaluate(rates: smeared, gradient: inner) }
    }
    for j in rates.indices { gradient[j] = inner.indices.reduce(0) { $0 + inner[$1] * smearing[$1, j] } }
    return value
  }

  /// See ``ResidualTerm``.
  public func residuals(of rates: [Double]) throws(TermError) -> Residuals {
    var residuals = try term.residuals(of: Self.smeared(rates, by: smearing))
    guard let jacobian = try? residuals.jacobian.multiplied(by: smearing) else {
      throw TermError.invalidData("residuals that cannot be smeared")
    }
    residuals.jacobian = jacobian
    return residuals
  }

  /// The same with the next term.
  public func renewed(with rates: [Double]) throws(TermError) -> SmearedTerm {
    try SmearedTerm(try term.renewed(with: Self.smeared(rates, by: smearing)), smearing: smearing)
  }
}
