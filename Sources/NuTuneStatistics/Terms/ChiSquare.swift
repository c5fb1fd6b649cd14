import NuTuneNumerics

/// Pearson's χ² of counts against expectations.
public struct ChiSquare: Equatable, Sendable {
  /// Σ (n − μ)²/μ over bins with μ > 0, or Σ ((n − μ)/σ)².
  public let value: Double
  /// Number of bins in the sum.
  public let bins: Int
  /// Number of bins minus constraints.
  public let degreesOfFreedom: Int

  /// Probability of a larger value; nil without degrees of freedom.
  public var probability: Double? {
    guard degreesOfFreedom > 0 else { return nil }
    return try? SpecialFunctions.chiSquareProbability(above: value, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// Computes χ² of `counts` against `expected`, shape [bins] each.
  /// - Parameters:
  ///   - counts: n.
  ///   - expected: μ.
  ///   - errors: standard deviations, shape [bins]; √μ when nil. Bins with error zero and n = μ do not enter.
  ///   - constraints: number of fitted parameters, plus one for a fixed normalisation.
  public init(counts: [Double], expected: [Double], errors: [Double]? = nil, constraints: Int = 0) throws {
    _ = try Counts.total(of: counts)
    _ = try Counts.totalPrediction(expected, bins: counts.count)
    if let errors, errors.count != counts.count {
      throw InferenceError.binMismatch(expected: counts.count, found: errors.count)
    }
    var (sum, bins) = (0.0, 0)
    for bin in counts.indices {
      let residual = counts[bin] - expected[bin]
      let error = errors?[bin] ?? expected[bin].squareRoot()
      guard error >= 0, error.isFinite else { throw InferenceError.badCounts("the error of bin \(bin) is \(error)") }
      if error == 0 {
        guard residual == 0 else {
          throw InferenceError.eventsWithoutPrediction(bin: bin, count: counts[bin], prediction: expected[bin])
        }
        continue
      }
      sum += (residual / error) * (residual / error)
      bins += 1
    }
    value = sum
    self.bins = bins
    degreesOfFreedom = bins - constraints
  }
}
