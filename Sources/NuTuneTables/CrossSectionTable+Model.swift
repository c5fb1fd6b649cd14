import Foundation
import NuTuneCore

extension CrossSectionTable {
  /// Scale in ω (GeV) and in Q² (GeV²) below which points are equidistant, and above which their spacing grows: peaks
  /// are about as wide.
  private static let transferScale = 0.15
  private static let momentumScale = 0.3
  /// Distance of the first and last lepton energies from the ends, relative to the whole range: at E_l = E_ν there is
  /// nothing to interpolate to, and at E_l = m no phase space.
  private static let margin = 1e-6

  /// Tabulates a model at `leptons` lepton energies for every neutrino energy and `cosines` cosines for each of these.
  ///
  /// Lepton energies reach from the mass to E_ν and cosines from −1 to 1. They are dense at small ω and small Q², so that
  /// quasi-elastic scattering and resonances are resolved at every neutrino energy. Energies below threshold are left out.
  package init(
    of model: any CrossSectionModel, reaction: Reaction, energies: [Double], leptons: Int, cosines: Int,
    labels: [String: String] = [:]
  ) throws {
    self.init(
      labels: labels.merging(
        [
          "unit": Self.unit, "channel": reaction.species.rawValue, "target": reaction.target.name,
          "model": type(of: model).descriptor.name,
        ]
      ) { $1 })
    let mass = reaction.species.leptonMass
    for energy in energies where energy > mass {
      var points = KinematicPoints()
      for leptonEnergy in Self.leptonEnergies(energy, mass: mass, count: leptons) {
        for cosTheta in Self.cosines(energy, leptonEnergy, mass: mass, count: cosines) {
          points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta)
        }
      }
      values += try model.crossSection(of: reaction, at: points)
      self.energy += points.neutrinoEnergy
      leptonEnergy += points.leptonEnergy
      cosTheta += points.cosTheta
    }
  }

  /// Returns ascending lepton energies in GeV, dense at small ω, shape [count].
  package static func leptonEnergies(_ energy: Double, mass: Double, count: Int) -> [Double] {
    let whole = energy - mass
    let reach = asinh(whole / transferScale)
    return (0..<count).reversed().map { i in
      let omega = transferScale * sinh(reach * Double(i) / Double(count - 1))
      return energy - min(max(omega, margin * whole), (1 - margin) * whole)
    }
  }

  /// Returns ascending cosines, dense at small Q² and around W = M: equal steps of asinh(Q²/s) + asinh((Q²−2Mω)/s);
  /// shape [count].
  package static func cosines(_ energy: Double, _ leptonEnergy: Double, mass: Double, count: Int) -> [Double] {
    let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: mass)
    let lowest = Kinematics.invariants(
      neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 1, leptonMass: mass
    ).q2
    // Q² = Q²(cosθ = 1) + 2E_ν p_l (1 − cosθ).
    let slope = 2 * energy * momentum
    let elastic = 2 * PhysicalConstants.nucleonMass * (energy - leptonEnergy)
    func place(_ q2: Double) -> Double { asinh(q2 / momentumScale) + asinh((q2 - elastic) / momentumScale) }
    let (first, last) = (place(lowest), place(lowest + 2 * slope))
    var low = lowest
    return (0..<count).map { i in
      guard i > 0 else { return 1 }
      guard i < count - 1 else { return -1 }
      let wanted = first + (last - first) * Double(i) / Double(count - 1)
      var high = lowest + 2 * slope
      for _ in 0..<60 where high - low > 1e-12 * high {
        let middle = (low + high) / 2
        if place(middle) < wanted { low = middle } else { high = middle }
      }
      return 1 - (low - lowest) / slope
    }.reversed()
  }
}
