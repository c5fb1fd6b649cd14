/// Whether measurements can be described by common functions: the misfit of a model that learned from all of them
/// beside the misfits of the same model that learned from each part alone.
///
/// Δ = χ²_joint − Σ χ²_alone is what the common functions cost. For right models it is about a χ² with as many degrees
/// of freedom as parameters are saved, Σ n_alone − n_joint (M. Maltoni, T. Schwetz, hep-ph/0304176). With the
/// effective numbers of a regularised model this is an estimate; without them there is no probability.
///
/// Parts that share errors, as two ranges of one measurement do, are one vector in χ²_joint, with the covariance of all
/// bins, and each has its own covariance in χ²_alone. Then Δ still has the mean Σ n_alone − n_joint, but it scatters more, with
/// an additional variance of four times the sum of the squared canonical correlations of the parts, and no probability is
/// given.
public struct Tension: Sendable, Codable, Equatable {
  /// Label of the model that learned from everything.
  public var joint: String
  /// Labels of the models that learned from one part each, in the order of the study.
  public var alone: [String]
  /// Names of the samples of each part, shape [parts][samples].
  public var samples: [[String]]
  /// χ²_joint.
  public var jointChiSquare: Double
  /// χ²_alone of each part, shape [parts].
  public var aloneChiSquares: [Double]
  /// Effective number of parameters that common functions save; nil where it is not known.
  public var savedParameters: Double?
  /// Probability of a larger Δ for common functions; nil where no parameters are known to be saved, and for parts that
  /// share errors.
  public var pValue: Double?
  /// Whether bins of different parts share errors; nil where none do, and in older files.
  public var sharesErrors: Bool?
  /// ln of the Bayes factor for common functions, ln Z_joint − Σ ln Z_alone; nil for models that do not know their evidence.
  public var logBayesFactor: Double?

  /// Δ.
  public var difference: Double { jointChiSquare - aloneChiSquares.reduce(0, +) }

  enum CodingKeys: String, CodingKey {
    case joint, alone, samples
    case jointChiSquare = "joint_chi_square"
    case aloneChiSquares = "alone_chi_squares"
    case savedParameters = "saved_parameters"
    case pValue = "p_value"
    case sharesErrors = "shares_errors"
    case logBayesFactor = "ln_bayes_factor"
  }

  /// A comparison.
  public init(
    joint: String, alone: [String], samples: [[String]], jointChiSquare: Double, aloneChiSquares: [Double],
    savedParameters: Double? = nil, pValue: Double? = nil, logBayesFactor: Double? = nil
  ) {
    self.joint = joint
    self.alone = alone
    self.samples = samples
    self.jointChiSquare = jointChiSquare
    self.aloneChiSquares = aloneChiSquares
    self.savedParameters = savedParameters
    self.pValue = pValue
    self.logBayesFactor = logBayesFactor
  }
}
