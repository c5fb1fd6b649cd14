import Foundation
import NuTuneCore

/// Visible hadronic energy as a calorimeter sees it: of an energy transfer ω a share x is visible, which is measured with a
/// Gaussian error,
///
///     E_had = scale · x · ω + N(0, σ),   σ² = (s √ω)² + (c ω)² + n²,
///
/// so that its mean is scale · x̄ · ω and its variance (scale · spread · ω)² + σ². With a dependence κ on Q² the scale is
/// scale · [1 + κ Q²/(Q² + 1 GeV²)]: κ is what final states of large Q² show more than those of small Q².
///
/// A measured energy below the threshold is counted as no energy, in the lowest bin. That bin takes all below its upper
/// edge, Gaussian tails below zero included, and the last bin all above its lower edge: probabilities sum to one.
package struct CalorimetricResponse: HadronicResponse {
  private let edges: [Double]
  private let fraction: VisibleFraction
  private let numbers: [String: Double]

  /// Probabilities below this are taken as zero, and above one less this as one.
  private static let smallest = 1e-12

  /// Creates the response in some bins from numbers by the names that ``CalorimeterDetector`` declares.
  init(_ numbers: [String: Double], edges: [Double]) throws {
    self.numbers = numbers
    self.edges = edges
    fraction = try VisibleFraction(mean: numbers["visible"] ?? 1, spread: numbers["spread"] ?? 0)
  }

  /// Q² in GeV² at which half of the dependence on it is there.
  private static let halfway = 1.0

  /// Whether the scale changes with Q².
  package var dependsOnQ2: Bool { number("q2_dependence") != 0 }

  /// Computes P(bin | ω), shape [bins][energy transfers]; below ω = 0 as at zero.
  package func probabilities(at energyTransfers: [Double]) -> [[Double]] {
    probabilities(at: energyTransfers, factors: nil)
  }

  /// Computes P(bin | ω, Q²), shape [bins][points]; below ω = 0 and Q² = 0 as at zero.
  package func probabilities(at energyTransfers: [Double], q2: [Double]) -> [[Double]] {
    let dependence = number("q2_dependence")
    return probabilities(
      at: energyTransfers,
      factors: dependence == 0 ? nil : q2.map { 1 + dependence * max($0, 0) / (max($0, 0) + Self.halfway) })
  }

  /// - Parameter factors: on the scale, one for each energy transfer; nil for ones.
  private func probabilities(at energyTransfers: [Double], factors: [Double]?) -> [[Double]] {
    let (stochastic, constant, noise) = (number("stochastic"), number("constant"), number("noise"))
    let (scale, threshold) = (number("scale"), number("threshold"))
    let inner = edges.dropFirst().dropLast().map { max($0, threshold) }
    var rows = [[Double]](repeating: [], count: edges.count - 1)
    for row in rows.indices { rows[row].reserveCapacity(energyTransfers.count) }
    for (point, transfer) in energyTransfers.enumerated() {
      let response = factors.map { scale * $0[point] } ?? scale
      let omega = max(transfer, 0)
      let width = (stochastic * stochastic * omega + constant * constant * omega * omega + noise * noise).squareRoot()
      var last = 0.0
      for (bin, edge) in inner.enumerated() {
        var below = 0.0
        for (share, weight) in zip(fraction.values, fraction.weights) {
          below += weight * Self.probability(below: edge - response * share * omega, width: width)
        }
        // Rounding of weights whose sum is one.
        below = below < Self.smallest ? 0 : below > 1 - Self.smallest ? 1 : below
        below = max(below, last)
        rows[bin].append(below - last)
        last = below
      }
      rows[inner.count].append(1 - last)
    }
    return rows
  }

  private func number(_ name: String) -> Double { numbers[name] ?? 0 }

  /// The probability below `x` for mean zero; a step when `width` is zero.
  private static func probability(below x: Double, width: Double) -> Double {
    guard abs(x) < 8 * width else { return x >= 0 ? 1 : 0 }
    return 0.5 * erfc(-x / (width * 2.0.squareRoot()))
  }
}
