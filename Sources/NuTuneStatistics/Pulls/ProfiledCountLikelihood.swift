import NuTuneNumerics

/// Likelihood of the events of some samples, one ``CountTerm`` each, profiled over systematic effects with pulls η of
/// standard deviation one:
///
///     −2 ln L(θ) = min_η { Σ_s −2 ln L_s(f_s(θ, η)) + Σ_k η_k² },   f_b(η) = f_b + Σ_k η_k D_kb
///
/// Where the normalisation of a sample is free this is the likelihood of its shape, ``ShapeLikelihood``. ``MarginalizedCountLikelihood``
/// integrates over η instead; for Gaussian data the two differ by its ln det(1+F).
///
/// A rate that the pulls would make negative is outside the range of linearity. Rates are f_b T(x) with the relative
/// change x = 1 + Σ_k η_k D_kb/max(f_b, 10⁻³ events) and
///
///     T(x) = x for x ≥ ε,   ε exp(x/ε − 1) for x < ε,   ε = 0.05
///
/// so they stay positive for any η, the likelihood is smooth and its minimum needs no bounds; where fewer than 10⁻³
/// events are expected the change is relative to 10⁻³ events.
///
/// Some of the η may be free of a prior (``free``): a scale that nothing but these data know. The sum Σ η² leaves them
/// out.
public struct ProfiledCountLikelihood: Likelihood {
  /// The term of each sample, shape [samples].
  public let terms: [CountTerm]
  /// Number of pulls.
  public let directionCount: Int
  /// The events of all terms, one sample after the other.
  private let counts: [Double]
  /// Pulls without a prior, by index; none unless set.
  public var free: Set<Int> = []
  /// Prediction, shape [parameters] → rates and directions.
  public let prediction: @Sendable ([Double]) throws -> LinearPrediction
  /// The same with its derivatives, shape [parameters]; nil when they are not known.
  private let differentiable: (@Sendable ([Double]) throws -> DifferentiablePrediction<LinearPrediction>)?

  /// The minimum over the pulls at one point of the parameters.
  public struct Pulls: Equatable, Sendable {
    /// η̂, shape [directions], in standard deviations of the penalty.
    public let values: [Double]
    /// Standard deviations of η after the data, from the curvature at the minimum, shape [directions]: 1 for a pull
    /// that the data do not constrain. Of a free pull that they do not constrain it is `PullSearch.undetermined`.
    public let errors: [Double]
    /// −2 ln L of the data at η̂.
    public let deviance: Double
    /// Number of Newton steps to the minimum.
    public let iterations: Int
    /// Σ η̂² of the pulls that have a prior.
    public let penalty: Double
  }

  /// Creates a likelihood of the shapes of samples, shape [samples][bins], under `prediction`; a sample without an event
  /// adds nothing.
  public init(
    counts: [[Double]], directionCount: Int, prediction: @escaping @Sendable ([Double]) throws -> LinearPrediction
  ) throws {
    self.init(
      terms: try counts.map { try CountTerm(counts: $0) }, directionCount: directionCount, prediction: prediction)
  }

  /// Creates a likelihood of terms, one for each sample of `prediction`.
  ///
  /// - Parameters:
  ///   - terms: the events of each sample.
  ///   - directionCount: number of pulls.
  ///   - differentiable: the prediction with its derivatives, which a fit then uses.
  ///   - prediction: rates and directions of each sample.
  public init(
    terms: [CountTerm], directionCount: Int,
    differentiable: (@Sendable ([Double]) throws -> DifferentiablePrediction<LinearPrediction>)? = nil,
    prediction: @escaping @Sendable ([Double]) throws -> LinearPrediction
  ) {
    self.terms = terms
    counts = terms.flatMap(\.counts)
    self.directionCount = directionCount
    self.differentiable = differentiable
    self.prediction = prediction
  }

  /// See ``Likelihood``. Complexity: one prediction plus three to six Newton steps of O(bins · directions²) each.
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    var search = try search(prediction(parameters))
    try search.minimize()
    return try search.deviance() + search.penalty
  }

  /// See ``Likelihood``. The best pulls move with the parameters, but at their minimum that changes nothing in first order.
  public func slope(at parameters: [Double]) throws -> LikelihoodSlope? {
    guard let prediction = try differentiable?(parameters) else { return nil }
    var search = try search(prediction.value)
    try search.minimize(tolerance: PullSearch.toleranceOfSlopes)
    return LikelihoodSlope(
      value: try search.deviance() + search.penalty, gradient: try prediction.gradient(search.slopes()))
  }

  private func search(_ prediction: LinearPrediction) throws -> PullSearch {
    try PullSearch(terms, counts: counts, prediction, directions: directionCount, free: free)
  }

  /// Finds the best pulls at `parameters`.
  public func pulls(at parameters: [Double]) throws -> Pulls {
    var search = try search(prediction(parameters))
    try search.minimize()
    return Pulls(
      values: search.pulls, errors: try search.errors(), deviance: try search.deviance(),
      iterations: search.iterations, penalty: search.penalty)
  }
}
