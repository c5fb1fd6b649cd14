/// Keeps predicted rates positive where cubic interpolation does not: bins that hardly any lepton reaches come out as ±
/// a small share of the rate, and an untrained net may cross zero anywhere.
///
///     y⁺ = ½ (y + r),   r = √(y² + ε²),   ε = floor · Σy
///
/// y⁺ is smooth, positive, and y up to ε²/4y where y ≫ ε.
struct PositiveRates: Sendable {
  /// ε as a share of the whole rate.
  let floor: Double

  /// Computes y⁺, shape [bins].
  func hold(_ rates: [Double]) -> [Double] {
    let epsilon = floor * rates.reduce(0, +)
    return rates.map { rate in
      let root = (rate * rate + epsilon * epsilon).squareRoot()
      // For negative rates the sum cancels; the same number as a quotient does not.
      return rate >= 0 ? 0.5 * (rate + root) : 0.5 * epsilon * epsilon / (root - rate)
    }
  }

  /// Computes the gradient with respect to y from the gradient with respect to y⁺, shape [bins].
  func gradient(at rates: [Double], byHeld: [Double]) -> [Double] {
    let epsilon = floor * rates.reduce(0, +)
    var gradient = rates
    var byEpsilon = 0.0
    for bin in rates.indices {
      let root = (rates[bin] * rates[bin] + epsilon * epsilon).squareRoot()
      // As in ``hold(_:)``: 1 + y/r of a negative rate is a difference of almost equal numbers, times a large slope.
      let slope = rates[bin] >= 0 ? 1 + rates[bin] / root : epsilon * epsilon / (root * (root - rates[bin]))
      gradient[bin] = 0.5 * byHeld[bin] * slope
      byEpsilon += 0.5 * byHeld[bin] * epsilon / root
    }
    return gradient.map { $0 + floor * byEpsilon }
  }
}
