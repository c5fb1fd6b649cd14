import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing
import ToyStructureFunctions

@Suite struct ToyCrossSectionTests {
  func model(_ changes: [String: ParameterValue] = [:]) throws -> ToyStructureFunctions {
    try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  /// σ(E_ν) in 10⁻³⁸ cm² per nucleon: Gauss–Legendre in E_l and θ, fine enough for 0.1 %.
  func total(_ model: ToyStructureFunctions, _ reaction: Reaction, energy: Double) throws -> Double {
    let mass = reaction.species.leptonMass
    let rule = try GaussLegendre(points: 16)
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

  /// The numbers of the design's own script (±2 %).
  @Test func quasiElasticAndTotalCrossSections() throws {
    let reaction = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let quasiElastic = try model(["dis.scale": .number(0)])
    for (energy, expected) in [(0.5, 0.74), (1, 1.03), (2, 1.05), (3, 1.02), (10, 0.97)] {
      let perNeutron = try total(quasiElastic, reaction, energy: energy) / reaction.target.neutronFraction
      #expect(abs(perNeutron / expected - 1) < 0.02, "quasi-elastic at \(energy) GeV: \(perNeutron)")
    }
    for (energy, expected) in [(0.5, 0.81), (1, 0.62), (2, 0.51), (3, 0.50), (5, 0.52), (10, 0.56)] {
      let perEnergy = try total(model(), reaction, energy: energy) / energy
      #expect(abs(perEnergy / expected - 1) < 0.02, "σ/E at \(energy) GeV: \(perEnergy)")
    }
  }

  /// d²σ ≥ 0 for every channel on a random sweep over energies and angles. What is held at zero, close to threshold where
  /// the pion pole of F_P is continued off shell, stays below a third of the 3·10⁻⁴ that fold tables may err: they
  /// are linear and do not hold it.
  @Test(arguments: NeutrinoSpecies.allCases)
  func isPositive(species: NeutrinoSpecies) throws {
    let reaction = Reaction(species: species, target: try Target(named: "Ar40"))
    let stream = try RandomStream(seed: 1, purpose: "positivity-\(species.rawValue)", member: 0)
    var points = KinematicPoints()
    for _ in 0..<200_000 {
      let energy = 0.2 * pow(200, stream.uniform())
      let leptonEnergy = species.leptonMass + (energy - species.leptonMass) * stream.uniform()
      points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 2 * pow(stream.uniform(), 0.3) - 1)
    }
    let values = try model().crossSection(of: reaction, at: points)
    let tensor = LeptonTensor(species)
    let invariants = points.invariants(leptonMass: species.leptonMass)
    let linear = tensor.crossSection(
      of: try model().structureFunctions(of: reaction, at: invariants), at: points, invariants: invariants)
    let held = zip(values, linear).reduce(0) { $0 + $1.0 - $1.1 } / linear.reduce(0, +)
    #expect(held < 1e-4, "\(held)")
    let lowest = values.enumerated().min { $0.element < $1.element }!
    let i = lowest.offset
    #expect(
      lowest.element >= 0,
      "\(lowest.element) at E \(points.neutrinoEnergy[i]), E_l \(points.leptonEnergy[i]), cosθ \(points.cosTheta[i])")
    #expect(values.allSatisfy { $0.isFinite })
    #expect(values.contains { $0 > 0.1 })
  }

  /// ν and ν̄ differ by the sign of W₃ only, on an isoscalar target with isoscalar partons.
  @Test func antineutrinoSeesTheSameFunctions() throws {
    let target = try Target(named: "C12")
    let points = InvariantPoints(omega: [0.1, 0.5, 2], q2: [0.15, 0.4, 1.2])
    let neutrino = try model().structureFunctions(of: Reaction(species: .numu, target: target), at: points)
    let antineutrino = try model().structureFunctions(of: Reaction(species: .numubar, target: target), at: points)
    #expect(neutrino.w == antineutrino.w)
  }

  /// Gross–Llewellyn Smith: ∫F₃ dx = 3 at high Q², where ξ → x and K, T → 1, with R = 0 so that no bound is met.
  @Test func grossLlewellynSmithSumRule() throws {
    let q2 = 1e5
    let dis = try model(["quasi_elastic.scale": .number(0), "dis.longitudinal_ratio": .number(0)])
    let reaction = Reaction(species: .numu, target: try Target(named: "C12"))
    // x = y⁴ tames the rise of F₃ at small x; ξ has a floor at 10⁻⁵, below which 3·10⁻⁴ of the sum are missing.
    let integral = try Quadrature.adaptive(over: pow(1e-5, 0.25)...1, relativeTolerance: 1e-8) { y in
      let x = min(pow(y, 4), 1 - 1e-9)
      let omega = q2 / (2 * PhysicalConstants.nucleonMass * x)
      let w = dis.structureFunctions(of: reaction, at: InvariantPoints(omega: [omega], q2: [q2]))
      return omega * w.w[2][0] * 4 * y * y * y
    }
    #expect(abs(integral.value / 3 - 1) < 1e-3, "\(integral.value)")
  }

  @Test func nonIsoscalarValenceFollowsTheStruckQuark() throws {
    let argon = try Target(named: "Ar40")
    let free = try model(["quasi_elastic.scale": .number(0), "dis.isoscalar": .boolean(false)])
    let isoscalar = try model(["quasi_elastic.scale": .number(0)])
    let points = InvariantPoints(omega: [200], q2: [20])
    let ratio: (NeutrinoSpecies) -> Double = { species in
      free.structureFunctions(of: Reaction(species: species, target: argon), at: points).w[2][0]
        / isoscalar.structureFunctions(of: Reaction(species: species, target: argon), at: points).w[2][0]
    }
    #expect(abs(ratio(.numu) - 2.0 / 3 * (18 + 2 * 22) / 40) < 1e-12)
    #expect(abs(ratio(.numubar) - 2.0 / 3 * (2 * 18 + 22) / 40) < 1e-12)
  }
}
