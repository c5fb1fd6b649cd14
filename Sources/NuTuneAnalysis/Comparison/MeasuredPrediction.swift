import NuTuneCore
import NuTuneNumerics
import NuTuneResults

/// Predicted values f with the covariance P of their own, beside measured values v with the covariance V.
package struct MeasuredPrediction: Sendable {
  /// v and V.
  package let measured: MeasuredValues
  /// The part M of V that is a fraction of the values, shape [bins × bins].
  package let multiplicative: Matrix
  /// f, shape [bins].
  package let predicted: [Double]
  /// P, shape [bins × bins]; nil for a model that does not know its error.
  package let covariance: Matrix?
  private let whitening: CovarianceWhitening

  /// Creates a comparison.
  ///
  /// - Parameters:
  ///   - measured: v and V, with a normalization of one.
  ///   - predicted: f in the unit of v, shape [bins].
  ///   - covariance: P; nil for none.
  ///   - multiplicative: M; nil stands for the largest common norm that V contains.
  /// - Throws: `TermError.invalidData` for matrices that are no covariances of as many bins.
  package init(
    _ measured: MeasuredValues, predicted: [Double], covariance: Matrix? = nil, multiplicative: Matrix? = nil
  ) throws(TermError) {
    let bins = measured.values.count
    guard predicted.count == bins, covariance.map({ $0.rows == bins && $0.columns == bins }) ?? true else {
      throw TermError.invalidData("\(predicted.count) predicted values beside \(bins) measured ones")
    }
    self.measured = measured
    self.predicted = predicted
    self.covariance = covariance
    if let multiplicative {
      self.multiplicative = multiplicative
    } else {
      self.multiplicative = try PredictionScaledTerm.commonNorm(of: measured)
    }
    whitening = try CovarianceWhitening(measured.covariance, threshold: measured.threshold)
  }

  /// Whether any two bins are correlated: errors that were published alone say nothing of the norm that bins share.
  package var hasCorrelations: Bool {
    let matrix = measured.covariance
    return (0..<matrix.rows).contains { row in (0..<row).contains { matrix[row, $0] != 0 } }
  }

  /// Everything that is said about the prediction.
  ///
  /// - Parameters:
  ///   - experiments: number of pseudo-experiments; 0 for none.   - seed: of their random numbers, which belong to it,
  /// to the name of the sample and to the number of the experiment.
  package func agreement(experiments: Int, seed: UInt64, threads: Int) throws -> PredictiveAgreement {
    let (chiSquare, logDeterminant) = try whitened()
    let pulls = pulls
    var agreement = PredictiveAgreement(
      chiSquare: chiSquare,
      pullRootMeanSquare: (pulls.reduce(0) { $0 + $1 * $1 } / Double(pulls.count)).squareRoot(),
      pullsWithinOne: Double(pulls.count { abs($0) < 1 }) / Double(pulls.count))
    if let covariance {
      let variance = covariance.elements.reduce(0, +)
      agreement.totalError = max(variance, 0).squareRoot() / predicted.reduce(0, +)
    }
    guard hasCorrelations else { return agreement }
    agreement.logScore = -0.5 * (chiSquare + logDeterminant)
    guard experiments > 0 else { return agreement }
    agreement.pValue = try pValue(experiments: experiments, seed: seed, threads: threads)
    agreement.experiments = experiments
    return agreement
  }

  /// ln det(W C Wᵀ) of a covariance C of the values, in the directions in which V has an error: what separates log scores with
  /// C in the place of V from those with V. Throws where C has no error in one of them.
  func logDeterminant(of covariance: Matrix) throws -> Double {
    try Cholesky(whitening.matrix.multiplied(by: covariance).multiplied(by: whitening.matrix.transposed)).logDeterminant
  }

  /// (v − f)ᵀ (V + P)⁻¹ (v − f) and ln det(1 + W P Wᵀ), in the directions in which V has an error.
  private func whitened() throws -> (chiSquare: Double, logDeterminant: Double) {
    let residuals = try whitening.matrix.multiplied(by: zip(measured.values, predicted).map { $0 - $1 })
    guard let covariance else { return (residuals.reduce(0) { $0 + $1 * $1 }, 0) }
    var whole = try whitening.matrix.multiplied(by: covariance).multiplied(by: whitening.matrix.transposed)
    for row in 0..<whole.rows { whole[row, row] += 1 }
    let cholesky = try Cholesky(whole)
    let solved = try cholesky.solve(residuals)
    return (zip(residuals, solved).reduce(0) { $0 + $1.0 * $1.1 }, cholesky.logDeterminant)
  }

  /// (v − f)/√(V + P)_ii, shape [bins].
  package var pulls: [Double] {
    predicted.indices.map { bin in
      let variance = measured.covariance[bin, bin] + max(covariance?[bin, bin] ?? 0, 0)
      return (measured.values[bin] - predicted[bin]) / variance.squareRoot()
    }
  }

  /// Share of pseudo-experiments with f as truth, of the n + 1 that the data are one of, whose χ² of norm and shape
  /// with V + P is at least that of the data.
  ///
  /// A pseudo-experiment goes as the real one went: values are drawn with errors that are those of the truth, and are
  /// published with errors whose part M follows the drawn values. So χ² is compared with one that is inflated as much.
  package func pValue(experiments: Int, seed: UInt64, threads: Int) throws -> Double {
    let isWhole = try isWhole()
    let observed = try normShape(measured.values, isWhole: isWhole)
    let root = try Self.root(of: errors(at: predicted))
    let larger = try Parallel.map(experiments, threads: threads) { experiment in
      let stream = try RandomStream(seed: seed, purpose: "measured.\(measured.sample)", member: experiment)
      let shift = try root.multiplied(by: stream.gaussians(root.columns))
      return try normShape(zip(predicted, shift).map { $0 + $1 }, isWhole: isWhole) >= observed
    }
    return Double(1 + larger.count { $0 }) / Double(1 + experiments)
  }

  /// V + P where the part M of V belongs to other values, shape [bins × bins].
  private func errors(at reference: [Double]) -> Matrix {
    // As for the statistic t0, values of nothing would leave no error.
    let factors = zip(reference, measured.values).map { $1 == 0 ? 1 : max($0 / $1, 1e-3) }
    var matrix = measured.covariance
    for i in factors.indices {
      for j in factors.indices {
        matrix[i, j] += multiplicative[i, j] * (factors[i] * factors[j] - 1) + (covariance?[i, j] ?? 0)
      }
    }
    return matrix
  }

  /// Whether the covariance of the shape has every direction that a shape has.
  private func isWhole() throws -> Bool {
    try term(measured.values).whitening.rank == predicted.count - 1
  }

  private func term(_ values: [Double]) throws -> NormShapeTerm {
    try NormShapeTerm(
      try MeasuredValues(
        values: values, covariance: errors(at: values), threshold: measured.threshold, sample: measured.sample))
  }

  /// χ² of norm and shape of f against some values with their errors; infinite where their sum is not positive.
  private func normShape(_ values: [Double], isWhole: Bool) throws -> Double {
    let total = values.reduce(0, +)
    guard total > 0 else { return .infinity }
    if isWhole, let chiSquare = try? Self.normShape(predicted, values, errors(at: values)) { return chiSquare }
    return try term(values).minusTwoLogLikelihood(of: predicted).value
  }

  /// What ``NormShapeTerm`` gives where the shape has all its directions: the largest bin is left out, whose share
  /// follows from the others, and no eigenvalues are needed. O(bins³/3).
  private static func normShape(_ predicted: [Double], _ values: [Double], _ covariance: Matrix) throws -> Double {
    let (total, sum) = (values.reduce(0, +), predicted.reduce(0, +))
    let rowSums = values.indices.map { i in values.indices.reduce(0) { $0 + covariance[i, $1] } }
    let variance = rowSums.reduce(0, +)
    let largest = values.indices.max { values[$0] < values[$1] } ?? 0
    let kept = values.indices.filter { $0 != largest }
    var shape = Matrix(rows: kept.count, columns: kept.count)
    for (row, i) in kept.enumerated() {
      let share = values[i] / total
      for (column, j) in kept.enumerated() {
        let other = values[j] / total
        let common = rowSums[i] * other + share * rowSums[j] - share * other * variance
        shape[row, column] = (covariance[i, j] - common) / (total * total)
      }
    }
    let norm = (sum - total) * (sum - total) / variance
    guard !kept.isEmpty else { return norm }
    let differences = kept.map { predicted[$0] / sum - values[$0] / total }
    return try zip(differences, Cholesky(shape).solve(differences)).reduce(norm) { $0 + $1.0 * $1.1 }
  }

  /// L with L Lᵀ = V + P, negative eigenvalues from rounding left out.
  private static func root(of covariance: Matrix) throws -> Matrix {
    if let cholesky = try? Cholesky(covariance) { return cholesky.lower }
    let eigen = try SymmetricEigen(covariance)
    var root = eigen.vectors
    for row in 0..<root.rows {
      for column in 0..<root.columns { root[row, column] *= max(eigen.values[column], 0).squareRoot() }
    }
    return root
  }
}
