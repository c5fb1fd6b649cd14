import NuTuneCore

/// dσ/dQ² of ν n → l⁻ p and ν̄ p → l⁺ n on a free nucleon, C. H. Llewellyn Smith, Phys. Rept. 3 (1972) 261, eq. (3.22),
/// in A, B, C and s − u, written without structure functions.
struct LlewellynSmith {
  /// Computes 10⁻³⁸ cm²/GeV² with |V_ud|²; `sign` is + for ν, − for ν̄.
  func crossSection(energy: Double, q2: Double, leptonMass m: Double, sign: Double) -> Double {
    let mm = PhysicalConstants.nucleonMass * PhysicalConstants.nucleonMass
    let tau = q2 / (4 * mm)
    let dipole = 1 / ((1 + q2 / 0.71) * (1 + q2 / 0.71))
    let ge = dipole - 1.9130427 * tau / (1 + 5.6 * tau) * dipole
    let gm = 4.7058900446 * dipole
    let f1 = (ge + tau * gm) / (1 + tau)
    let f2 = (gm - ge) / (1 + tau)
    let fa = -1.267 / ((1 + q2 / 1.0609) * (1 + q2 / 1.0609))
    let pion = PhysicalConstants.chargedPionMass
    let fp = 2 * mm * fa / (pion * pion + q2)
    let su = 4 * PhysicalConstants.nucleonMass * energy - q2 - m * m
    let a =
      (m * m + q2) / mm
      * ((1 + tau) * fa * fa - (1 - tau) * f1 * f1 + tau * (1 - tau) * f2 * f2 + 4 * tau * f1 * f2
        - m * m / (4 * mm) * ((f1 + f2) * (f1 + f2) + (fa + 2 * fp) * (fa + 2 * fp) - 4 * (1 + tau) * fp * fp))
    let b = -q2 / mm * fa * (f1 + f2)
    let c = (fa * fa + f1 * f1 + tau * f2 * f2) / 4
    let coupling = PhysicalConstants.fermiConstant * PhysicalConstants.vud
    return PhysicalConstants.hbarcSquared * mm * coupling * coupling / (8 * Double.pi * energy * energy)
      * (a + sign * b * su / mm + c * su * su / (mm * mm))
  }
}
