import Foundation

/// Ranges of axes that end at round numbers.
enum AxisRange {
  /// Returns the smallest of 1, 1.5, 2, 3, 5 × 10ⁿ that is not below a positive value.
  static func roundedUp(_ value: Double) -> Double {
    guard value.isFinite, value > 0 else { return 1 }
    let decade = pow(10, floor(log10(value)))
    // A hair of slack, so that 0.2 computed as 0.2000…01 stays 0.2.
    let step = [1, 1.5, 2, 3, 5, 10].first { value <= $0 * decade * (1 + 1e-9) } ?? 10
    return step * decade
  }

  /// Returns the half height of a ratio panel: at least 1 %, at most ±50 %, enough for the bins with a visible part of
  /// the rate.
  static func ratio(_ deviations: [Double]) -> Double {
    min(max(roundedUp(1.15 * (deviations.map(abs).max() ?? 0)), 0.01), 0.5)
  }

  /// Returns the distance from one of the ticks of a ratio panel: a round number inside the panel, so that no label
  /// touches the panel above.
  static func ratioTick(_ half: Double) -> Double {
    let decade = pow(10, floor(log10(half) + 1e-9))
    return ([5, 2, 1, 0.5].first { $0 * decade <= 0.75 * half } ?? 0.5) * decade
  }

  /// Returns the largest magnitude after leaving out a hundredth of the values, rounded up: one outlier must not wash
  /// out a map.
  static func symmetric(_ values: [Double]) -> Double {
    let magnitudes = values.map(abs).sorted()
    guard !magnitudes.isEmpty else { return 1 }
    return roundedUp(magnitudes[min(Int(Double(magnitudes.count) * 0.99), magnitudes.count - 1)])
  }

  /// Returns the smallest distance 1, 2, 5 × 10ⁿ between ticks with at most `most` of them along a positive span.
  static func step(_ span: Double, most: Int) -> Double {
    let least = span / Double(most)
    let decade = pow(10, floor(log10(least)))
    return ([1, 2, 5].first { least <= $0 * decade } ?? 10) * decade
  }

  /// Returns gnuplot's setting of an axis range that shows all of some values with a margin.
  static func padded(_ axis: String, _ values: [Double]) -> String {
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    let margin = high > low ? 0.05 * (high - low) : max(abs(low) * 0.1, 1e-6)
    return "set \(axis)range [\(DecimalText.plotted(low - margin)):\(DecimalText.plotted(high + margin))]"
  }
}
