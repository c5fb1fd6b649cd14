import CKernels
import Foundation
import NuTuneNumerics

extension Counts {
  /// Computes 2 Σ [n ln(n/ν) − n + ν] with ν = factor · prediction, eight bins at a time: a bin with events is 2n[t − ln(1+t)],
  /// t = (ν−n)/n, of second order in t.
  static func deviance(counts: [Double], prediction: [Double], factor: Double) throws -> Double {
    try counts.withUnsafeBufferPointer { counts in
      try prediction.withUnsafeBufferPointer { try deviance(counts: counts, prediction: $0, factor: factor) }
    }
  }

  /// The same of bins in memory.
  static func deviance(
    counts: UnsafeBufferPointer<Double>, prediction: UnsafeBufferPointer<Double>, factor: Double
  ) throws -> Double {
    guard let start = counts.baseAddress, let predicted = prediction.baseAddress else { return 0 }
    var sums = SIMD8<Double>.zero
    var (rest, bin) = (0.0, 0)
    while true {
      bin = withUnsafeMutablePointer(to: &sums) {
        $0.withMemoryRebound(to: Double.self, capacity: 8) {
          nutune_count_deviance(start, predicted, factor, bin, counts.count, $0)
        }
      }
      guard bin < counts.count else { return 2 * sums.sum() + 2 * rest }
      // Ratios for which the series is not made.
      let end = min(bin + 8, counts.count)
      for bin in bin..<end {
        let expected = predicted[bin] * factor
        rest += try extremeTerm(bin: bin, count: counts[bin], prediction: predicted[bin], expected: expected)
      }
      bin = end
    }
  }

  /// Computes half of one bin's deviance for an extreme ratio ν/n.
  private static func extremeTerm(bin: Int, count: Double, prediction: Double, expected: Double) throws -> Double {
    guard count > 0 else { return expected }
    guard expected > 0 else {
      throw InferenceError.eventsWithoutPrediction(bin: bin, count: count, prediction: prediction)
    }
    let excess = (expected - count) / count
    // Near t = −1 the subtraction loses the digits of ν/n; the logarithm of the ratio keeps them.
    return excess > -0.5
      ? -count * (try SpecialFunctions.logOnePlusMinus(excess)) : count * log(count / expected) - count + expected
  }
}
