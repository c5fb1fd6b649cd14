import NuTuneCore
import Testing
import ToyStructureFunctions

/// Llewellyn Smith's dσ/dQ² for ν n → l⁻ p on a free nucleon, written from Phys. Rept. 3 (1972) 261, eq. (3.22), in
/// A, B, C and s − u, independently of structure functions.
private struct LlewellynSmith {
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
}

@Suite struct FreeNucleonTests {
  let model: ToyStructureFunctions

  init() throws {
    model = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
  }

  /// With S → δ(ω − Q²/2M), dσ/dQ² = d²σ/(dE_l dcosθ) / S · |∂(cosθ)/∂Q²| at ω = Q²/2M with dω integrated:
  /// (G_F²/2πE_ν²… ) collapses to prefactor/(2 E_ν p_l) · (A E_ν + B + C/E_ν). The W-boson propagator is divided out,
  /// because Llewellyn Smith's formula is the contact limit.
  @Test(arguments: [NeutrinoSpecies.numu, .numubar, .nue, .nuebar], [0.5, 1, 3, 10, 40])
  func equalsLlewellynSmith(species: NeutrinoSpecies, energy: Double) {
    let tensor = LeptonTensor(species)
    let mass = PhysicalConstants.nucleonMass
    for q2 in [0.02, 0.1, 0.25, 0.5] {
      let omega = q2 / (2 * mass)
      let leptonEnergy = energy - omega
      let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: tensor.leptonMass)
      guard momentum > 0 else { continue }
      let w = model.quasiElastic.nucleon(q2: q2)
      var functions = StructureFunctions(count: 1)
      functions.w = [[w.w1], [w.w2], [w.w3], [w.w4], [w.w5]]
      let values = tensor.nodeValues(of: functions, at: InvariantPoints(omega: [omega], q2: [q2]))
      let weights = tensor.pointWeights(neutrinoEnergy: energy, leptonMomentum: momentum, q2: q2)
      let propagator = 1 + q2 / (PhysicalConstants.wBosonMass * PhysicalConstants.wBosonMass)
      let doubleDifferential = weights.a * values[0][0] + weights.b * values[1][0] + weights.c * values[2][0]
      let ours =
        doubleDifferential * propagator * propagator / (2 * energy * momentum) / PhysicalConstants.hbarcSquared
      let reference = LlewellynSmith().crossSection(
        energy: energy, q2: q2, leptonMass: tensor.leptonMass, sign: species.helicity.sign)
      #expect(abs(ours / reference - 1) < 1e-10, "E \(energy) Q² \(q2): \(ours) against \(reference)")
    }
  }
}
