import NuTuneCore

/// The vertex of a resonance of spin 3/2, with M the nucleon mass and P = p + q:
///
///     ψ̄_λ [ C₃/M (q̸ g^{λν} − q^λ γ^ν) + C₄/M² (q·P g^{λν} − q^λ P^ν) + C₅/M² (q·p g^{λν} − q^λ p^ν) ] Γ u     vector
///     ψ̄_λ [ (the same with axial C₃, C₄) + C₅ g^{λν} + C₆/M² q^λ q^ν ] Γ′ u                                     axial
///
/// Positive parity (Δ): Γ = γ₅, Γ′ = 1; negative parity (D₁₃): Γ = 1, Γ′ = γ₅. C. H. Llewellyn Smith, Phys. Rept. 3
/// (1972) 261; Lalakulich, Paschos, Phys. Rev. D 71, 074003 (2005).
package struct SpinThreeHalfVertex: Sendable {
  /// Vector form factors at one Q².
  package var c3Vector, c4Vector, c5Vector: Double
  /// Axial form factors at one Q²; the pion pole makes C₆ = C₅ M²/(Q²+m_π²), so that the current is conserved as m_π → 0.
  package var c3Axial, c4Axial, c5Axial: Double
  /// Whether the resonance has positive parity.
  package var hasPositiveParity: Bool

  /// Creates a vertex from its form factors.
  package init(
    vector: (c3: Double, c4: Double, c5: Double), axial: (c3: Double, c4: Double, c5: Double), hasPositiveParity: Bool
  ) {
    (c3Vector, c4Vector, c5Vector) = vector
    (c3Axial, c4Axial, c5Axial) = axial
    self.hasPositiveParity = hasPositiveParity
  }

  /// Computes w₁…w₅ for a state of mass W in GeV at Q² in GeV².
  package func functions(mass: Double, q2: Double) -> TransitionFunctions {
    let frame = TransitionFrame(mass: mass, q2: q2)
    let nucleon = PhysicalConstants.nucleonMass
    let pion = PhysicalConstants.chargedPionMass
    let pole = c5Axial * nucleon * nucleon / (q2 + pion * pion)
    let vector = amplitudes((c3Vector, c4Vector, c5Vector, 0, 0), isPseudo: hasPositiveParity, frame)
    let axial = amplitudes((c3Axial, c4Axial, 0, c5Axial, pole), isPseudo: !hasPositiveParity, frame)
    return TransitionFunctions(vector: vector, axial: axial, frame: frame)
  }

  /// Computes the amplitudes of one current; `metric` and `pole` multiply g^{λν} and q^λ q^ν/M². With γ₅ (`isPseudo`)
  /// upper and lower components of the nucleon are exchanged.
  @inline(__always)
  private func amplitudes(
    _ c: (c3: Double, c4: Double, c5: Double, metric: Double, pole: Double), isPseudo: Bool, _ frame: TransitionFrame
  ) -> TransitionFunctions.Amplitudes {
    let nucleon = PhysicalConstants.nucleonMass
    let inverse = 1 / (nucleon * nucleon)
    let k = frame.momentum
    let omega = frame.energyTransfer
    let withState = frame.mass * omega
    let withNucleon = omega * frame.nucleonEnergy + k * k
    let common = inverse * (c.c4 * withState + c.c5 * withNucleon) + c.metric
    let scalar = inverse * (c.c4 * frame.mass + c.c5 * frame.nucleonEnergy - c.pole * omega)
    let slash = c.c3 / nucleon
    let dominant = isPseudo ? frame.lower : frame.upper
    let other = isPseudo ? frame.upper : frame.lower
    let bracket = slash * (isPseudo ? frame.mass + nucleon : frame.mass - nucleon) + common
    let direct = dominant * bracket
    let flipped = 2 * slash * k * other
    let longitudinal = (2.0 / 3).squareRoot() * dominant
    return TransitionFunctions.Amplitudes(
      three: isPseudo ? -direct : direct,
      one: (direct - flipped) / 3.0.squareRoot(),
      time: longitudinal * k * (slash + scalar),
      space: longitudinal * (slash * omega + common - inverse * (c.c5 + c.pole) * k * k))
  }
}
