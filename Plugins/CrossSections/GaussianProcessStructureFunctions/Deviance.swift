import Foundation

/// Multinomial deviance of a prediction.
enum Deviance {
  /// Computes Σ p ln(p/q) of data p against rates, which are normalised; bins below 10⁻¹² of the rate count as 10⁻¹².
  static func perEvent(data: [Double], rates: [Double]) -> Double {
    let least = 1e-12 * rates.reduce(0, +)
    let held = rates.map { max($0, least) }
    let total = held.reduce(0, +)
    return zip(data, held).reduce(0) { sum, bin in
      bin.0 > 0 ? sum + bin.0 * log(bin.0 * total / bin.1) : sum
    }
  }
}
