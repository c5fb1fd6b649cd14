import NuTuneCore
import NuTuneNumerics

/// Llewellyn Smith's dσ/dQ² for ν n → l⁻ p on a free nucleon, written from Phys. Rept. 3 (1972) 261, eq. (3.22), in
/// A, B, C and s − u, independently of structure functions.
struct LlewellynSmith {
  let mass = PhysicalConstants.nucleonMass
  let axialMass = 1.03

  /// dσ/dQ² in GeV⁻⁴, |V_ud|² left out; `sign` is + for ν, − for ν̄.
  func crossSection(energy: Double, q2: Double, leptonMass m: Double, sign: Double) -> Double {
    let mm = mass * mass
    let tau = q2 / (4 * mm)
    let ge = 1 / ((1 + q2 / 0.71) * (1 + q2 / 0.71))
    let gm = 4.706 * ge
    let f1 = (ge + tau * gm) / (1 + tau)
    let f2 = (gm - ge) / (1 + tau)
    let fa = -1.267 / ((1 + q2 / (axialMass * axialMass)) * (1 + q2 / (axialMass * axialMass)))
    let pion = PhysicalConstants.chargedPionMass
    let fp = 2 * mm * fa / (pion * pion + q2)
    let su = 4 * mass * energy - q2 - m * m
    let a =
      (m * m + q2) / mm
      * ((1 + tau) * fa * fa - (1 - tau) * f1 * f1 + tau * (1 - tau) * f2 * f2 + 4 * tau * f1 * f2
        - m * m / (4 * mm) * ((f1 + f2) * (f1 + f2) + (fa + 2 * fp) * (fa + 2 * fp) - 4 * (1 + tau) * fp * fp))
    let b = -q2 / mm * fa * (f1 + f2)
    let c = (fa * fa + f1 * f1 + tau * f2 * f2) / 4
    let fermi = PhysicalConstants.fermiConstant
    return mm * fermi * fermi / (8 * Double.pi * energy * energy) * (a + sign * b * su / mm + c * su * su / (mm * mm))
  }

  /// σ in 10⁻³⁸ cm², |V_ud|² and the W boson's propagator in: over the Q² that a nucleon at rest can be given.
  func total(energy: Double, leptonMass m: Double, sign: Double) throws -> Double {
    let s = mass * mass + 2 * mass * energy
    let neutrino = (s - mass * mass) / (2 * s.squareRoot())
    let lepton = (s + m * m - mass * mass) / (2 * s.squareRoot())
    guard lepton > m else { return 0 }
    let momentum = (lepton * lepton - m * m).squareRoot()
    let range = 2 * neutrino * (lepton - momentum) - m * m...2 * neutrino * (lepton + momentum) - m * m
    let boson = PhysicalConstants.wBosonMass
    let integral = try Quadrature.adaptive(over: range, relativeTolerance: 1e-8) { q2 in
      let propagator = 1 + q2 / (boson * boson)
      return crossSection(energy: energy, q2: q2, leptonMass: m, sign: sign) / (propagator * propagator)
    }
    return integral.value * PhysicalConstants.vud * PhysicalConstants.vud * PhysicalConstants.hbarcSquared
  }
}
