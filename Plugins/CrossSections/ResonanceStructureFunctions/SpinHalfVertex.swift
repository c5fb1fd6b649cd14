import NuTuneCore

/// The vertex of a resonance of spin 1/2, with μ = M + M_R:
///
///     ū′ [ g₁/μ² (Q² γ^ν + q̸ q^ν) + g₂/μ iσ^{νρ} q_ρ ] Γ u     vector
///     ū′ [ a₁ γ^ν + a₃/M q^ν ] Γ′ u                             axial
///
/// Positive parity (P₁₁): Γ = 1, Γ′ = γ₅; negative parity (S₁₁): Γ = γ₅, Γ′ = 1. Lalakulich, Paschos, Piranishvili,
/// Phys. Rev. D 74, 014009 (2006).
package struct SpinHalfVertex: Sendable {
  /// Vector form factors at one Q².
  package var g1Vector, g2Vector: Double
  /// Axial form factor at one Q²; the pion pole makes a₃ = a₁ M (W ± M)/(Q²+m_π²), so that the current is conserved as
  /// m_π → 0.
  package var axial: Double
  /// μ in GeV.
  package var scale: Double
  /// Whether the resonance has positive parity.
  package var hasPositiveParity: Bool

  /// Creates a vertex from its form factors.
  package init(g1Vector: Double, g2Vector: Double, axial: Double, scale: Double, hasPositiveParity: Bool) {
    self.g1Vector = g1Vector
    self.g2Vector = g2Vector
    self.axial = axial
    self.scale = scale
    self.hasPositiveParity = hasPositiveParity
  }

  /// Computes w₁…w₅ for a state of mass W in GeV at Q² in GeV².
  package func functions(mass: Double, q2: Double) -> TransitionFunctions {
    let frame = TransitionFrame(mass: mass, q2: q2)
    let nucleon = PhysicalConstants.nucleonMass
    let pion = PhysicalConstants.chargedPionMass
    let sign = hasPositiveParity ? 1.0 : -1
    let omega = frame.energyTransfer
    let k = frame.momentum
    let root = 2.0.squareRoot()
    // γ₅ on the nucleon turns M into −M and changes upper and lower components.
    let (same, other) = hasPositiveParity ? (frame.upper, frame.lower) : (frame.lower, frame.upper)
    let first = g1Vector / (scale * scale)
    let second = g2Vector / scale
    let sum = mass + sign * nucleon
    let difference = mass - sign * nucleon
    let time = same * (first * (q2 + difference * omega) + second * (sign * nucleon - frame.nucleonEnergy))
    let vector = TransitionFunctions.Amplitudes(
      three: 0, one: -root * other * (first * q2 + second * sum), time: time, space: time * omega / k)

    let pole = axial * sum / (q2 + pion * pion)
    let axialCurrent = TransitionFunctions.Amplitudes(
      three: 0, one: -root * same * axial, time: other * (axial + pole * omega), space: other * pole * k - same * axial)
    return TransitionFunctions(vector: vector, axial: axialCurrent, frame: frame)
  }
}
