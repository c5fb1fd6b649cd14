import Foundation
import NuTuneCore
import NuTuneNumerics

/// A smooth distribution of true leptons, steep towards low energies and ever more forward at high ones, with what a
/// detector of Gaussian errors measures of it, by plain summation over a fine grid in energy and angle.
struct SmoothDistribution {
  /// d²N/(dE dθ) for E in GeV and θ in degrees: a beam-like spectrum times a dipole in Q² = 2E²(1 − cosθ).
  static func density(_ energy: Double, _ degrees: Double) -> Double {
    guard energy > mass else { return 0 }
    let angle = degrees * Double.pi / 180
    let dipole = 1 + 2 * energy * energy * (1 - cos(angle)) / 0.9
    let spectrum =
      energy * (energy * energy - 0.011236).squareRoot() * exp(-pow(energy / 2.2, 1.5)) + 0.02 * exp(-energy / 3)
    return spectrum * sin(angle) / (dipole * dipole)
  }

  /// Mass of the lepton in GeV, where the distribution starts.
  private static let mass = 0.106

  /// Contents of bins in (E, cosθ), shape [bins], by 5 × 5 Gauss–Legendre points in (x, θ), or more in wide bins; with
  /// E = m cosh x, p = m sinh x it starts smoothly.
  static func contents(_ binning: Binning, points: Int = 5) throws -> [Double] {
    let rule = try GaussLegendre(points: points)
    let grid = binning.grids[0]
    let degrees = grid.second.edges.map { grid.second.observable == .theta ? $0 : acos($0) * 180 / Double.pi }
    return (0..<binning.count).map { bin in
      let (i, j) = (bin / grid.second.count, bin % grid.second.count)
      let energies = rule.rule(on: rapidity(grid.first.edges[i])...rapidity(grid.first.edges[i + 1]))
      let angles = rule.rule(on: min(degrees[j], degrees[j + 1])...max(degrees[j], degrees[j + 1]))
      var sum = 0.0
      for (x, xWeight) in zip(energies.nodes, energies.weights) {
        let (energy, energyWeight) = (mass * cosh(x), mass * sinh(x) * xWeight)
        for (angle, angleWeight) in zip(angles.nodes, angles.weights) {
          sum += energyWeight * angleWeight * density(energy, angle)
        }
      }
      return sum
    }
  }

  /// Returns x of an energy E = m cosh x in GeV, zero below the mass.
  private static func rapidity(_ energy: Double) -> Double { acosh(max(energy / mass, 1)) }

  /// Contents of measured bins in (E, cosθ), from midpoints in (x, y) with E = m cosh x and θ = 90° (1 − cos πy), in which
  /// the distribution goes on as an even function at all ends but the last in E, so that the sum converges fast; steps are
  /// half a standard deviation of an energy at most, and a whole one of an angle.
  ///
  /// - Parameters:
  ///   - energyWidth: standard deviation of measured energies in GeV around `scale` · E, by true energy.
  ///   - angleWidth: that of measured angles in degrees, by true energy.
  ///   - efficiency: by true energy.
  static func measured(
    _ binning: Binning, scale: Double = 1, energyWidth: (Double) -> Double, angleWidth: (Double) -> Double,
    efficiency: (Double) -> Double = { _ in 1 }, isAngleWidthConstant: Bool = true
  ) -> [Double] {
    func below(_ x: Double, _ width: Double) -> Double { 0.5 * erfc(-x / width / 2.0.squareRoot()) }
    let grid = binning.grids[0]
    let degrees = grid.second.edges.map { acos($0) * 180 / Double.pi }
    let (energySteps, angleSteps) = (700, 500)
    let turns = (0..<angleSteps).map { Double.pi * (Double($0) + 0.5) / Double(angleSteps) }
    let angles = turns.map { 90 * (1 - cos($0)) }
    let angleWeights = turns.map { 90 * Double.pi * sin($0) / Double(angleSteps) }

    /// By angle, the measured bins and probabilities: images of each bin at −θ and 360° − θ.
    func angular(_ width: Double) -> [[(bin: Int, probability: Double)]] {
      angles.map { angle in
        func share(_ low: Double, _ high: Double) -> Double {
          guard low - 9 * width < angle, angle < high + 9 * width else { return 0 }
          return below(high - angle, width) - below(low - angle, width)
        }
        return (0..<grid.second.count).compactMap { bin in
          let (low, high) = (degrees[bin + 1], degrees[bin])
          let probability = share(low, high) + share(-high, -low) + share(360 - high, 360 - low)
          return probability > 0 ? (bin, probability) : nil
        }
      }
    }
    var known = angular(angleWidth(1))
    var sums = [Double](repeating: 0, count: binning.count)
    let step = rapidity(30) / Double(energySteps)
    for index in 0..<energySteps {
      let x = (Double(index) + 0.5) * step
      let energy = mass * cosh(x)
      if !isAngleWidthConstant { known = angular(angleWidth(energy)) }
      var row = [Double](repeating: 0, count: grid.second.count)
      for (index, bins) in known.enumerated() {
        let value = density(energy, angles[index]) * angleWeights[index]
        for (bin, probability) in bins { row[bin] += probability * value }
      }
      let weight = efficiency(energy) * mass * sinh(x) * step
      let (center, width) = (scale * energy, energyWidth(energy))
      for i in 0..<grid.first.count {
        let share = below(grid.first.edges[i + 1] - center, width) - below(grid.first.edges[i] - center, width)
        guard share > 1e-15 else { continue }
        for j in row.indices { sums[i * row.count + j] += weight * share * row[j] }
      }
    }
    return sums
  }
}
