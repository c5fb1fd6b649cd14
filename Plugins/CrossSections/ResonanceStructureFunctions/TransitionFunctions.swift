import NuTuneCore

/// Contribution of a transition N → R of one state of mass W to the inclusive cross section: w₁…w₅ without the line
/// shape, W_i = |V_ud|² w_i B(W²).
///
/// With p the nucleon at rest,
///
///     W^{μν} = −g^{μν} W₁ + p^μ p^ν W₂/M² − iε^{μνρσ} p_ρ q_σ W₃/(2M²) + q^μ q^ν W₄/M² + (p^μ q^ν + q^μ p^ν) W₅/M²
///            = Σ_spins ½ J^μ J^{ν*} / (2M) · B(W²),      ∫ B dW² = 1.
///
/// These are the functions of ``StructureFunctions`` except for W₄, which is Q²/(2Mω) w₄ there. As a sum over the spins
/// of real states, it is a positive tensor for every (W, Q²) and all form factors.
package struct TransitionFunctions: Sendable {
  /// w₁…w₅ in GeV.
  package var w1, w2, w3, w4, w5: Double

  /// Computes the functions from the amplitudes between polarised states in the rest frame of R, q along z; vector and
  /// axial parts are separate.
  ///
  /// Transverse ones, ⟨3/2|J·e₊|½⟩ and ⟨½|J·e₊|−½⟩, are in `three` and `one`; scalar ones, ⟨½|J⁰|½⟩ and ⟨½|J^z|½⟩, in
  /// `time` and `space`. Vector and axial parts interfere only in W₃.
  @inlinable
  init(vector: Amplitudes, axial: Amplitudes, frame: TransitionFrame) {
    let norm = 1 / (2 * PhysicalConstants.nucleonMass)
    let transverse =
      0.5 * norm
      * (vector.three * vector.three + vector.one * vector.one + axial.three * axial.three + axial.one * axial.one)
    let interference = -norm * (vector.three * axial.three + vector.one * axial.one)
    let timeTime = norm * (vector.time * vector.time + axial.time * axial.time)
    let timeSpace = norm * (vector.time * vector.space + axial.time * axial.space)
    let spaceSpace = norm * (vector.space * vector.space + axial.space * axial.space)

    // In the basis of P = p + q = (W, 0) and q: α PP + β (Pq + qP) + γ qq.
    let k = frame.momentum
    let omega = frame.energyTransfer
    let gamma = (spaceSpace - transverse) / (k * k)
    let beta = (timeSpace / k - omega * gamma) / frame.mass
    let alpha =
      (timeTime + transverse - 2 * frame.mass * omega * beta - omega * omega * gamma)
      / (frame.mass * frame.mass)
    let massSquared = PhysicalConstants.nucleonMass * PhysicalConstants.nucleonMass
    w1 = transverse
    w2 = massSquared * alpha
    // |q| in the rest frame of the nucleon is kW/M; the antisymmetric part is W₃|q|/(2M) there.
    w3 = 2 * massSquared * interference / (k * frame.mass)
    w4 = massSquared * (alpha + 2 * beta + gamma)
    w5 = massSquared * (alpha + beta)
  }

  /// Amplitudes of one current, GeV.
  @usableFromInline
  struct Amplitudes: Sendable {
    @usableFromInline var three, one, time, space: Double

    @usableFromInline
    init(three: Double, one: Double, time: Double, space: Double) {
      self.three = three
      self.one = one
      self.time = time
      self.space = space
    }
  }
}
