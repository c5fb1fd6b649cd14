import NuTuneCore
import Testing
import ToyStructureFunctions

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
      let w = model.quasiElastic.nucleon(omega: omega, q2: q2)
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
