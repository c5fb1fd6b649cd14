import Foundation
import NuTuneCore

/// Charged pions from the target for protons of energy E_p, with Feynman scaling:
///
///     dn/dp = (Y/p) (1 − p/E_p)⁴,   transverse momenta Gaussian with ⟨p_T²⟩ = p̄_T²
struct PionSource: Sendable {
  /// E_p in GeV.
  let protonEnergy: Double
  /// Y, pions per proton and unit of ln p at p ≪ E_p.
  let yield: Double
  /// Root mean square transverse momentum p̄_T in GeV.
  let transverseMomentum: Double

  /// Computes dn/dE in pions per proton and GeV at a pion energy in GeV; zero where there are none.
  func density(pionEnergy energy: Double) -> Double {
    let mass = PhysicalConstants.chargedPionMass
    let squared = (energy - mass) * (energy + mass)
    let rest = 1 - energy / protonEnergy
    guard squared > 0, rest > 0 else { return 0 }
    // dn/dE = dn/dp · E/p
    return yield * energy / squared * (rest * rest) * (rest * rest)
  }
}
