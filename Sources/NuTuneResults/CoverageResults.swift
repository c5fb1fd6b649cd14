import NuTuneCore
import NuTuneFiles

/// `coverage.json`, schema `nutune.coverage/1`: how often intervals contain the true parameters in pseudo-experiments.
public struct CoverageResults: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.coverage/1"

  /// Coverage of the intervals of one level.
  public struct Fraction: Sendable, Codable {
    /// Share of the experiments whose interval contained the truth.
    public var fraction: Double
    /// Binomial standard error of a fraction with the right coverage, √(p(1−p)/n).
    public var error: Double
    /// (fraction − p) / error.
    public var pull: Double

    /// Creates the coverage of `count` experiments with expected value `probability`; nil without experiments.
    package init?(inside: Int, of count: Int, probability: Double) {
      guard count > 0 else { return nil }
      fraction = Double(inside) / Double(max(count, 1))
      error = (probability * (1 - probability) / Double(max(count, 1))).squareRoot()
      pull = (fraction - probability) / error
    }
  }

  /// Coverage of one model's fits.
  public struct Model: Sendable, Codable {
    /// Number of experiments whose fit converged.
    public var experiments: Int
    /// Number of experiments whose fit did not converge, or whose model could not be tuned; they are left out.
    public var failed: Int
    /// Intervals of 68.27 %, by parameter; `joint` is the region of all parameters.
    public var coverage68: [String: Fraction]
    /// Intervals of 95.45 %.
    public var coverage95: [String: Fraction]
    /// Mean of (fit − truth), by parameter; the fit is the minimum nearest to the truth (same octant). Empty if no fit
    /// converged.
    public var shift: [String: Double]
    /// Standard deviation of these fits, by parameter; empty with fewer than two.
    public var spread: [String: Double]
    /// Mean error of the fits, from the curvature at that minimum, by parameter; fits at a bound are left out. Nil in
    /// older files.
    public var error: [String: Double]?
    /// Smallest error relative to the error of the fit with the true cross section to the same data, by parameter: the
    /// uncertainty of the model makes no error smaller. Where the error depends on the value of the parameter, as for
    /// sin²θ₂₃, so does this ratio. Nil in older files.
    public var leastErrorRatio: [String: Double]?

    /// Creates the coverage of one model.
    package init(
      experiments: Int, failed: Int, coverage68: [String: Fraction], coverage95: [String: Fraction],
      shift: [String: Double], spread: [String: Double], error: [String: Double]? = nil,
      leastErrorRatio: [String: Double]? = nil
    ) {
      self.experiments = experiments
      self.failed = failed
      self.coverage68 = coverage68
      self.coverage95 = coverage95
      self.shift = shift
      self.spread = spread
      self.error = error
      self.leastErrorRatio = leastErrorRatio
    }

    enum CodingKeys: String, CodingKey {
      case experiments
      case failed
      case coverage68 = "coverage_68"
      case coverage95 = "coverage_95"
      case shift
      case spread
      case error
      case leastErrorRatio = "least_error_ratio"
    }
  }

  /// `nutune.coverage/1`.
  public var schema: String
  /// The effective study.
  public var study: EffectiveStudy
  /// Number of pseudo-experiments.
  public var experiments: Int
  /// Fitted parameters, in order.
  public var parameters: [String]
  /// Coverage by label of the fit; `truth` is the fit with the true cross section, `<label>.at_posterior_mean` the fit at
  /// the posterior mean of a model that knows its uncertainty.
  public var models: [String: Model]

  enum CodingKeys: String, CodingKey {
    case schema
    case study
    case experiments
    case parameters
    case models
  }

  /// Creates the results of all models.
  package init(
    schema: String, study: EffectiveStudy, experiments: Int, parameters: [String], models: [String: Model]
  ) {
    self.schema = schema
    self.study = study
    self.experiments = experiments
    self.parameters = parameters
    self.models = models
  }
}

extension CoverageResults {
  /// Reads the results of all models; older versions gave fits at the posterior mean another label (`FitLabel`).
  ///
  /// - Parameter decoder: decoder of the file.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let study = try values.decode(EffectiveStudy.self, forKey: .study)
    let models = try values.decode([String: Model].self, forKey: .models)
    self.init(
      schema: try values.decode(String.self, forKey: .schema), study: study,
      experiments: try values.decode(Int.self, forKey: .experiments),
      parameters: try values.decode([String].self, forKey: .parameters),
      models: Dictionary(
        models.map { (FitLabel.today(of: $0.key, models: study.models), $0.value) },
        uniquingKeysWith: { first, _ in first }))
  }
}
