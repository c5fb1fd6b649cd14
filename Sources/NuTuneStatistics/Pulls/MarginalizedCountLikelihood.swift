import NuTuneNumerics

/// Likelihood of the events of some samples, one ``CountTerm`` each, with the posterior modes z of the model integrated
/// out (marginal fit):
///
///     L(θ) = ∫ Π_s L_s(f_s(θ, z)) N(z; 0, 1) dz
///
/// Rates are positive for any z (``ModeSlopes``). The integral is computed by Laplace's method around the best z at
/// every θ,
///
///     −2 ln L(θ) = min_z { −2 ln L(θ, z) + |z|² } + ln det(1 + F(ẑ)),   F_kl = Σ_b ν_b ρ_bk ρ_bl,
///
/// with ρ the relative change of the expected events ν of a bin per unit of a posterior mode at ẑ: the expected
/// information. Pulls of systematic effects, if there are some, are minimised over with z and not integrated. So are
/// scales without a prior: their logarithms stand behind z in the slopes, and |z|² leaves them out.
///
/// Derivatives by θ are those of the minimum at fixed z, and of the determinant, tr[(1 + F)⁻¹ dF], in which ẑ moves with θ.
///
/// The uncertainty of the model enlarges the region of θ; without posterior modes this is ``ShapeLikelihood``.
public struct MarginalizedCountLikelihood: Likelihood {
  /// The term of each sample, shape [samples].
  public let terms: [CountTerm]
  /// Number of posterior modes.
  public let directionCount: Int
  /// Number of scales without a prior.
  public let scaleCount: Int
  /// Number of pulls.
  public let pullCount: Int
  /// Dependence of the rates on the posterior modes, then on the logarithms of the scales, shape [samples].
  public let slopes: [ModeSlopes]
  /// Rates, shape [parameters] → [samples].
  public let prediction: @Sendable ([Double]) throws -> [ModeRates]
  /// The same with its derivatives, shape [parameters]; nil when they are not known.
  private let differentiable: (@Sendable ([Double]) throws -> DifferentiablePrediction<[ModeRates]>)?
  /// Whether ln det(1 + F) is added; without it this is the profile likelihood.
  public var isIntegrated = true
  /// Starting point of searches, shape [directions + scales + pulls].
  private var start: [Double]

  /// Bins with fewer expected events than this share of one event count as having that many when their relative change
  /// is computed: where hardly anything is expected, a linear change relative to it means nothing.
  public static let leastEvents = 1e-3

  /// The best posterior modes and pulls at one point of the parameters.
  public struct Best: Equatable, Sendable {
    /// ẑ, shape [directions].
    public let directions: [Double]
    /// Logarithms of the best scales, shape [scales].
    public let logScales: [Double]
    /// η̂, shape [pulls].
    public let pulls: [Double]
    /// −2 ln L of the data at ẑ and η̂, without |z|² and |η|².
    public let deviance: Double
    /// |ẑ|² + |η̂|².
    public let penalty: Double
    /// ln det(1 + F).
    public let logDeterminant: Double
    /// L with L Lᵀ = 1 + F of posterior modes, scales and pulls, shape [(directions + scales + pulls)²].
    public let information: Cholesky
    /// Number of Newton steps to the minimum.
    public let steps: Int

    /// Two minima are equal when their positions are equal.
    public static func == (left: Best, right: Best) -> Bool {
      left.directions == right.directions && left.logScales == right.logScales && left.pulls == right.pulls
    }
  }

  /// Creates a likelihood of the shapes of samples, shape [samples][bins], under `prediction`.
  public init(
    counts: [[Double]], slopes: [ModeSlopes], directionCount: Int, pullCount: Int = 0,
    prediction: @escaping @Sendable ([Double]) throws -> [ModeRates]
  ) throws {
    try self.init(
      terms: try counts.map { try CountTerm(counts: $0) }, slopes: slopes, directionCount: directionCount,
      pullCount: pullCount, prediction: prediction)
  }

  /// Creates a likelihood of terms, one for each sample of `prediction`.
  ///
  /// - Parameters:
  ///   - terms: the events of each sample.
  ///   - slopes: how posterior modes and scales change the rates, shape [samples].
  ///   - directionCount: number of posterior modes.
  ///   - scaleCount: number of scales without a prior.
  ///   - pullCount: number of pulls.
  ///   - differentiable: the prediction with its derivatives, which a fit then uses.
  ///   - prediction: rates of each sample.
  public init(
    terms: [CountTerm], slopes: [ModeSlopes], directionCount: Int, scaleCount: Int = 0, pullCount: Int = 0,
    differentiable: (@Sendable ([Double]) throws -> DifferentiablePrediction<[ModeRates]>)? = nil,
    prediction: @escaping @Sendable ([Double]) throws -> [ModeRates]
  ) throws {
    guard slopes.count == terms.count else {
      throw InferenceError.binMismatch(expected: terms.count, found: slopes.count)
    }
    for (sample, slopes) in slopes.enumerated() {
      guard slopes.binCount == terms[sample].counts.count else {
        throw InferenceError.binMismatch(expected: terms[sample].counts.count, found: slopes.binCount)
      }
      let columns = directionCount + scaleCount
      guard slopes.slopes.count == slopes.bins.count * columns else {
        throw InferenceError.binMismatch(expected: slopes.bins.count * columns, found: slopes.slopes.count)
      }
    }
    self.terms = terms
    self.slopes = slopes
    self.directionCount = directionCount
    self.scaleCount = scaleCount
    self.pullCount = pullCount
    self.differentiable = differentiable
    self.prediction = prediction
    start = [Double](repeating: 0, count: directionCount + scaleCount + pullCount)
  }

  /// Returns the same likelihood with searches that begin at the best posterior modes of some parameters, which is only
  /// faster.
  public func starting(at parameters: [Double]) throws -> MarginalizedCountLikelihood {
    var copy = self
    let best = try best(at: parameters)
    copy.start = best.directions + best.logScales + best.pulls
    return copy
  }

  /// See ``Likelihood``; ln det(1 + F) is not negative, but no saturated value is subtracted from it. Complexity: one
  /// prediction plus three to six Newton steps of O(parts · directions + bins · directions²).
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    let best = try best(at: parameters)
    return best.deviance + best.penalty + (isIntegrated ? best.logDeterminant : 0)
  }

  /// See ``Likelihood``. Complexity: O(parts · directions²) beside one value.
  public func slope(at parameters: [Double]) throws -> LikelihoodSlope? {
    guard let prediction = try differentiable?(parameters) else { return nil }
    let search = try minimum(of: prediction.value)
    let logDeterminant = isIntegrated ? try search.information().logDeterminant : 0
    return LikelihoodSlope(
      value: search.deviance + search.penalty + logDeterminant,
      gradient: try prediction.gradient(try search.rateSlopes(withDeterminant: isIntegrated)))
  }

  private func minimum(of rates: [ModeRates]) throws -> DirectionSearch {
    var search = try DirectionSearch(
      terms, slopes: slopes, rates: rates, directions: directionCount + scaleCount, scales: scaleCount,
      pulls: pullCount, start: start)
    try search.minimize()
    return search
  }

  /// Finds the best posterior modes and pulls at `parameters`.
  public func best(at parameters: [Double]) throws -> Best {
    let search = try minimum(of: try prediction(parameters))
    let (information, logDeterminant) = try search.information()
    return Best(
      directions: Array(search.values[..<directionCount]),
      logScales: Array(search.values[directionCount..<directionCount + scaleCount]),
      pulls: Array(search.values[(directionCount + scaleCount)...]),
      deviance: search.deviance, penalty: search.penalty, logDeterminant: logDeterminant, information: information,
      steps: search.steps)
  }
}
