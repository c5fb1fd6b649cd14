import Foundation
import NuTuneCore
import NuTuneNumerics

/// Rates of all bins by a dense lattice in (p_l, θ) with E_ν at each point from its lepton's energy upwards: for whole
/// binnings, of which adaptive quadrature would take hours. It shares no points with folding.
struct DenseFold {
  let model: any CrossSectionModel
  let sweep: SweepCase
  /// Factor on all distances.
  var scale = 1.0

  /// Rates of the bins; of energy or momentum and angle only.
  func rates() throws -> [Double] {
    let rule = try GaussLegendre(points: 4)
    let binning = sweep.binning
    let mass = sweep.reaction.species.leptonMass
    let (lowest, highest) = (SweepCase.knots[0], SweepCase.knots[SweepCase.knots.count - 1])
    func momentum(_ value: Double) -> Double {
      binning.observableNames[0] == .leptonEnergy
        ? Kinematics.leptonMomentum(energy: max(value, mass), mass: mass) : value
    }
    func angle(_ value: Double) -> Double {
      binning.observableNames[1] == .cosTheta ? acos(min(max(value, -1), 1)) : value * Double.pi / 180
    }
    func lattice(_ low: Double, _ high: Double, _ step: (Double) -> Double) -> [(Double, Double)] {
      var points: [(Double, Double)] = []
      var here = low
      while here < high - 1e-12 {
        let next = min(high, here + step(here) * scale)
        let part = rule.rule(on: here...next)
        points += zip(part.nodes, part.weights).map { ($0, $1) }
        here = next
      }
      return points
    }
    let reach = Kinematics.leptonMomentum(energy: highest, mass: mass)
    return try Parallel.map(binning.count, threads: 2) { bin in
      let ranges = binning.ranges(of: bin)
      let ends = [angle(ranges.second.lowerBound), angle(ranges.second.upperBound)].sorted()
      let angles = lattice(ends[0], ends[1]) { 0.02 + 0.05 * $0 }
      var sum = 0.0
      // Leptons around the lowest energy and the step of the flux, where their rate has kinks, are cut there.
      let (slowest, fastest) = (momentum(ranges.first.lowerBound), min(momentum(ranges.first.upperBound), reach))
      let cuts =
        ([slowest, fastest]
        + [lowest, 1.5].map { Kinematics.leptonMomentum(energy: $0, mass: mass) }).sorted()
      for (low, high) in zip(cuts, cuts.dropFirst())
      where low >= slowest && high <= fastest {
        for (p, pWeight) in lattice(low, high, { _ in 0.12 }) {
          let energy = (p * p + mass * mass).squareRoot()
          let knots = ([max(lowest, energy)] + [1.5, highest].filter { $0 > energy })
          var energies: [(Double, Double)] = []
          for (left, right) in zip(knots, knots.dropFirst()) where left < right {
            energies += lattice(left, right) { 0.02 + 0.01 * $0 }
          }
          let flux = energies.map { $0.1 * sweep.weight($0.0) }
          for (theta, thetaWeight) in angles {
            let points = KinematicPoints(
              neutrinoEnergy: energies.map(\.0), leptonEnergy: energies.map { _ in energy },
              cosTheta: energies.map { _ in cos(theta) })
            let values = try model.crossSection(of: sweep.reaction, at: points)
            sum += zip(flux, values).reduce(0) { $0 + $1.0 * $1.1 } * pWeight * thetaWeight * p / energy * sin(theta)
          }
        }
      }
      return sum
    }
  }
}
