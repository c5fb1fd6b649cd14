/// Event counts against predictions, checked bin by bin.
enum Counts {
  /// Returns the sum of bins; zero for data without an event, which add nothing to a likelihood.
  static func total(of counts: [Double]) throws -> Double {
    if let bad = counts.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw InferenceError.badCounts("bin \(bad) holds \(counts[bad]) events")
    }
    return counts.reduce(0, +)
  }

  /// Returns the sum of bins for normalisation.
  static func normalization(of shape: [Double]) throws -> Double {
    let total = try total(of: shape)
    guard total > 0 else { throw InferenceError.badCounts("nothing in \(shape.count) bins") }
    return total
  }

  static func totalPrediction(_ prediction: [Double], bins: Int) throws -> Double {
    guard prediction.count == bins else {
      throw InferenceError.binMismatch(expected: bins, found: prediction.count)
    }
    var (sum, isNegative) = (0.0, false)
    for value in prediction {
      sum += value
      // So is what is no number.
      isNegative = !(value >= 0) || isNegative
    }
    if isNegative || !sum.isFinite, let bad = prediction.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw InferenceError.badPrediction(bin: bad, value: prediction[bad])
    }
    return sum
  }
}
