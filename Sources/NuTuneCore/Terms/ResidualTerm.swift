/// A term of values with a covariance: −2lnL = χ² = |r|², a sum of squares, as Gauss–Newton learners need it.
///
/// The terms differ in what they compare: the values themselves (``GaussianTerm``), total and shape
/// (``NormShapeTerm``), the values with a covariance that follows the prediction (``PredictionScaledTerm``), or
/// logarithms (``LogNormalTerm``).
public protocol ResidualTerm: LikelihoodTerm {
  /// Number of residuals, the mean of χ² for the right rates.
  var residualCount: Int { get }

  /// The inverse of the covariance that χ² is made with: its rank and threshold.
  var whitening: CovarianceWhitening { get }

  /// Whether its covariance follows the prediction, so that a fit has to be repeated with ``renewed(with:)``.
  var followsPrediction: Bool { get }

  /// Returns the residuals of rates, of shape [bins], with their derivatives.
  ///
  /// - Throws: `TermError` where rates make no likelihood.
  func residuals(of rates: [Double]) throws(TermError) -> Residuals

  /// The term of the next iteration, whose covariance follows these rates; the same one where it follows none.
  func renewed(with rates: [Double]) throws(TermError) -> Self
}

extension ResidualTerm {
  /// Number of residuals: the rank of the covariance.
  public var residualCount: Int { whitening.rank }

  /// False: its covariance stays.
  public var followsPrediction: Bool { false }

  /// The same term: its covariance follows no prediction.
  public func renewed(with rates: [Double]) throws(TermError) -> Self { self }
}
