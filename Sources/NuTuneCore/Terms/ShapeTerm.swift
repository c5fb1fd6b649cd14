import Foundation

/// Compares the shape of binned data with a prediction of any normalisation.
///
/// L = Σ P ln(P / p), p = y / Σy: half the multinomial deviance per event, zero when the shapes agree. dL/dy = −P/y +
/// 1/Σy. Bins without data count through Σy only.
public struct ShapeTerm: LikelihoodTerm {
  /// Data P, sum 1, [bins].
  public let probabilities: [Double]
  /// Events behind the data; 1 for infinitely many.
  public let scale: Double
  /// Name of the sample, for errors.
  public let sample: String

  /// Stores the data of the comparison, [bins], of any normalisation.
  /// - Throws: `TermError.invalidData` if a bin is negative or not finite, or all are empty.
  public init(data: [Double], events: Double? = nil, sample: String = "") throws(TermError) {
    self.sample = sample
    scale = events ?? 1
    for (bin, value) in data.enumerated() where !(value >= 0 && value.isFinite) {
      throw TermError.invalidData("bin \(bin) contains \(value)")
    }
    let sum = data.reduce(0, +)
    guard sum > 0, sum.isFinite else { throw TermError.invalidData("the sum of all bins is \(sum)") }
    probabilities = data.map { $0 / sum }
  }

  /// Number of bins.
  public var binCount: Int { probabilities.count }

  /// Returns L, and writes dL/dy into `gradient`; both buffers [bins].
  /// - Throws: `TermError.predictionNotPositive` where y ≤ 0 (or is not a number) in a bin with data, and
  ///   `TermError.invalidPrediction` where y is negative or not finite elsewhere.
  public func evaluate(
    rates prediction: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    precondition(prediction.count == probabilities.count && gradient.count == probabilities.count, "[bins] differ")
    var sum = 0.0
    for (bin, value) in prediction.enumerated() {
      let data = probabilities[bin]
      guard value > 0 || data == 0 else {
        throw TermError.predictionNotPositive(bin: bin, prediction: value, data: data, sample: sample)
      }
      guard value >= 0, value.isFinite else {
        throw TermError.invalidPrediction(bin: bin, prediction: value, sample: sample)
      }
      sum += value
    }
    let inverseSum = 1 / sum
    var loss = 0.0
    for (bin, value) in prediction.enumerated() {
      let data = probabilities[bin]
      let share = value * inverseSum
      guard data > 0 else {
        gradient[bin] = inverseSum
        loss += share
        continue
      }
      // Σ P ln(P/p) = Σ [P ln(P/p) + p − P]: nothing cancels between bins, every term is positive and small.
      let excess = (share - data) / data
      loss += data * (excess - (excess < -0.5 ? log(share / data) : log1p(excess)))
      gradient[bin] = inverseSum - data / value
    }
    return loss
  }
}
