import Foundation
import NuTuneNumerics

extension Counts {
  /// Computes 2 Σ [n ln(n/ν) − n + ν] with ν = factor · prediction, eight bins at a time.
  ///
  /// A bin with events is 2n[t − ln(1+t)], t = (ν−n)/n, of second order in t. With w = ν/n = 2ᵏ m, m in [√½, √2), and
  /// d = m − 1 (d = t itself where k = 0, so nothing cancels near t = 0),
  ///
  ///     t − ln w = (t − d) − k ln 2 + d s − 2s³(1/3 + s²/5 + s⁴/7 + …),   s = d/(2 + d),
  ///
  /// because ln(1+d) = 2 artanh s and d = 2s/(1−s). |s| < 0.172, so ten terms leave 2·10⁻¹⁷ of the sum.
  static func deviance(counts: [Double], prediction: [Double], factor: Double) throws -> Double {
    var sums = SIMD8<Double>.zero
    var rest = 0.0
    try counts.withUnsafeBufferPointer { counts in
      try prediction.withUnsafeBufferPointer { prediction in
        for start in stride(from: 0, to: counts.count, by: 8) {
          let (n, predicted) = (eight(of: counts, from: start), eight(of: prediction, from: start))
          let expected = predicted * factor
          let hasEvents = n .> 0
          let ratio = (expected / n).replacing(with: 1, where: .!hasEvents)
          guard all((ratio .>= smallestRatio) .& (ratio .<= largestRatio)) else {
            for i in 0..<min(8, counts.count - start) {
              rest += try extremeTerm(bin: start + i, count: n[i], prediction: predicted[i], expected: expected[i])
            }
            continue
          }
          let excess = ((expected - n) / n).replacing(with: 0, where: .!hasEvents)
          sums += (n * excessMinusLogarithm(excess, ratio)).replacing(with: expected, where: .!hasEvents)
        }
      }
    }
    return 2 * sums.sum() + 2 * rest
  }

  /// Loads eight values, zeros after the end of the array: a bin without events or prediction adds nothing.
  @inline(__always)
  private static func eight(of values: UnsafeBufferPointer<Double>, from start: Int) -> SIMD8<Double> {
    if start + 8 <= values.count {
      return UnsafeRawPointer(values.baseAddress! + start).loadUnaligned(as: SIMD8<Double>.self)
    }
    var eight = SIMD8<Double>.zero
    for i in start..<values.count { eight[i - start] = values[i] }
    return eight
  }

  /// Ratios ν/n below this are left to the system's logarithm.
  private static var smallestRatio: Double { 1e-300 }
  private static var largestRatio: Double { 1e300 }

  /// Computes t − ln w for w = 1 + t, both given, because near t = −1 the sum has lost the digits of w.
  @inline(__always)
  private static func excessMinusLogarithm(_ t: SIMD8<Double>, _ w: SIMD8<Double>) -> SIMD8<Double> {
    let bits = unsafeBitCast(w, to: SIMD8<Int64>.self)
    let halfRoot = Int64(bitPattern: 0.5.squareRoot().bitPattern)
    let exponent = (bits &- SIMD8(repeating: halfRoot)) &>> SIMD8(repeating: 52)
    let mantissa = unsafeBitCast(bits &- (exponent &<< SIMD8(repeating: 52)), to: SIMD8<Double>.self)
    // 1.5 · 2⁵² holds a small integer in its low bits.
    let rounder = 6_755_399_441_055_744.0
    let shifted = exponent &+ SIMD8(repeating: Int64(bitPattern: rounder.bitPattern))
    let power = unsafeBitCast(shifted, to: SIMD8<Double>.self) - rounder
    let d = (mantissa - 1).replacing(with: t, where: power .== 0)
    let s = d / (d + 2)
    let square = s * s
    var series = SIMD8<Double>(repeating: 1.0 / 21)
    for odd in stride(from: 19.0, through: 3, by: -2) { series = series * square + 1 / odd }
    return ((t - d) - power * 0.693_147_180_559_945_309_4) + (d * s - 2 * s * square * series)
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
