import NuTuneCore
import NuTuneNumerics

/// How well many throws of a flux covariance reproduce it.
///
/// With 20,000 throws a variance has a standard error of √(2/20000) = 1 % and a correlation one of (1 − ρ²)/√20000 ≤
/// 0.7 %, so 5 % and 0.05 are five and seven standard errors.
package struct FluxThrows {
  /// Largest |s²/σ² − 1| of the variances s² of the throws.
  package private(set) var largestVarianceError = 0.0
  /// Largest difference of a correlation.
  package private(set) var largestCorrelationError = 0.0
  /// Largest mean of a bin in units of its standard error σ/√count.
  package private(set) var largestMean = 0.0
  /// Largest projection of a throw on a null eigenvector of the covariance, in units of the throw's length.
  package private(set) var largestNullProjection = 0.0

  /// Throws `count` fluxes and compares.
  package init(_ covariance: FluxCovariance, count: Int = 20_000, seed: UInt64 = 1) throws {
    let stream = try RandomStream(seed: seed, purpose: "flux-throw")
    let bins = covariance.bins.indices
    var throwsOfAll: [Double] = []
    for _ in 0..<count { throwsOfAll += covariance.thrown(stream).relativeChanges }
    let matrix = try Matrix(rows: count, columns: bins.count, elements: throwsOfAll)

    let sample = try matrix.gram()
    let sigma = covariance.fractionalErrors
    func variance(_ i: Int) -> Double { sample[i, i] / Double(count) }
    for i in bins where sigma[i] > 0 {
      largestVarianceError = max(largestVarianceError, abs(variance(i) / (sigma[i] * sigma[i]) - 1))
      let mean = matrix.column(i).reduce(0, +) / Double(count)
      largestMean = max(largestMean, abs(mean) / sigma[i] * Double(count).squareRoot())
      for j in 0..<i where sigma[j] > 0 {
        let thrown = sample[i, j] / Double(count) / (variance(i) * variance(j)).squareRoot()
        largestCorrelationError = max(
          largestCorrelationError, abs(thrown - covariance.covariance[i, j] / (sigma[i] * sigma[j])))
      }
    }

    let null = bins.count - covariance.rank
    guard null > 0 else { return }
    let eigen = try SymmetricEigen(covariance.covariance)
    var nullVectors = Matrix(rows: bins.count, columns: null)
    for i in bins { for k in 0..<null { nullVectors[i, k] = eigen.vectors[i, k] } }
    let projections = try matrix.multiplied(by: nullVectors)
    for row in 0..<count {
      let length = matrix.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      let largest = projections.row(row).map(abs).max() ?? 0
      largestNullProjection = max(largestNullProjection, largest / length)
    }
  }
}
