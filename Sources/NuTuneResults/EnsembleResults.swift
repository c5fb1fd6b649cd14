import NuTuneCore

/// `ensemble.json`, schema `nutune.ensemble/1`: the combined results of the ensembles of a study. Maps are keyed by
/// parameter name, regions by their probability in percent (`68.27`, `95.45`).
public struct EnsembleResults: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.ensemble/1"

  /// Name of the set in which all sources vary.
  public static let allSources = "all"

  /// A number with its standard error.
  public struct Estimate: Sendable, Codable {
    /// The number.
    public var value: Double
    /// Its standard error.
    public var error: Double

    /// Creates a number with its error.
    public init(value: Double, error: Double) {
      self.value = value
      self.error = error
    }
  }

  /// One set of members.
  public struct MemberSet: Sendable, Codable {
    /// `all`, or the one source that varies.
    public var name: String
    /// Sources that vary between the members.
    public var vary: [SystematicSource]
    /// Number of planned members.
    public var planned: Int
    /// Number of missing members; zero unless an incomplete ensemble was merged.
    public var missing: Int
    /// Members that could not be tuned or fitted, with the reason; they are left out.
    public var failures: [String: String]
    /// Number of members whose training did not meet its criterion; they are included.
    public var unconvergedTrainings: Int
    /// Number of members whose fit with the true cross section and their fluxes did not converge, and which are left
    /// out of ``truth``; nil in older files, and where the flux does not vary.
    public var unconvergedTruthFits: Int?
    /// Results with the learned cross section; nil with fewer than two members.
    public var model: Combination?
    /// Results with the true cross section and the members' fluxes; nil where the flux does not vary.
    public var truth: Combination?

    /// Creates a set of members.
    package init(
      name: String, vary: [SystematicSource], planned: Int, missing: Int, failures: [String: String],
      unconvergedTrainings: Int, unconvergedTruthFits: Int? = nil, model: Combination? = nil, truth: Combination? = nil
    ) {
      self.name = name
      self.vary = vary
      self.planned = planned
      self.missing = missing
      self.failures = failures
      self.unconvergedTrainings = unconvergedTrainings
      self.unconvergedTruthFits = unconvergedTruthFits
      self.model = model
      self.truth = truth
    }

    enum CodingKeys: String, CodingKey {
      case name
      case vary
      case planned
      case missing
      case failures
      case unconvergedTrainings = "unconverged_trainings"
      case unconvergedTruthFits = "unconverged_truth_fits"
      case model
      case truth
    }
  }

  /// The combined results of a set's members.
  public struct Combination: Sendable, Codable {
    /// Number of members that are included.
    public var members: Int
    /// Mean of (nearest minimum of the member − minimum with the truth) / σ_stat.
    public var shift: [String: Estimate]
    /// Standard deviation of (nearest minimum of the member − minimum with the truth) / σ_stat.
    public var spread: [String: Estimate]
    /// Combined intervals, by probability and parameter: [lower, upper].
    public var intervals: [String: [String: [Double]]]
    /// Combined regions in the first two parameters, by probability.
    public var contours: [String: OscillationResults.Contour]
    /// Whether the true parameters lie in the combined region, by probability.
    public var holdsTruth: [String: Bool]
    /// Share of the area of the region with the true cross section that lies in the combined region, by probability.
    public var holdsTruthRegion: [String: Double]
    /// Whether a combined region reaches the edge of the scan, by probability.
    public var isCut: [String: Bool]
    /// Nearest minima of the members in order, shape [members][parameters].
    public var fits: [[Double]]
    /// tv to the truth at the near detector: mean and standard deviation over the members.
    public var nearTv: [Double]
    /// tv to the truth at the far detector: mean and standard deviation over the members.
    public var farTv: [Double]
    /// Bands of the far predictions, one for each far sample.
    public var bands: [Band]

    /// Creates combined results.
    package init(
      members: Int, shift: [String: Estimate], spread: [String: Estimate], intervals: [String: [String: [Double]]],
      contours: [String: OscillationResults.Contour], holdsTruth: [String: Bool], holdsTruthRegion: [String: Double],
      isCut: [String: Bool], fits: [[Double]], nearTv: [Double], farTv: [Double], bands: [Band]
    ) {
      self.members = members
      self.shift = shift
      self.spread = spread
      self.intervals = intervals
      self.contours = contours
      self.holdsTruth = holdsTruth
      self.holdsTruthRegion = holdsTruthRegion
      self.isCut = isCut
      self.fits = fits
      self.nearTv = nearTv
      self.farTv = farTv
      self.bands = bands
    }

    enum CodingKeys: String, CodingKey {
      case members
      case shift
      case spread
      case intervals
      case contours
      case holdsTruth = "holds_truth"
      case holdsTruthRegion = "holds_truth_region"
      case isCut = "is_cut"
      case fits
      case nearTv = "near_tv"
      case farTv = "far_tv"
      case bands
    }
  }

  /// Far-detector distributions of a set's members on the first axis of the bins, relative to the truth.
  public struct Band: Sendable, Codable {
    /// Name of the sample.
    public var sample: String
    /// Edges on the first axis.
    public var axis: Axis
    /// True shares of the events in each bin of the axis, sum one.
    public var truth: [Double]
    /// Mean over the members of (share / true share − 1), shape [bins of the axis].
    public var mean: [Double]
    /// Standard deviation over the members of (share / true share − 1), shape [bins of the axis].
    public var spread: [Double]

    /// Creates the distributions of one sample.
    package init(
      sample: String, axis: Axis, truth: [Double], mean: [Double], spread: [Double]
    ) {
      self.sample = sample
      self.axis = axis
      self.truth = truth
      self.mean = mean
      self.spread = spread
    }
  }

  /// `nutune.ensemble/1`.
  public var schema: String
  /// The effective study.
  public var study: EffectiveStudy
  /// Versions, seeds and times behind the numbers.
  public var provenance: Provenance
  /// Label of the model.
  public var model: String
  /// Fitted parameters, in order.
  public var parameters: [String]
  /// True values of the parameters.
  public var trueValues: [String: Double]
  /// The fit with the true cross section and nominal fluxes.
  public var reference: OscillationResults
  /// The intervals of the reference fit at Δ(−2lnL) = 4; nil where they are not known.
  public var referenceAtTwoSigma: [String: OscillationResults.Interval]?
  /// σ_stat: half width of the reference fit's Δ(−2lnL) = 1 interval.
  public var sigmaStat: [String: Double]
  /// The sets; the first has all sources together.
  public var sets: [MemberSet]
  /// Limits of the results that a reader should know before trusting the regions.
  public var warnings: [String]

  /// Creates the results of an ensemble.
  package init(
    schema: String, study: EffectiveStudy, provenance: Provenance, model: String, parameters: [String],
    trueValues: [String: Double], reference: OscillationResults,
    referenceAtTwoSigma: [String: OscillationResults.Interval]? = nil, sigmaStat: [String: Double], sets: [MemberSet],
    warnings: [String]
  ) {
    self.schema = schema
    self.study = study
    self.provenance = provenance
    self.model = model
    self.parameters = parameters
    self.trueValues = trueValues
    self.reference = reference
    self.referenceAtTwoSigma = referenceAtTwoSigma
    self.sigmaStat = sigmaStat
    self.sets = sets
    self.warnings = warnings
  }

  enum CodingKeys: String, CodingKey {
    case schema
    case study
    case provenance
    case model
    case parameters
    case trueValues = "true_values"
    case reference
    case referenceAtTwoSigma = "reference_at_two_sigma"
    case sigmaStat = "sigma_stat"
    case sets
    case warnings
  }
}

extension EnsembleResults {
  /// Whether no member is missing and every fit and training met its criterion; results that are not sound are printed
  /// as NOT CONVERGED.
  public var isSound: Bool {
    reference.converged
      && sets.allSatisfy {
        $0.missing == 0 && $0.failures.isEmpty && $0.model != nil && $0.unconvergedTrainings == 0
          && ($0.unconvergedTruthFits ?? 0) == 0
      }
  }

  /// The probabilities of one and two standard deviations, as keys.
  public static var levels: [(sigmas: Double, key: String)] { [(1, "68.27"), (2, "95.45")] }
}
