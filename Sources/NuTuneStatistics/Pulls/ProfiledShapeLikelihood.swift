import NuTuneNumerics

/// Likelihood of the shapes of some samples, each with its own normalisation, profiled over systematic effects with
/// pulls η of standard deviation one:
///
///     −2 ln L(θ) = min_η { Σ_s −2 ln Multinomial(n_s; p_s(θ, η)) + Σ_k η_k² },   p_b ∝ f_b + Σ_k η_k D_kb
///
/// in the saturated form of ``ShapeLikelihood``, to which it reduces without pulls. ``MarginalizedShapeLikelihood``
/// integrates over η instead; for Gaussian data the two differ by its ln det(1+F).
///
/// A rate that the pulls would make negative is outside the range of linearity. Rates are f_b T(x) with the relative
/// change x = 1 + Σ_k η_k D_kb/max(f_b, 10⁻³ events) and
///
///     T(x) = x for x ≥ ε,   ε exp(x/ε − 1) for x < ε,   ε = 0.05
///
/// so they stay positive for any η, the likelihood is smooth and its minimum needs no bounds; where fewer than 10⁻³
/// events are expected the change is relative to 10⁻³ events.
public struct ProfiledShapeLikelihood: Likelihood {
  /// Observed events of each sample, shape [samples][bins]; a sample without an event adds nothing.
  public let counts: [[Double]]
  /// Number of pulls.
  public let directionCount: Int
  /// Prediction, shape [parameters] → rates and directions.
  public let prediction: @Sendable ([Double]) throws -> LinearPrediction
  private let events: [Double]

  /// The minimum over the pulls at one point of the parameters.
  public struct Pulls: Equatable, Sendable {
    /// η̂, shape [directions], in standard deviations of the penalty.
    public let values: [Double]
    /// Standard deviations of η after the data, from the curvature at the minimum, shape [directions]: 1 for a pull
    /// that the data do not constrain.
    public let errors: [Double]
    /// −2 ln L of the data at η̂.
    public let deviance: Double
    /// Number of Newton steps to the minimum.
    public let iterations: Int

    /// Σ η̂².
    public var penalty: Double { values.reduce(0) { $0 + $1 * $1 } }
  }

  /// Creates a likelihood of `counts` under `prediction`.
  public init(
    counts: [[Double]], directionCount: Int, prediction: @escaping @Sendable ([Double]) throws -> LinearPrediction
  ) throws {
    events = try counts.map { try Counts.total(of: $0) }
    self.counts = counts
    self.directionCount = directionCount
    self.prediction = prediction
  }

  /// See ``Likelihood``. Complexity: one prediction plus three to six Newton steps of O(bins · directions²) each.
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    var search = try PullSearch(counts: counts, events: events, prediction(parameters), directions: directionCount)
    try search.minimize()
    return try search.deviance() + search.penalty
  }

  /// Finds the best pulls at `parameters`.
  public func pulls(at parameters: [Double]) throws -> Pulls {
    var search = try PullSearch(counts: counts, events: events, prediction(parameters), directions: directionCount)
    try search.minimize()
    return Pulls(
      values: search.pulls, errors: try search.errors(), deviance: try search.deviance(),
      iterations: search.iterations)
  }
}
