/// A term of measured values whose χ² is that of whitened differences: what such terms have in common.
protocol WhitenedTerm: ResidualTerm {
  /// The values.
  var measured: MeasuredValues { get }

  /// What is compared at some rates, of shape [bins].
  func differences(of rates: UnsafeBufferPointer<Double>) throws(TermError) -> WhitenedDifferences
}

extension WhitenedTerm {
  /// Number of bins.
  public var binCount: Int { measured.values.count }
  /// Number of bins.
  public var scale: Double { Double(binCount) }

  /// See ``LikelihoodTerm``.
  public func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    try differences(of: rates).evaluate(scale: scale, gradient: gradient)
  }

  /// See ``ResidualTerm``.
  public func residuals(of rates: [Double]) throws(TermError) -> Residuals {
    try rates.withRates { rates throws(TermError) in try differences(of: rates).residuals() }
  }
}
