import Foundation
import NuTuneNumerics

/// Measured values whose errors are factors, compared by their logarithms,
///
///     χ² = ln(s/v)ᵀ R⁺ ln(s/v),   R_ij = V_ij / (v_i v_j),
///
/// with s = normalization · rate the prediction. A norm that all bins share shifts every logarithm alike, whatever
/// the prediction.
public struct LogNormalTerm: WhitenedTerm {
  /// The values, all positive.
  public let measured: MeasuredValues
  /// The inverse of R.
  public let whitening: CovarianceWhitening

  /// Creates a term.
  ///
  /// - Throws: `TermError.invalidData` unless all values are positive and the covariance is one.
  public init(_ measured: MeasuredValues) throws(TermError) {
    let values = measured.values
    if let bin = values.firstIndex(where: { $0 <= 0 }) {
      throw TermError.invalidData("bin \(bin) contains \(values[bin]), which has no logarithm")
    }
    var relative = measured.covariance
    for i in values.indices { for j in values.indices { relative[i, j] /= values[i] * values[j] } }
    whitening = try CovarianceWhitening(relative, threshold: measured.threshold)
    self.measured = measured
  }

  func differences(of rates: UnsafeBufferPointer<Double>) throws(TermError) -> WhitenedDifferences {
    let predicted = try measured.prediction(rates)
    if let bin = predicted.firstIndex(where: { $0 <= 0 }) {
      throw TermError.predictionNotPositive(
        bin: bin, prediction: rates[bin], data: measured.values[bin], sample: measured.sample)
    }
    return WhitenedDifferences(
      whitening: whitening, values: zip(predicted, measured.values).map { log($0 / $1) },
      slopes: rates.map { 1 / $0 })
  }
}
