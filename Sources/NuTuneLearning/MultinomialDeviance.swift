import Foundation

/// Compares the shape of binned data with a prediction of any normalisation.
///
/// L = Σ P ln(P / p), p = y / Σy: half the multinomial deviance per event, zero when the shapes agree. dL/dy = −P/y +
/// 1/Σy. Bins without data count through Σy only.
public struct MultinomialDeviance: Sendable {
  /// Data P, sum 1, [bins].
  public let probabilities: [Double]
  /// Name of the sample, for errors.
  public let sample: String

  /// Stores the data of the comparison, [bins], of any normalisation.
  /// - Throws: `LearningError.invalidData` if a bin is negative or not finite, or all are empty.
  public init(data: [Double], sample: String = "") throws(LearningError) {
    self.sample = sample
    for (bin, value) in data.enumerated() where !(value >= 0 && value.isFinite) {
      throw LearningError.invalidData("bin \(bin) contains \(value)")
    }
    let sum = data.reduce(0, +)
    guard sum > 0, sum.isFinite else { throw LearningError.invalidData("the sum of all bins is \(sum)") }
    probabilities = data.map { $0 / sum }
  }

  /// Returns L, and writes dL/dy into `gradient`; both buffers [bins].
  /// - Throws: `LearningError.predictionNotPositive` where y ≤ 0 (or is not a number) in a bin with data, and
  ///   `LearningError.invalidPrediction` where y is negative or not finite elsewhere.
  public func evaluate(
    prediction: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(LearningError) -> Double {
    precondition(prediction.count == probabilities.count && gradient.count == probabilities.count, "[bins] differ")
    var sum = 0.0
    for (bin, value) in prediction.enumerated() {
      let data = probabilities[bin]
      guard value > 0 || data == 0 else {
        throw LearningError.predictionNotPositive(bin: bin, prediction: value, data: data, sample: sample)
      }
      guard value >= 0, value.isFinite else {
        throw LearningError.invalidPrediction(bin: bin, prediction: value, sample: sample)
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
