import NuTuneNumerics

/// Measured values compared by their total and their shape, each with its own error,
///
///     χ² = (N_s − N)² / σ_N² + (s/N_s − v/N)ᵀ C⁺ (s/N_s − v/N),   N = Σ v,  N_s = Σ s,
///
/// with s = normalization · rate the prediction, σ_N² = Σ_ij V_ij, and C = J V Jᵀ the covariance of the shape v/N,
/// where J_ij = (δ_ij − v_i/N)/N.
///
/// An error of the norm that all bins share is in σ_N alone, so that a smaller prediction does not make a misfit of
/// the shape cheaper (Peelle's puzzle). C leaves out the direction in which all shares of a shape add up to one: its
/// rank is at most [bins] − 1, and its pseudo-inverse (``CovarianceWhitening``, with the errors of the values as σ)
/// gives what the inverse gives after any one bin is left out.
public struct NormShapeTerm: WhitenedTerm {
  /// The values.
  public let measured: MeasuredValues
  /// The inverse of the covariance of the shape.
  public let whitening: CovarianceWhitening
  /// N, the sum of all values.
  public let total: Double
  /// σ_N, one standard deviation of the sum.
  public let totalError: Double

  /// Creates a term.
  ///
  /// - Throws: `TermError.invalidData` unless the sum of the values and its variance are positive, and the covariance
  ///   is one.
  public init(_ measured: MeasuredValues) throws(TermError) {
    let (values, covariance) = (measured.values, measured.covariance)
    let total = values.reduce(0, +)
    guard total > 0 else { throw TermError.invalidData("the sum of all bins is \(total)") }
    let rowSums = values.indices.map { i in values.indices.reduce(0) { $0 + covariance[i, $1] } }
    let variance = rowSums.reduce(0, +)
    guard variance > 0, variance.isFinite else {
      throw TermError.invalidData("the variance of the sum of all bins is \(variance)")
    }
    let share = values.map { $0 / total }
    var shape = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices {
        let common = rowSums[i] * share[j] + share[i] * rowSums[j] - share[i] * share[j] * variance
        shape[i, j] = (covariance[i, j] - common) / (total * total)
      }
    }
    whitening = try CovarianceWhitening(
      shape, sigmas: covariance.diagonal.map { max($0, 0).squareRoot() / total }, threshold: measured.threshold)
    self.measured = measured
    self.total = total
    totalError = variance.squareRoot()
  }

  /// The rank of the shape, and one for the total.
  public var residualCount: Int { whitening.rank + 1 }

  func differences(of rates: UnsafeBufferPointer<Double>) throws(TermError) -> WhitenedDifferences {
    let predicted = try measured.prediction(rates)
    let sum = predicted.reduce(0, +)
    guard sum > 0, sum.isFinite else {
      throw TermError.predictionNotPositive(bin: 0, prediction: sum, data: total, sample: measured.sample)
    }
    let slope = measured.normalization / sum
    return WhitenedDifferences(
      whitening: whitening, values: zip(predicted, measured.values).map { $0 / sum - $1 / total },
      slopes: [Double](repeating: slope, count: binCount), common: predicted.map { -$0 / sum * slope },
      total: ((sum - total) / totalError, measured.normalization / totalError))
  }
}
