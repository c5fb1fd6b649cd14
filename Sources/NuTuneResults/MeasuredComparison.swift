/// A prediction beside one sample of measured values with a covariance.
public struct MeasuredComparison: Sendable, Codable, Equatable {
  /// Name of the sample.
  public var sample: String
  /// How they were compared, `norm-shape`; plain χ² is `gaussian`.
  public var statistic: String
  /// χ² by that statistic, of its own bins alone.
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
  /// Name of the measurement in the catalog; nil in older files.
  public var measurement: String?
  /// χ² of norm and shape, whatever the statistic; nil where the sum of the data is not positive, and in older files.
  public var normShape: Double?
  /// Whether correlations between bins were published; nil in older files.
  public var hasCorrelations: Bool?
  /// Share of the predicted values that comes from structure functions which the data learned from do not constrain;
  /// nil for models that do not learn, for data learned from and in older files.
  public var uncovered: Double?
  /// Pulls of the flux components that describe the data best with this prediction, the largest component first; `chiSquare`
  /// counts them. Those that several samples have in common are those of all of them (``JointComparison``), which counts
  /// them. Nil where the flux is in the covariance, and in older files.
  public var fluxPulls: [Double]?
  /// How often χ² of the sample counts in what the models of the study minimise, in `deviance` and in `goodness_of_fit`; every
  /// number here is that of the published covariance. Nil for once, and in older files.
  public var weight: Double?
  /// The comparison that counts the error of the prediction; nil in older files.
  public var predictive: PredictiveAgreement?
  /// The same comparison given the misfit of those parts of the measurement that the model learned from; nil where there are
  /// none, and in older files.
  public var givenLearned: ConditionalComparison?

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
    case measurement
    case normShape = "norm_shape"
    case hasCorrelations = "has_correlations"
    case uncovered
    case fluxPulls = "flux_pulls"
    case weight
    case predictive
    case givenLearned = "given_learned"
  }

  /// Largest relative deviation of the sum of all bins at which one prediction may be called better than another: below
  /// the data a χ² with errors that are fractions of them prefers what is too small.
  public static let largestOffset = 0.1

  /// Whether this prediction may be called better or worse than another one: its sum is that of the data to
  /// ``largestOffset``, and norm and shape can be compared with the correlations of the data.
  public var mayBeRanked: Bool {
    abs(ratio - 1) <= Self.largestOffset && normShape != nil && hasCorrelations ?? false
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
