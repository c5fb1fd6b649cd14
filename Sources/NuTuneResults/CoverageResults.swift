import NuTuneCore
import NuTuneFiles

/// `coverage.json`, schema `nutune.coverage/1`: how often intervals contain the true parameters in pseudo-experiments.
public struct CoverageResults: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.coverage/1"

  /// How often the intervals of one level contained the truth.
  public struct Fraction: Sendable, Codable {
    /// Experiments whose interval contained the truth, as a share of all.
    public var fraction: Double
    /// Binomial standard error of a fraction that is as it should be, √(p(1−p)/n).
    public var error: Double
    /// (fraction − p) / error.
    public var pull: Double

    /// A share of `count` experiments that should be `probability`; nil without experiments.
    package init?(inside: Int, of count: Int, probability: Double) {
      guard count > 0 else { return nil }
      fraction = Double(inside) / Double(max(count, 1))
      error = (probability * (1 - probability) / Double(max(count, 1))).squareRoot()
      pull = (fraction - probability) / error
    }
  }

  /// Coverage of one model's fits.
  public struct Model: Sendable, Codable {
    /// Experiments whose fit converged.
    public var experiments: Int
    /// Experiments whose fit did not, or whose model could not be tuned; not counted.
    public var failed: Int
    /// Intervals of 68.27 %, by parameter; `joint` is the region of all parameters.
    public var coverage68: [String: Fraction]
    /// Intervals of 95.45 %.
    public var coverage95: [String: Fraction]
    /// Mean of (fit − truth), by parameter; the fit is the minimum nearest to the truth, of the same octant. Empty without a
    /// fit that counts.
    public var shift: [String: Double]
    /// Standard deviation of these fits, by parameter; empty with fewer than two.
    public var spread: [String: Double]
    /// Mean error that the fits give themselves, from the curvature at that minimum, by parameter; fits at a bound are left
    /// out. Nil in older files.
    public var error: [String: Double]?
    /// Smallest error relative to that of the fit with the true cross section to the same data, by parameter: not knowing
    /// the model makes no error smaller. Where the error depends on the place, as that of sin²θ₂₃, so does this. Nil in older
    /// files.
    public var leastErrorRatio: [String: Double]?

    /// What was counted of one model.
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
  /// Coverage by model label; `truth` is the fit with the true cross section, `<label>.frozen` the one of a model that
  /// knows its uncertainty, held at its mean.
  public var models: [String: Model]

  /// Everything that was counted.
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
