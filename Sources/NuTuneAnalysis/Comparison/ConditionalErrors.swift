import NuTuneCore
import NuTuneNumerics

/// Errors of some bins given the values of others that they are correlated with, of a common covariance C of both: with d the
/// data less a right prediction, d_H of the bins has mean A d_L where d_L of the others is known, and the covariance
/// C_HH − A C_LH, with A = C_HL C_LL⁺.
package struct ConditionalErrors: Sendable {
  /// A, shape [bins × known bins].
  package let transfer: Matrix
  /// C_HH − A C_LH, shape [bins × bins].
  package let covariance: Matrix

  /// Creates the errors of the first bins given all others.
  ///
  /// - Parameters:
  ///   - whole: C of the bins, then of those whose values are known, shape [all bins × all bins].
  ///   - count: how many bins come first.
  ///   - threshold: smallest eigenvalue of the correlation matrix of the known values that counts, relative to the largest.
  /// - Throws: `TermError.invalidData` where C_LL is no covariance.
  package init(
    _ whole: Matrix, ofFirst count: Int, threshold: Double = CovarianceWhitening.standardThreshold
  ) throws {
    let (bins, known) = (Array(0..<count), Array(count..<whole.rows))
    let whitening = try CovarianceWhitening(whole.selecting(known), threshold: threshold).matrix
    var between = Matrix(rows: known.count, columns: count)
    for (row, i) in known.enumerated() { for j in bins { between[row, j] = whole[i, j] } }
    // W C_LH, so that A = (W C_LH)ᵀ W and A C_LH = (W C_LH)ᵀ (W C_LH).
    let whitened = try whitening.multiplied(by: between)
    transfer = try whitened.transposeMultiplied(by: whitening)
    var covariance = whole.selecting(bins)
    let explained = try whitened.gram()
    for i in bins { for j in bins { covariance[i, j] -= explained[i, j] } }
    self.covariance = covariance
  }
}
