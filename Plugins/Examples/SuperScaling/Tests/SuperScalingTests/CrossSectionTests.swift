import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing

@testable import SuperScaling

@Suite struct CrossSectionTests {
  let carbon: Target

  init() throws { carbon = try Target(named: "C12") }

  func model(_ changes: [String: ParameterValue] = [:]) throws -> SuperScaling {
    try SuperScaling(PluginConfiguration(parameters: SuperScaling.descriptor.parameters.defaults().setting(changes)))
  }

  func gas(fermiMomentum: Double) throws -> SuperScaling {
    try model([
      "scaling_function": .text("fermi-gas"), "fermi_momentum.C12": .number(fermiMomentum),
      "energy_shift.C12": .number(0),
    ])
  }

  /// On the peak, W₁…W₅ over S are those of a free nucleon: d²σ/(dE_l dcosθ) = S · 2E_ν p_l · dσ/dQ². The W-boson
  /// propagator is divided out, because Llewellyn Smith's formula is the contact limit.
  @Test(arguments: NeutrinoSpecies.allCases, [0.5, 1, 3, 10])
  func isTheFreeNucleonOnThePeak(species: NeutrinoSpecies, energy: Double) throws {
    let mass = PhysicalConstants.nucleonMass
    let reaction = Reaction(species: species, target: carbon)
    for q2 in [0.02, 0.1, 0.25, 0.5] {
      let omega = q2 / (2 * mass)
      let leptonEnergy = energy - omega
      let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: species.leptonMass)
      let cosine =
        (leptonEnergy - (q2 + species.leptonMass * species.leptonMass) / (2 * energy)) / momentum
      guard abs(cosine) <= 1 else { continue }
      let points = KinematicPoints(neutrinoEnergy: [energy], leptonEnergy: [leptonEnergy], cosTheta: [cosine])
      let response = 0.75 * mass / (0.2 * (q2 + omega * omega).squareRoot())
      let boson = 1 + q2 / (PhysicalConstants.wBosonMass * PhysicalConstants.wBosonMass)
      let ours =
        try gas(fermiMomentum: 0.2).crossSection(of: reaction, at: points)[0] * boson * boson
        / (response * 0.5 * 2 * energy * momentum)
      let reference = LlewellynSmith().crossSection(
        energy: energy, q2: q2, leptonMass: species.leptonMass, sign: species.helicity.sign)
      #expect(abs(ours / reference - 1) < 1e-8, "E \(energy) Q² \(q2): \(ours) against \(reference)")
    }
  }

  /// σ per struck nucleon for a Fermi gas that is nearly at rest: corrections are of order k_F²/M² and, where phase space
  /// ends, k_F/E_ν.
  @Test(arguments: [NeutrinoSpecies.numu, .numubar])
  func freeNucleonsAreTheLimitOfSmallFermiMomentum(species: NeutrinoSpecies) throws {
    let energy = 1.0
    let fermi = 0.004
    let mass = PhysicalConstants.nucleonMass
    let reaction = Reaction(species: species, target: carbon)
    let model = try gas(fermiMomentum: fermi)
    let lepton = species.leptonMass
    let outer = try GaussLegendre(points: 48)
    let inner = try GaussLegendre(points: 24)
    var ours = 0.0
    var reference = 0.0
    let range = outer.rule(on: 0.02...1.0)
    for (q2, weight) in zip(range.nodes, range.weights) {
      let peak = q2 / (2 * mass)
      let width = fermi / mass * (q2 + peak * peak).squareRoot()
      // The parabola ¾(1−ψ²) ends within 1 % of ψ = ±1.
      let energies = inner.rule(on: peak - 1.02 * width...peak + 1.02 * width)
      var points = KinematicPoints()
      for omega in energies.nodes {
        let leptonEnergy = energy - omega
        let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: lepton)
        points.append(
          neutrinoEnergy: energy, leptonEnergy: leptonEnergy,
          cosTheta: (leptonEnergy - (q2 + lepton * lepton) / (2 * energy)) / momentum)
      }
      let values = try model.crossSection(of: reaction, at: points)
      for i in 0..<points.count {
        let momentum = Kinematics.leptonMomentum(energy: points.leptonEnergy[i], mass: lepton)
        ours += weight * energies.weights[i] * values[i] / (2 * energy * momentum) / 0.5
      }
      reference +=
        weight
        * LlewellynSmith().crossSection(energy: energy, q2: q2, leptonMass: lepton, sign: species.helicity.sign)
    }
    #expect(abs(ours / reference - 1) < 2e-3, "\(ours) against \(reference)")
  }

  /// Computes σ(E_ν) in 10⁻³⁸ cm² per nucleon by Gauss–Legendre in E_l and θ.
  func total(_ model: SuperScaling, _ reaction: Reaction, energy: Double) throws -> Double {
    let mass = reaction.species.leptonMass
    let rule = try GaussLegendre(points: 8)
    let pieces = 40
    var points = KinematicPoints()
    var weights: [Double] = []
    for i in 0..<pieces {
      let step = (energy - mass) / Double(pieces)
      let onEnergy = rule.rule(on: mass + Double(i) * step...mass + Double(i + 1) * step)
      for j in 0..<pieces {
        let onAngle = rule.rule(on: Double(j) * .pi / Double(pieces)...Double(j + 1) * .pi / Double(pieces))
        for (leptonEnergy, energyWeight) in zip(onEnergy.nodes, onEnergy.weights) {
          for (angle, angleWeight) in zip(onAngle.nodes, onAngle.weights) {
            points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cos(angle))
            weights.append(energyWeight * angleWeight * sin(angle))
          }
        }
      }
    }
    return zip(weights, try model.crossSection(of: reaction, at: points)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Per neutron of carbon at 1 GeV: a Fermi gas without Pauli blocking is near the free nucleon, 0.9–1.1 · 10⁻³⁸ cm²,
  /// and the superscaling function, whose tail phase space cuts, is 10 to 20 % below it (Amaro et al. 2005).
  @Test func carbonAtOneGigaelectronvolt() throws {
    let reaction = Reaction(species: .numu, target: carbon)
    let gas = try total(model(["scaling_function": .text("fermi-gas")]), reaction, energy: 1) / 0.5
    #expect((0.9...1.1).contains(gas), "\(gas)")
    let scaling = try total(model(), reaction, energy: 1) / 0.5
    #expect((0.8...0.9).contains(scaling / gas), "\(scaling)")
    // For antineutrinos vector and axial parts interfere with the opposite sign.
    let antineutrino = try total(model(), Reaction(species: .numubar, target: carbon), energy: 1) / 0.5
    #expect((0.2...0.5).contains(antineutrino / scaling), "\(antineutrino)")
  }

  /// The hadron tensor is positive by construction, so the cross section is positive, before any clipping at zero.
  @Test(arguments: NeutrinoSpecies.allCases)
  func isPositive(species: NeutrinoSpecies) throws {
    let stream = try RandomStream(seed: 1, purpose: "positivity-\(species.rawValue)", member: 0)
    var points = KinematicPoints()
    for _ in 0..<50_000 {
      let energy = 0.2 * pow(100, stream.uniform())
      let leptonEnergy = species.leptonMass + (energy - species.leptonMass) * stream.uniform()
      points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 2 * pow(stream.uniform(), 0.3) - 1)
    }
    let reaction = Reaction(species: species, target: try Target(named: "Ar40"))
    let invariants = points.invariants(leptonMass: species.leptonMass)
    let values = LeptonTensor(species).crossSection(
      of: try model().structureFunctions(of: reaction, at: invariants), at: points, invariants: invariants)
    let largest = values.max() ?? 0
    #expect(largest > 0.1)
    #expect(values.allSatisfy { $0.isFinite && $0 >= -1e-12 * largest }, "\(values.min() ?? 0)")
  }

  @Test func neutrinosOnHydrocarbonSeeItsCarbon() throws {
    let points = InvariantPoints(omega: [0.1, 0.2], q2: [0.15, 0.4])
    let bound = try model().structureFunctions(of: Reaction(species: .numu, target: carbon), at: points)
    let mixed = try model().structureFunctions(
      of: Reaction(species: .numu, target: try Target(named: "CH")), at: points)
    for i in 0..<2 { #expect(abs(mixed.w[1][i] / bound.w[1][i] - (6.0 / 13) / 0.5) < 1e-12) }
  }

  @Test func refusesFreeProtonsByName() throws {
    #expect {
      try model().check([Reaction(species: .numubar, target: try Target(named: "CH"))])
    } throws: {
      ($0 as? NuTuneError)?.description
        == "target: found numubar on free protons in CH; expected a nucleus, one of C12, O16, Ar40, Fe56, Pb208"
    }
    #expect(throws: NuTuneError.self) {
      try model().check([Reaction(species: .numu, target: try Target(named: "H1"))])
    }
  }
}
