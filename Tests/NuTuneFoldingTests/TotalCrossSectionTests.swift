import BuiltInPlugins
import Foundation
import NuTuneCore
import NuTuneFolding
import Testing

/// d²σ = p_l (1 + cosθ), whose integral is known.
private struct LinearModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "linear", summary: "", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) throws {}
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    (0..<points.count).map { i in
      Kinematics.leptonMomentum(energy: points.leptonEnergy[i], mass: reaction.species.leptonMass)
        * (1 + points.cosTheta[i])
    }
  }
}

/// d²σ = 2 E_ν p_l / [Q² ln(Q²_max/Q²_min)]: one in the integral over cosθ, all of it close to cosθ = 1.
private struct ForwardModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "forward", summary: "", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) throws {}
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    let mass = reaction.species.leptonMass
    return (0..<points.count).map { i in
      let (energy, lepton) = (points.neutrinoEnergy[i], points.leptonEnergy[i])
      func q2(_ cosTheta: Double) -> Double {
        Kinematics.invariants(neutrinoEnergy: energy, leptonEnergy: lepton, cosTheta: cosTheta, leptonMass: mass).q2
      }
      let slope = 2 * energy * Kinematics.leptonMomentum(energy: lepton, mass: mass)
      return slope / (q2(points.cosTheta[i]) * log(q2(-1) / q2(1)))
    }
  }
}

@Suite("Total cross sections")
struct TotalCrossSectionTests {
  @Test("a closed form: ∫p dE_l ∫(1 + cosθ) dcosθ = E p − m² ln((E + p)/m)", arguments: NeutrinoSpecies.allCases)
  func closedForm(_ species: NeutrinoSpecies) throws {
    let model = try LinearModel(PluginConfiguration(parameters: ParameterSchema([]).defaults()))
    let total = try TotalCrossSection(model: model, reaction: Reaction(species: species, target: Target(named: "C12")))
    let mass = species.leptonMass
    for energy in [0.12, 0.5, 3, 30] {
      let momentum = (energy * energy - mass * mass).squareRoot()
      let exact = energy * momentum - mass * mass * log((energy + momentum) / mass)
      #expect(abs(try total.value(at: energy) - exact) <= 1e-4 * exact)
    }
    #expect(try total.value(at: mass / 2) == 0)
  }

  @Test("a forward peak: ∫dE_l = E − m")
  func forwardPeak() throws {
    let model = try ForwardModel(PluginConfiguration(parameters: ParameterSchema([]).defaults()))
    let total = try TotalCrossSection(model: model, reaction: Reaction(species: .numu, target: Target(named: "C12")))
    for energy in [0.3, 2, 20] {
      let exact = energy - PhysicalConstants.muonMass
      #expect(abs(try total.value(at: energy) - exact) <= 1e-4 * exact)
    }
  }

  /// A line that points of a panel miss makes a number that its neighbours do not have: at 1.165 GeV, 0.5 % less.
  @Test("the line of a free proton: between two energies 5 MeV apart σ is almost straight")
  func freeProton() throws {
    let registry = try BuiltInPlugins.registry()
    let parameters = try registry.descriptor(.crossSection, named: "toy-sf").parameters.defaults()
    let model: any CrossSectionModel = try registry.make(
      .crossSection, named: "toy-sf", PluginConfiguration(parameters: parameters.setting(["dis.scale": .number(0)])))
    let total = try TotalCrossSection(
      model: model, reaction: Reaction(species: .numubar, target: try Target(named: "H1")))
    for energy in [0.4, 1.1650047, 1.7, 4] {
      let (low, high) = (try total.value(at: energy - 0.0025), try total.value(at: energy + 0.0025))
      #expect(abs(try total.value(at: energy) / (0.5 * (low + high)) - 1) < 1e-4, "\(energy)")
    }
  }

  @Test("quasi-elastic scattering against a fine midpoint sum, which knows no substitution")
  func midpoint() throws {
    let registry = try BuiltInPlugins.registry()
    let parameters = try registry.descriptor(.crossSection, named: "toy-sf").parameters.defaults()
    let model: any CrossSectionModel = try registry.make(
      .crossSection, named: "toy-sf", PluginConfiguration(parameters: parameters.setting(["dis.scale": .number(0)])))
    let reaction = Reaction(species: .nue, target: try Target(named: "Ar40"))
    let total = try TotalCrossSection(model: model, reaction: reaction).value(at: 1)
    let mass = reaction.species.leptonMass
    var sum = 0.0
    for row in 0..<900 {
      var points = KinematicPoints()
      let energy = mass + (1 - mass) * (Double(row) + 0.5) / 900
      for column in 0..<1000 {
        points.append(neutrinoEnergy: 1, leptonEnergy: energy, cosTheta: -1 + (Double(column) + 0.5) / 500)
      }
      sum += try model.crossSection(of: reaction, at: points).reduce(0, +)
    }
    // Cells of 1 MeV × 0.002 (in Q² 4e-3 GeV²) against a peak of 30 MeV (0.06 GeV²): (h/σ)²/24 ≈ 2e-4 at worst, and
    // of both signs along the peak. Electrons, because no grid resolves the terms in m²/Q² of a forward muon.
    #expect(abs(sum * (1 - mass) / 900 / 500 - total) < 1e-4 * total)
  }
}
