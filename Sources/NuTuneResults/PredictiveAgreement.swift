/// How a prediction that has an error of its own compares with measured values of covariance V: with P the covariance
/// of the predicted values, the difference of both has the covariance V + P. Of a model that does not know its error P
/// is zero.
public struct PredictiveAgreement: Sendable, Codable, Equatable {
  /// Relative standard deviation of the predicted sum of all bins; nil for a model that does not know its error.
  public var totalError: Double?
  /// χ² with V + P, in the directions in which V has an error.
  public var chiSquare: Double
  /// ln of the predicted probability density at the data, relative to a prediction that is the data and has no error:
  /// −½ (χ² + ln det(1 + W P Wᵀ)) with W V Wᵀ = 1. Zero at most, larger is better; nil without correlations of the
  /// data.
  public var logScore: Double?
  /// Root of the mean square of (data − prediction)/√(V + P)_ii over all bins.
  public var pullRootMeanSquare: Double
  /// Share of bins whose pull lies between −1 and 1, 0.68 for the right errors.
  public var pullsWithinOne: Double
  /// Share of pseudo-experiments with the prediction as truth whose χ² of norm and shape is at least that of the data;
  /// nil without pseudo-experiments or correlations of the data.
  public var pValue: Double?
  /// Number of pseudo-experiments behind the p value; nil without.
  public var experiments: Int?

  enum CodingKeys: String, CodingKey {
    case totalError = "total_error"
    case chiSquare = "chi_square"
    case logScore = "log_score"
    case pullRootMeanSquare = "pull_rms"
    case pullsWithinOne = "pulls_within_one"
    case pValue = "p_value"
    case experiments = "pseudo_experiments"
  }

  /// A comparison.
  public init(
    totalError: Double? = nil, chiSquare: Double, logScore: Double? = nil, pullRootMeanSquare: Double,
    pullsWithinOne: Double, pValue: Double? = nil, experiments: Int? = nil
  ) {
    self.totalError = totalError
    self.chiSquare = chiSquare
    self.logScore = logScore
    self.pullRootMeanSquare = pullRootMeanSquare
    self.pullsWithinOne = pullsWithinOne
    self.pValue = pValue
    self.experiments = experiments
  }
}
