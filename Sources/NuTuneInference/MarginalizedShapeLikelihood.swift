import NuTuneNumerics

/// What a model with open directions predicts for some samples at one point of the parameters: rates f + Σ_k η_k D_k
/// with independent standard-normal η.
public struct OpenPrediction: Sendable {
  /// f of each sample, shape [samples][bins], in any normalisation.
  public var rates: [[Double]]
  /// D of each sample, row-major, shape [samples][directions × bins], normalised as the rates.
  public var directions: [[Double]]

  /// Rates with their open directions.
  public init(rates: [[Double]], directions: [[Double]]) {
    self.rates = rates
    self.directions = directions
  }
}

/// Likelihood of the shapes of some samples, each for itself, with the open directions of the model integrated out:
///
///     L(θ) = ∫ Π_s Multinomial(n_s; p_s(θ, η)) N(η; 0, 1) dη
///
/// in closed form for a ln L that is quadratic in η around η = 0. With r_kb = D_kb/f_b − ΣD_k/Σf, the relative change of
/// the probability of a bin, the score h_k = Σ_b n_b r_kb and the expected information F_kl = Σ_b N p_b r_kb r_lb,
///
///     −2 ln L(θ) = −2 ln L(θ, 0) − hᵀ (1+F)⁻¹ h + ln det(1+F)
///
/// A bin whose rate is open by more than itself says nothing linear: its relative change is taken as one at most.
///
/// What near data did not fix makes the region of θ larger; without directions this is ``ShapeLikelihood``.
public struct MarginalizedShapeLikelihood: Likelihood {
  /// Observed events of each sample, shape [samples][bins].
  public let counts: [[Double]]
  /// Number of directions.
  public let directionCount: Int
  /// Prediction, shape [parameters] → rates and directions.
  public let prediction: @Sendable ([Double]) throws -> OpenPrediction
  private let events: [Double]

  /// Bins with fewer expected events than this share of one count as so many when their relative change is taken: where
  /// hardly anything is expected, a linear change relative to it means nothing.
  static let leastEvents = 1e-3

  /// A likelihood of `counts` under `prediction`.
  public init(
    counts: [[Double]], directionCount: Int, prediction: @escaping @Sendable ([Double]) throws -> OpenPrediction
  ) throws {
    events = try counts.map { try Counts.total(of: $0) }
    self.counts = counts
    self.directionCount = directionCount
    self.prediction = prediction
  }

  /// See ``Likelihood``; can be slightly below zero, because the best η may fit better than η = 0. Complexity: one
  /// prediction plus O(bins · directions²).
  public func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
    let predicted = try prediction(parameters)
    var value = 0.0
    var score = [Double](repeating: 0, count: directionCount)
    var information = Matrix.identity(directionCount)
    for (sample, observed) in counts.enumerated() {
      let rates = predicted.rates[sample]
      let sum = try Counts.totalPrediction(rates, bins: observed.count)
      guard sum > 0 else { throw InferenceError.badCounts("the prediction is zero in every bin") }
      let factor = events[sample] / sum
      value += try Counts.deviance(counts: observed, prediction: rates, factor: factor)
      guard directionCount > 0 else { continue }
      let relative = try relativeChanges(predicted.directions[sample], rates: rates, sum: sum, factor: factor)
      var weighted = relative
      for bin in observed.indices {
        let root = (factor * rates[bin]).squareRoot()
        for k in 0..<directionCount {
          score[k] += observed[bin] * relative[bin, k]
          weighted[bin, k] *= root
        }
      }
      let added = try weighted.gram()
      for k in 0..<directionCount { for l in 0..<directionCount { information[k, l] += added[k, l] } }
    }
    guard directionCount > 0 else { return value }
    let decomposed = try Cholesky(information)
    let shift = try decomposed.solve(score)
    return value - zip(score, shift).reduce(0) { $0 + $1.0 * $1.1 } + decomposed.logDeterminant
  }

  /// r, shape [bins × directions].
  private func relativeChanges(_ directions: [Double], rates: [Double], sum: Double, factor: Double) throws -> Matrix {
    let bins = rates.count
    guard directions.count == directionCount * bins else {
      throw InferenceError.binMismatch(expected: directionCount * bins, found: directions.count)
    }
    var relative = Matrix(rows: bins, columns: directionCount)
    var expected = [Double](repeating: 0, count: bins)
    for k in 0..<directionCount {
      for bin in 0..<bins { expected[bin] += directions[k * bins + bin] * directions[k * bins + bin] }
    }
    for bin in 0..<bins { expected[bin] = max(rates[bin], expected[bin].squareRoot(), Self.leastEvents / factor) }
    for k in 0..<directionCount {
      var total = 0.0
      for bin in 0..<bins { total += directions[k * bins + bin] }
      for bin in 0..<bins { relative[bin, k] = directions[k * bins + bin] / expected[bin] - total / sum }
    }
    return relative
  }
}
