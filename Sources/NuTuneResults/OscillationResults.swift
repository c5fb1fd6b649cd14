/// An oscillation fit: best fit, errors, all minima, contours; for a tuned model also the comparison with the fit of
/// the truth. Maps are keyed by parameter name (`sin2_theta23`, `dm2_32`).
public struct OscillationResults: Sendable, Codable {
  /// One local minimum of −2lnL.
  public struct Minimum: Sendable, Codable {
    /// Parameters at the minimum.
    public var parameters: [String: Double]
    /// −2lnL above the best minimum.
    public var delta: Double

    /// Creates a minimum.
    public init(parameters: [String: Double], delta: Double) {
      self.parameters = parameters
      self.delta = delta
    }
  }

  /// Interval of Δ(−2lnL) = 1, other parameters profiled.
  public struct Interval: Sendable, Codable {
    /// Lower end.
    public var lower: Double
    /// Upper end.
    public var upper: Double
    /// Whether the interval holds more than one minimum (both octants).
    public var spansSeveralMinima: Bool
    /// Whether the interval ends at the range of the parameter rather than at Δ = 1.
    public var reachesBound: Bool
    /// The kind of a one-sided interval: `upper_limit` when the interval begins where the parameter does, `lower_limit`
    /// when it ends where the parameter does; nil for an interval with two ends of its own, or none.
    public var oneSided: OneSided?

    /// The kinds of one-sided intervals.
    public enum OneSided: String, Sendable, Codable {
      /// The parameter is at most ``Interval/upper``.
      case upperLimit = "upper_limit"
      /// The parameter is at least ``Interval/lower``.
      case lowerLimit = "lower_limit"
    }

    enum CodingKeys: String, CodingKey {
      case lower
      case upper
      case spansSeveralMinima = "spans_several_minima"
      case reachesBound = "reaches_bound"
      case oneSided = "one_sided"
    }

    /// Creates an interval.
    ///
    /// - Parameters:
    ///   - lower: lower end, in the parameter's unit.
    ///   - upper: upper end, in the parameter's unit.
    ///   - spansSeveralMinima: whether the interval holds more than one minimum.
    ///   - reachesBound: whether the interval ends at the range of the parameter.
    ///   - oneSided: the kind of a one-sided interval.
    public init(
      lower: Double, upper: Double, spansSeveralMinima: Bool, reachesBound: Bool, oneSided: OneSided? = nil
    ) {
      self.lower = lower
      self.upper = upper
      self.spansSeveralMinima = spansSeveralMinima
      self.reachesBound = reachesBound
      self.oneSided = oneSided
    }
  }

  /// Contours at one level.
  public struct Contour: Sendable, Codable {
    /// Probability content, 0.6827 or 0.9545.
    public var probability: Double
    /// Δ(−2lnL) of the contour.
    public var level: Double
    /// Lines of [first parameter, second parameter] points; a closed one ends where it starts.
    public var lines: [[[Double]]]
    /// True when every point of the scan lies inside, so that there is no line; nil otherwise.
    public var fillsScan: Bool?

    enum CodingKeys: String, CodingKey {
      case probability
      case level
      case lines
      case fillsScan = "fills_scan"
    }

    /// Creates contours at a level.
    ///
    /// - Parameters:
    ///   - probability: probability content.
    ///   - level: Δ(−2lnL).
    ///   - lines: points of each line, in the units of the results.
    ///   - fillsScan: whether every point of the scan lies inside.
    public init(probability: Double, level: Double, lines: [[[Double]]], fillsScan: Bool? = nil) {
      self.probability = probability
      self.level = level
      self.lines = lines
      self.fillsScan = fillsScan
    }
  }

  /// Δ(−2lnL) along one parameter, the others at their best values.
  public struct Profile: Sendable, Codable {
    /// Values of the parameter, increasing.
    public var values: [Double]
    /// Δ(−2lnL) at each value, above the best minimum; between the points of a scan by a parabola.
    public var delta: [Double]

    /// Creates a profile.
    ///
    /// - Parameters:
    ///   - values: values of the parameter, in the unit of the results.
    ///   - delta: Δ(−2lnL), one for each value.
    public init(values: [Double], delta: [Double]) {
      self.values = values
      self.delta = delta
    }
  }

  /// A region whose critical values come from pseudo-experiments.
  public struct FeldmanCousinsRegion: Sendable, Codable {
    /// Probability content, 0.6827 or 0.9545.
    public var probability: Double
    /// Number of pseudo-experiments at each test point.
    public var experiments: Int
    /// Smallest and largest critical Δ(−2lnL) over the test points.
    public var criticalValues: [Double]
    /// Critical Δ(−2lnL) at the nearest minimum (``nearestMinimum``), with its binomial error.
    public var atMinimum: [Double]
    /// Lines of [first parameter, second parameter] points.
    public var lines: [[[Double]]]

    /// Creates a region with its critical values.
    public init(
      probability: Double, experiments: Int, criticalValues: [Double], atMinimum: [Double], lines: [[[Double]]]
    ) {
      self.probability = probability
      self.experiments = experiments
      self.criticalValues = criticalValues
      self.atMinimum = atMinimum
      self.lines = lines
    }

    enum CodingKeys: String, CodingKey {
      case probability
      case experiments
      case criticalValues = "critical_values"
      case atMinimum = "at_minimum"
      case lines
    }
  }

  /// The best fit under one answer to a discrete question.
  public struct Hypothesis: Sendable, Codable {
    /// Values at its lowest minimum.
    public var bestFit: [String: Double]
    /// −2lnL above the best answer to the same question.
    public var delta: Double
    /// Whether the minimum was found to the stated precision.
    public var converged: Bool

    /// Creates the best fit under a hypothesis.
    public init(bestFit: [String: Double], delta: Double, converged: Bool) {
      self.bestFit = bestFit
      self.delta = delta
      self.converged = converged
    }

    enum CodingKeys: String, CodingKey {
      case bestFit = "best_fit"
      case delta
      case converged
    }
  }

  /// Whether every reported minimum was found to the stated precision.
  public var converged: Bool
  /// The outcome of the fit, in a sentence.
  public var verdict: String
  /// Fitted parameters, in order; contours are in the first two.
  public var parameters: [String]
  /// Values at the lowest minimum.
  public var bestFit: [String: Double]
  /// The minimum used for errors, intervals and bias: the global one for the truth; for a model, the one closest to the
  /// truth's (same octant).
  public var nearestMinimum: [String: Double]
  /// Errors from the Hessian at ``nearestMinimum``.
  public var errors: [String: Double]
  /// Correlation of the first two parameters.
  public var correlation: Double
  /// Correlations of all fitted parameters at ``nearestMinimum``, shape [parameters][parameters]; null where a parameter
  /// has no error. Nil in older files and for one parameter.
  public var correlations: [[Double?]]?
  /// Discrete hypotheses by question and answer, `ordering`, `inverted`; nil when none were asked for.
  public var hypotheses: [String: [String: Hypothesis]]?
  /// Gaussian priors of the fit, by parameter: mean and standard deviation; nil without priors.
  public var priors: [String: [Double]]?
  /// Intervals of Δ(−2lnL) = 1 around ``nearestMinimum``.
  public var intervals: [String: Interval]
  /// All local minima, best first.
  public var minima: [Minimum]
  /// Contours, keyed `68.27` and `95.45`.
  public var contours: [String: Contour]
  /// (nearest minimum of this fit − minimum of the truth's fit) / σ_stat; nil for the truth.
  public var biasSigma: [String: Double]?
  /// σ_stat: half width of the truth fit's Δ(−2lnL) = 1 interval; nil for the truth.
  public var sigmaStat: [String: Double]?
  /// Intersection over union of this 68 % region with the truth's; nil for the truth.
  public var overlap1Sigma: Double?
  /// Nuisance parameters at ``nearestMinimum`` in standard deviations, by name; nil when none were profiled.
  public var pulls: [String: Double]?
  /// Norms without a prior at ``nearestMinimum``, relative to what near data and exposures say, by name; nil for none.
  public var scales: [String: Double]?
  /// Profiles of the parameters, by name; nil in older files.
  public var profiles: [String: Profile]?
  /// Contours of every other pair of fitted parameters, keyed `first,second` and then as ``contours``; nil with fewer than
  /// three parameters.
  public var pairContours: [String: [String: Contour]]?
  /// Properties of a valid fit that a reader should know: one-sided intervals, regions that fill the scan; nil for
  /// none.
  public var remarks: [String]?
  /// Regions after Feldman and Cousins, keyed as ``contours``; nil when they were not asked for.
  public var feldmanCousins: [String: FeldmanCousinsRegion]?

  enum CodingKeys: String, CodingKey {
    case converged
    case verdict
    case parameters
    case bestFit = "best_fit"
    case nearestMinimum = "nearest_minimum"
    case errors
    case correlation
    case correlations
    case hypotheses
    case priors
    case intervals
    case minima
    case contours
    case biasSigma = "bias_sigma"
    case sigmaStat = "sigma_stat"
    case overlap1Sigma = "overlap_1sigma"
    case pulls
    case scales
    case profiles
    case pairContours = "pair_contours"
    case remarks
    case feldmanCousins = "feldman_cousins"
  }

  /// Creates an oscillation fit.
  public init(
    converged: Bool, verdict: String, parameters: [String], bestFit: [String: Double], nearestMinimum: [String: Double],
    errors: [String: Double],
    correlation: Double, intervals: [String: Interval], minima: [Minimum], contours: [String: Contour],
    biasSigma: [String: Double]? = nil, sigmaStat: [String: Double]? = nil, overlap1Sigma: Double? = nil
  ) {
    self.converged = converged
    self.verdict = verdict
    self.parameters = parameters
    self.bestFit = bestFit
    self.nearestMinimum = nearestMinimum
    self.errors = errors
    self.correlation = correlation
    self.intervals = intervals
    self.minima = minima
    self.contours = contours
    self.biasSigma = biasSigma
    self.sigmaStat = sigmaStat
    self.overlap1Sigma = overlap1Sigma
  }
}

extension OscillationResults {
  /// All minima: ``nearestMinimum`` first, then the others, lowest first.
  public var orderedMinima: [Minimum] {
    var ordered = minima
    guard let index = ordered.firstIndex(where: { $0.parameters == nearestMinimum }) else {
      return minima
    }
    ordered.insert(ordered.remove(at: index), at: 0)
    return ordered
  }

  /// Returns the contours of a pair of fitted parameters, keyed as ``contours``; empty for a pair without.
  ///
  /// - Parameters:
  ///   - first: parameter of the first axis.
  ///   - second: parameter of the second axis.
  public func contours(of first: String, _ second: String) -> [String: Contour] {
    parameters.prefix(2) == [first, second] ? contours : pairContours?["\(first),\(second)"] ?? [:]
  }

  /// Marks the fit as not converged with a reason; the first reason leads.
  package mutating func fail(_ reason: String) {
    guard converged || !verdict.contains(reason) else { return }
    verdict = converged ? reason : verdict + "; " + reason
    converged = false
  }
}
