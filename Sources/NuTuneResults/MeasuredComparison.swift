/// A prediction beside one sample of measured values with a covariance.
public struct MeasuredComparison: Sendable, Codable, Equatable {
  /// Name of the sample.
  public var sample: String
  /// How they were compared, `norm-shape`; plain χ² is `gaussian`.
  public var statistic: String
  /// χ² by that statistic.
  public var chiSquare: Double
  /// Plain χ² with the published covariance.
  public var plain: Double
  /// Plain χ² of a prediction of nothing.
  public var plainOfZero: Double
  /// Number of residuals, the mean of χ² for the right prediction.
  public var residuals: Int
  /// Number of directions in which the inverse of the covariance counts differences.
  public var rank: Int
  /// Smallest eigenvalue of the correlation matrix that counts, relative to the largest.
  public var threshold: Double
  /// Predicted over measured sum of all bins.
  public var ratio: Double

  enum CodingKeys: String, CodingKey {
    case sample
    case statistic
    case chiSquare = "chi_square"
    case plain
    case plainOfZero = "plain_of_zero"
    case residuals
    case rank
    case threshold
    case ratio
  }

  /// A comparison.
  public init(
    sample: String, statistic: String, chiSquare: Double, plain: Double, plainOfZero: Double, residuals: Int, rank: Int,
    threshold: Double, ratio: Double
  ) {
    self.sample = sample
    self.statistic = statistic
    self.chiSquare = chiSquare
    self.plain = plain
    self.plainOfZero = plainOfZero
    self.residuals = residuals
    self.rank = rank
    self.threshold = threshold
    self.ratio = ratio
  }
}
