import NuTuneCore

/// Results of one tuned model.
public struct ModelResults: Sendable, Codable {
  /// Agreement at the near detector.
  public struct Near: Sendable, Codable {
    /// Total variation ½Σ|p−q| from the truth, the mean over samples.
    public var tv: Double
    /// Multinomial deviance 2NΣp ln(p/q) from the data, summed over samples; N = 1 when the events are infinite. Of measured
    /// values χ² with their covariance.
    public var deviance: Double
    /// Predicted over measured cross section of all bins, the mean over samples; nil for simulated data, to which a
    /// model's scale means nothing.
    public var rateRatio: Double?
    /// Number of bins.
    public var bins: Int
    /// Names of the samples; nil in older files.
    public var samples: [String]?
    /// Whether the deviance is what a right model has; nil in older files, for models that are not tuned and for data
    /// that the model was not tuned on.
    public var goodnessOfFit: GoodnessOfFit?
    /// How each sample of measured values was compared; nil for counts.
    public var measured: [MeasuredComparison]?
    /// Samples of measured values that share errors, as one vector of data each; nil where none do, and in older files.
    public var together: [JointComparison]?

    enum CodingKeys: String, CodingKey {
      case tv
      case deviance
      case rateRatio = "measured_ratio"
      case bins
      case samples
      case goodnessOfFit = "goodness_of_fit"
      case measured
      case together
    }

    /// Creates the agreement at the near detector.
    public init(
      tv: Double, deviance: Double, rateRatio: Double? = nil, bins: Int, samples: [String]? = nil,
      goodnessOfFit: GoodnessOfFit? = nil, measured: [MeasuredComparison]? = nil, together: [JointComparison]? = nil
    ) {
      self.tv = tv
      self.deviance = deviance
      self.rateRatio = rateRatio
      self.bins = bins
      self.samples = samples
      self.goodnessOfFit = goodnessOfFit
      self.measured = measured
      self.together = together
    }
  }

  /// Agreement at the far detector, at the true oscillation parameters.
  public struct Far: Sendable, Codable {
    /// Total variation ½Σ|p−q| from the truth, the mean over samples.
    public var tv: Double
    /// FD/ND rate relative to the true FD/ND rate, the mean over samples.
    public var rateRatio: Double
    /// Multinomial deviance from the truth for the number of far events, summed over samples.
    public var deviance: Double
    /// Every component, and every sample that is a sum of some, where near data fix the scale; nil elsewhere.
    public var samples: [Sample]?
    /// Electrons over muons of the same neutrino sign, relative to the truth; nil without both, and in older files.
    public var ratios: [Ratio]?

    enum CodingKeys: String, CodingKey {
      case tv
      case rateRatio = "rate_ratio"
      case deviance
      case samples
      case ratios
    }

    /// Creates the agreement at the far detector.
    public init(
      tv: Double, rateRatio: Double, deviance: Double, samples: [Sample]? = nil, ratios: [Ratio]? = nil
    ) {
      self.tv = tv
      self.rateRatio = rateRatio
      self.deviance = deviance
      self.samples = samples
      self.ratios = ratios
    }

    /// The rate of one far dataset over that of another, relative to the same ratio of the truth. The scale of a neutrino
    /// sign, exposures and efficiencies cancel.
    public struct Ratio: Sendable, Codable {
      /// Name of the far dataset with electrons.
      public var numerator: String
      /// Name of the far dataset with muons.
      public var denominator: String
      /// The ratio, true = 1.
      public var value: Double
      /// Its posterior standard deviation; nil for a model that does not know its uncertainty.
      public var error: Double?

      /// Creates a ratio.
      public init(numerator: String, denominator: String, value: Double, error: Double? = nil) {
        self.numerator = numerator
        self.denominator = denominator
        self.value = value
        self.error = error
      }
    }

    /// Agreement of one far sample, or of one component of it.
    public struct Sample: Sendable, Codable {
      /// Its name.
      public var name: String
      /// Whether it is a sum of components and backgrounds.
      public var isSum: Bool
      /// Total variation ½Σ|p−q| from the truth.
      public var tv: Double
      /// Number of events over the true one, with the scale that near data fix.
      public var rateRatio: Double
      /// Expected events of its backgrounds, by name; nil without.
      public var backgrounds: [String: Double]?

      enum CodingKeys: String, CodingKey {
        case name
        case isSum = "is_sum"
        case tv
        case rateRatio = "rate_ratio"
        case backgrounds
      }

      /// Creates the agreement of one far sample.
      public init(name: String, isSum: Bool, tv: Double, rateRatio: Double) {
        self.name = name
        self.isSum = isSum
        self.tv = tv
        self.rateRatio = rateRatio
      }
    }
  }

  /// Agreement at one fixed neutrino energy.
  public struct Slice: Sendable, Codable {
    /// E_ν in GeV.
    public var energy: Double
    /// Total variation on the near-detector bins.
    public var tv: Double

    /// Creates the agreement at one energy.
    public init(energy: Double, tv: Double) {
      self.energy = energy
      self.tv = tv
    }
  }

  /// Whether near-detector data constrain the structure functions that the far detector needs.
  public struct Support: Sendable, Codable {
    /// Largest uncovered share of the far rate without a warning. A study whose near detector covers the far rate has
    /// less than 1e-6; half a percent is the size of the far tv of a good model, so more than that decides the result.
    public static let largestUncovered = 0.005
    /// Overlap of near and far importance over the nodes, Σ min(near, far), each with sum one; of several near samples
    /// the one with the largest importance at a node counts.
    public var overlap: Double
    /// Share of the far rate at nodes where near-detector data hold less than a tenth of what the far detector needs;
    /// nil in older files.
    public var uncovered: Double?

    /// Creates the support of a model.
    public init(overlap: Double, uncovered: Double? = nil) {
      self.overlap = overlap
      self.uncovered = uncovered
    }
  }

  /// Summary of the tuning.
  public struct Training: Sendable, Codable {
    /// Whether the stated criterion was met.
    public var converged: Bool
    /// The criterion and its outcome.
    public var verdict: String
    /// Number of steps done.
    public var steps: Int
    /// Final loss.
    public var loss: Double
    /// Duration of the tuning in seconds.
    public var seconds: Double
    /// The fitted parameters of a theory, by name; nil for other models, and in older files.
    public var parameters: [String: ParameterEstimate]?
    /// Correlations of the fitted parameters by their two names, the diagonal included.
    public var correlations: [String: [String: Double]]?
    /// Numbers of the near detectors' response that were fitted with the model, by name; nil where none were, and in older
    /// files.
    public var response: [String: ResponseEstimate]?
    /// ln of the evidence of the data learned from, relative to a prediction that is the data; nil for a model that does not
    /// know it, and in older files.
    public var logEvidence: Double?

    enum CodingKeys: String, CodingKey {
      case converged, verdict, steps, loss, seconds, parameters, correlations, response
      case logEvidence = "ln_evidence"
    }

    /// Creates a tuning.
    public init(
      converged: Bool, verdict: String, steps: Int, loss: Double, seconds: Double,
      parameters: [String: ParameterEstimate]? = nil, correlations: [String: [String: Double]]? = nil,
      response: [String: ResponseEstimate]? = nil, logEvidence: Double? = nil
    ) {
      self.converged = converged
      self.verdict = verdict
      self.steps = steps
      self.loss = loss
      self.seconds = seconds
      self.parameters = parameters
      self.correlations = correlations
      self.response = response
      self.logEvidence = logEvidence
    }
  }

  /// Agreement at the near detector to whose data the model was tuned.
  public var near: Near
  /// Agreement at other near detectors (positions, joint experiments), to whose data the model was not tuned; nil when
  /// there are none.
  public var elsewhere: Near?
  /// Agreement at the far detector; nil without one.
  public var far: Far?
  /// Agreement at fixed neutrino energies.
  public var slices: [Slice]
  /// Support by near-detector data; nil for models without structure functions.
  public var support: Support?
  /// Summary of the tuning; nil for models that are not tuned.
  public var training: Training?
  /// The oscillation fit; for a model with posterior modes the marginal fit. Nil when nothing is fitted, and where
  /// ``oscillationCheck`` finds that it cannot be trusted.
  public var oscillation: OscillationResults?
  /// The fit at the posterior mean of such a model; nil for other models.
  public var oscillationAtPosteriorMean: OscillationResults?
  /// Whether the marginal fit over the posterior modes can be trusted; nil for other models.
  public var oscillationCheck: MarginalFitCheck?
  /// Deviations of learned from true structure functions; nil for models (or a truth) without them.
  public var structureFunctions: StructureFunctionDeviations?
  /// Limits of the far-detector prediction that a reader should know; nil in older files.
  public var warnings: [String]?

  enum CodingKeys: String, CodingKey {
    case near
    case elsewhere
    case far
    case slices
    case support
    case training
    case oscillation
    case oscillationAtPosteriorMean = "oscillation_at_posterior_mean"
    case oscillationCheck = "oscillation_check"
    case structureFunctions = "structure_functions"
    case warnings
  }

  /// Creates results of one model.
  public init(
    near: Near, elsewhere: Near? = nil, far: Far?, slices: [Slice], support: Support?, training: Training?,
    oscillation: OscillationResults?,
    oscillationAtPosteriorMean: OscillationResults? = nil,
    structureFunctions: StructureFunctionDeviations? = nil, warnings: [String]? = nil
  ) {
    self.near = near
    self.elsewhere = elsewhere
    self.far = far
    self.slices = slices
    self.support = support
    self.training = training
    self.oscillation = oscillation
    self.oscillationAtPosteriorMean = oscillationAtPosteriorMean
    self.structureFunctions = structureFunctions
    self.warnings = warnings
  }
}

extension ModelResults {
  /// Stores a check of the marginal fit; a fit that cannot be trusted is withheld, with a warning.
  public mutating func apply(_ check: MarginalFitCheck?) {
    oscillationCheck = check
    guard let warning = check?.warning else { return }
    oscillation = nil
    warnings = (warnings ?? []) + [warning]
  }
}
