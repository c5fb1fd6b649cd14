import Foundation
import NuTuneCore

/// Rates in bins by plain sums over E_ν and fine grids, independent of all folding.
struct BruteForceBins {
  let model: any CrossSectionModel
  let reaction: Reaction
  /// Neutrino energies in GeV.
  let energies: ClosedRange<Double>
  /// Number of neutrino energies.
  let steps: Int
  /// Flux at an energy in GeV.
  let flux: (Double) -> Double

  /// Midpoints in E_ν with their weights.
  private var neutrinos: [(energy: Double, weight: Double)] {
    let step = (energies.upperBound - energies.lowerBound) / Double(steps)
    return (0..<steps).map {
      let energy = energies.lowerBound + (Double($0) + 0.5) * step
      return (energy, step * flux(energy))
    }
  }

  /// Rates in bins of E_QE, shape [edges − 1], of all angles between two in degrees: leptons between two close momenta are
  /// shared among the bins between their values of E_QE.
  func spectrum(edges: [Double], degrees: ClosedRange<Double>, bindingEnergy: Double, momenta: Int, angles: Int) throws
    -> [Double]
  {
    let mass = reaction.species.leptonMass
    var rates = [Double](repeating: 0, count: edges.count - 1)
    for (neutrino, weight) in neutrinos {
      let highest = (neutrino * neutrino - mass * mass).squareRoot()
      let step = highest / Double(momenta)
      let turn = (degrees.upperBound - degrees.lowerBound) * .pi / 180 / Double(angles)
      var points = KinematicPoints()
      var weights: [Double] = []
      for i in 0..<angles {
        let angle = degrees.lowerBound * .pi / 180 + (Double(i) + 0.5) * turn
        for j in 0..<momenta {
          let momentum = (Double(j) + 0.5) * step
          let energy = (momentum * momentum + mass * mass).squareRoot()
          points.append(neutrinoEnergy: neutrino, leptonEnergy: energy, cosTheta: cos(angle))
          weights.append(weight * step * momentum / energy * turn * sin(angle))
        }
      }
      let values = try model.crossSection(of: reaction, at: points)
      for i in 0..<angles {
        let cosTheta = points.cosTheta[i * momenta]
        var low = reconstructed(0, cosTheta, bindingEnergy)
        for j in 0..<momenta {
          let high = reconstructed(Double(j + 1) * step, cosTheta, bindingEnergy)
          defer { low = high }
          guard let low, let high, low != high else { continue }
          let (from, to) = (min(low, high), max(low, high))
          let content = weights[i * momenta + j] * values[i * momenta + j]
          for bin in rates.indices {
            let overlap = min(edges[bin + 1], to) - max(edges[bin], from)
            if overlap > 0 { rates[bin] += content * overlap / (to - from) }
          }
        }
      }
    }
    return rates
  }

  /// E_QE in GeV as it stands in papers; nil where the denominator is not positive.
  private func reconstructed(_ momentum: Double, _ cosTheta: Double, _ bindingEnergy: Double) -> Double? {
    let (neutron, proton, mass) = (0.93956542052, 0.93827208816, reaction.species.leptonMass)
    let isNeutrino = reaction.species.helicity == .neutrino
    let initial = (isNeutrino ? neutron : proton) - bindingEnergy
    let final = isNeutrino ? proton : neutron
    let energy = (momentum * momentum + mass * mass).squareRoot()
    let denominator = 2 * (initial - energy + momentum * cosTheta)
    guard denominator > 0 else { return nil }
    return (2 * initial * energy - mass * mass + final * final - initial * initial) / denominator
  }

  /// Rates of a pair with transfers, shape [bins]: midpoints on `divisions` × `divisions` squares of every bin, with the
  /// lepton and its density from the invariants alone.
  func rates(_ binning: Binning, divisions: Int) throws -> [Double] {
    let pair = try binning.observables
    return try (0..<binning.count).map { bin in
      let (first, second) = binning.ranges(of: bin)
      let (width, height) = (
        (first.upperBound - first.lowerBound) / Double(divisions),
        (second.upperBound - second.lowerBound) / Double(divisions)
      )
      var points = KinematicPoints()
      var weights: [Double] = []
      for (neutrino, weight) in neutrinos {
        for i in 0..<divisions {
          for j in 0..<divisions {
            let u = first.lowerBound + (Double(i) + 0.5) * width
            let v = second.lowerBound + (Double(j) + 0.5) * height
            guard let lepton = lepton(pair, u, v, neutrino) else { continue }
            points.append(neutrinoEnergy: neutrino, leptonEnergy: lepton.energy, cosTheta: lepton.cosTheta)
            weights.append(weight * width * height * lepton.density)
          }
        }
      }
      let values = try model.crossSection(of: reaction, at: points)
      return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// E_l, cosθ and |∂(E_l, cosθ)/∂(u, v)|; nil where there is no lepton.
  private func lepton(_ pair: ObservablePair, _ u: Double, _ v: Double, _ neutrino: Double) -> (
    energy: Double, cosTheta: Double, density: Double
  )? {
    let mass = reaction.species.leptonMass
    let energy: Double
    let q2: Double
    // dQ²/dv or what stands for it.
    let slope: Double
    switch (pair.first, pair.second) {
    case (.energyTransfer, .q2): (energy, q2, slope) = (neutrino - u, v, 1)
    case (.momentumTransfer, .energyTransfer): (energy, q2, slope) = (neutrino - v, u * u - v * v, 2 * u)
    case (.leptonEnergy, .q2): (energy, q2, slope) = (u, v, 1)
    case (.leptonEnergy, .momentumTransfer):
      (energy, q2, slope) = (u, v * v - (neutrino - u) * (neutrino - u), 2 * v)
    default: return nil
    }
    guard energy > mass, energy < neutrino, q2 > 0 else { return nil }
    let momentum = (energy * energy - mass * mass).squareRoot()
    let cosTheta = (2 * neutrino * energy - mass * mass - q2) / (2 * neutrino * momentum)
    guard abs(cosTheta) <= 1 else { return nil }
    return (energy, cosTheta, slope / (2 * neutrino * momentum))
  }
}
