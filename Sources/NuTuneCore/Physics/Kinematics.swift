/// Kinematics of ν A → l X on a nucleon of average mass M.
public enum Kinematics {
  /// Computes the lepton momentum p_l in GeV; zero below threshold.
  @inlinable
  public static func leptonMomentum(energy: Double, mass: Double) -> Double {
    max((energy - mass) * (energy + mass), 0).squareRoot()
  }

  /// Computes ω in GeV and Q² in GeV² at (E_ν, E_l, cosθ).
  ///
  /// Q² = 2E_ν(E_l − p_l cosθ) − m² with E_l − p_l cosθ = m²/(E_l + p_l) + p_l(1 − cosθ), which avoids cancellation.
  @inlinable
  public static func invariants(
    neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double, leptonMass: Double
  ) -> (omega: Double, q2: Double) {
    let momentum = leptonMomentum(energy: leptonEnergy, mass: leptonMass)
    let massSquared = leptonMass * leptonMass
    let difference = massSquared / (leptonEnergy + momentum) + momentum * (1 - cosTheta)
    return (neutrinoEnergy - leptonEnergy, 2 * neutrinoEnergy * difference - massSquared)
  }

  /// Computes W² = M² + 2Mω − Q² in GeV².
  @inlinable
  public static func hadronicMassSquared(omega: Double, q2: Double) -> Double {
    let mass = PhysicalConstants.nucleonMass
    return mass * mass + 2 * mass * omega - q2
  }

  /// Computes the common factor G_F² p_l / [π (1 + Q²/M_W²)²] of the cross section, in 10⁻³⁸ cm² GeV⁻¹.
  @inlinable
  public static func prefactor(leptonMomentum: Double, q2: Double) -> Double {
    let propagator = 1 + q2 / (PhysicalConstants.wBosonMass * PhysicalConstants.wBosonMass)
    return PhysicalConstants.fermiConstant * PhysicalConstants.fermiConstant * PhysicalConstants.hbarcSquared
      * leptonMomentum / (Double.pi * propagator * propagator)
  }
}
