import Foundation

/// The directions of pions around the beam axis, Gaussian with the same width in both planes, relative to a detector.
enum PionDirections {
  /// Density in θ² (rad⁻²) of the angle θ between pion and the line to a detector at θ_d, with σ the spread in each plane
  /// (Rice's distribution):
  ///
  ///     f(θ²) = exp[−(θ² + θ_d²)/2σ²] I₀(θθ_d/σ²) / 2σ²
  static func density(angle: Double, detector: Double, spread: Double) -> Double {
    let variance = spread * spread
    let difference = angle - detector
    return exp(-difference * difference / (2 * variance)) * scaledBessel(angle * detector / variance) / (2 * variance)
  }

  /// Computes e⁻ˣ I₀(x) for x ≥ 0 to 1e-14: the power series below 20, the asymptotic one above.
  static func scaledBessel(_ x: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    if x < 20 {
      for k in 1...80 {
        let ratio = x / (2 * Double(k))
        term *= ratio * ratio
        sum += term
        if term < 1e-17 * sum { break }
      }
      return exp(-x) * sum
    }
    for k in 1...30 {
      let odd = Double(2 * k - 1)
      let next = term * odd * odd / (8 * Double(k) * x)
      guard next < term, next > 1e-17 else { break }
      term = next
      sum += term
    }
    return sum / (2 * Double.pi * x).squareRoot()
  }
}
