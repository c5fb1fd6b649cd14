import NuTuneCore

/// Form factors of the weak charged current of a nucleon, isovector, with τ = Q²/4M²:
///
///     G_D = (1 + Q²/0.71 GeV²)⁻²
///     G_E = G_D + μ_n τ/(1 + 5.6 τ) G_D      proton minus neutron, the latter after Galster et al.
///     G_M = (μ_p − μ_n) G_D
///     F_A = g_A (1 + Q²/M_A²)⁻²
///     F_P = 2M² F_A/(m_π² + Q²)
public struct NucleonFormFactors: Sendable {
  /// Axial mass M_A in GeV.
  public let axialMass: Double
  /// F_A(0), negative.
  public let axialCoupling: Double

  /// Magnetic moments in nuclear magnetons (PDG 2024).
  static let protonMoment = 2.7928473446
  static let neutronMoment = -1.9130427

  /// Computes the four form factors at Q² in GeV².
  func values(q2: Double) -> (electric: Double, magnetic: Double, axial: Double, pseudoscalar: Double) {
    let mass = PhysicalConstants.nucleonMass
    let pionMass = PhysicalConstants.chargedPionMass
    let tau = q2 / (4 * mass * mass)
    let vectorRoot = 1 + q2 / 0.71
    let dipole = 1 / (vectorRoot * vectorRoot)
    let axialRoot = 1 + q2 / (axialMass * axialMass)
    let axial = axialCoupling / (axialRoot * axialRoot)
    return (
      dipole * (1 + Self.neutronMoment * tau / (1 + 5.6 * tau)),
      dipole * (Self.protonMoment - Self.neutronMoment),
      axial,
      2 * mass * mass * axial / (pionMass * pionMass + q2)
    )
  }
}
