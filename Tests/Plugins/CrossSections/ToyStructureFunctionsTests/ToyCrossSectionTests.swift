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

  /// σ(E_ν) in 10⁻³⁸ cm² per nucleon: Gauss–Legendre in √ω and ∛θ, fine enough for 0.1 %.
  func total(_ model: ToyStructureFunctions, _ reaction: Reaction, energy: Double) throws -> Double {
    let available = energy - reaction.species.leptonMass
    let unit = try GaussLegendre(points: 16)
    let pieces = 22
    let nodes = (0..<pieces).flatMap { piece -> [(Double, Double)] in
      let rule = unit.rule(on: Double(piece) / Double(pieces)...Double(piece + 1) / Double(pieces))
      return Array(zip(rule.nodes, rule.weights))
    }
    var points = KinematicPoints()
    var weights: [Double] = []
    for (s, sWeight) in nodes {
      for (t, tWeight) in nodes {
        let angle = Double.pi * t * t * t
        points.append(neutrinoEnergy: energy, leptonEnergy: energy - available * s * s, cosTheta: cos(angle))
        weights.append(sWeight * 2 * s * available * tWeight * 3 * t * t * Double.pi * sin(angle))
      }
    }
    return zip(weights, try model.crossSection(of: reaction, at: points)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The numbers of the design's own script, which does not continue the quasi-elastic part off its line (±1 %).
  @Test func quasiElasticCrossSections() throws {
    let reaction = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let quasiElastic = try model(["dis.scale": .number(0)])
    for (energy, expected) in [(0.5, 0.74), (1, 1.03), (2, 1.05), (3, 1.02), (10, 0.97)] {
      let perNeutron = try total(quasiElastic, reaction, energy: energy) / reaction.target.neutronFraction
      #expect(abs(perNeutron / expected - 1) < 0.01, "quasi-elastic at \(energy) GeV: \(perNeutron)")
    }
  }

  /// σ/E_ν per nucleon of argon, from the same script (±1 %).
  @Test(arguments: [
    (NeutrinoSpecies.numu, [0.814, 0.616, 0.500, 0.494, 0.513, 0.552, 0.612]),
    (.numubar, [0.172, 0.175, 0.166, 0.168, 0.179, 0.199, 0.229]),
  ])
  func totalCrossSections(species: NeutrinoSpecies, expected: [Double]) throws {
    let reaction = Reaction(species: species, target: try Target(named: "Ar40"))
    for (energy, reference) in zip([0.5, 1, 2, 3, 5, 10, 30], expected) {
      let perEnergy = try total(model(), reaction, energy: energy) / energy
      #expect(abs(perEnergy / reference - 1) < 0.01, "σ/E of \(species) at \(energy) GeV: \(perEnergy)")
    }
  }

  /// d²σ ≥ 0 for every channel on a random sweep over energies and angles, before anything is held at zero. The exception
  /// is close to the muon's threshold, where the pion pole of F_P is continued off shell: below 0.4 GeV, and 4·10⁻⁵ of a
  /// sweep that is crowded there.
  @Test(arguments: NeutrinoSpecies.allCases, ["Ar40", "H1"])
  func isPositive(species: NeutrinoSpecies, target: String) throws {
    let reaction = Reaction(species: species, target: try Target(named: target))
    let stream = try RandomStream(seed: 1, purpose: "positivity-\(species.rawValue)", member: 0)
    var points = KinematicPoints()
    for _ in 0..<100_000 {
      let energy = 0.2 * pow(200, stream.uniform())
      let leptonEnergy = species.leptonMass + (energy - species.leptonMass) * stream.uniform()
      points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 2 * pow(stream.uniform(), 0.3) - 1)
    }
    let tensor = LeptonTensor(species)
    let invariants = points.invariants(leptonMass: species.leptonMass)
    let values = tensor.crossSection(
      of: try model().structureFunctions(of: reaction, at: invariants), at: points, invariants: invariants)
    #expect(values.allSatisfy { $0.isFinite })
    #expect(values.contains { $0 > 0.1 })
    let held = values.reduce(0) { $0 - min($1, 0) } / values.reduce(0, +)
    #expect(held < (species.flavor == .muon ? 5e-5 : 1e-13), "\(held)")
    for i in values.indices where values[i] < -1e-13 {
      #expect(
        species.flavor == .muon && points.neutrinoEnergy[i] < 0.4,
        "\(values[i]) at E \(points.neutrinoEnergy[i]), E_l \(points.leptonEnergy[i]), cosθ \(points.cosTheta[i])")
    }
  }

  /// ν and ν̄ differ by the sign of W₃ only, on an isoscalar target with isoscalar partons.
  @Test func antineutrinoSeesTheSameFunctions() throws {
    let target = try Target(named: "C12")
    let points = InvariantPoints(omega: [0.1, 0.5, 2], q2: [0.15, 0.4, 1.2])
    let neutrino = try model().structureFunctions(of: Reaction(species: .numu, target: target), at: points)
    let antineutrino = try model().structureFunctions(of: Reaction(species: .numubar, target: target), at: points)
    #expect(neutrino.w == antineutrino.w)
  }

  /// ∫F₃ dx above x at Q² in GeV².
  private func grossLlewellynSmith(q2: Double, above lowest: Double) throws -> Double {
    let dis = try model(["quasi_elastic.scale": .number(0)])
    let reaction = Reaction(species: .numu, target: try Target(named: "C12"))
    // x = y⁴ tames the rise of F₃ at small x.
    return try Quadrature.adaptive(over: pow(lowest, 0.25)...1, relativeTolerance: 1e-8) { y in
      let x = min(pow(y, 4), 1 - 1e-9)
      let omega = q2 / (2 * PhysicalConstants.nucleonMass * x)
      let w = dis.structureFunctions(of: reaction, at: InvariantPoints(omega: [omega], q2: [q2]))
      return omega * w.w[2][0] * 4 * y * y * y
    }.value
  }

  /// Gross–Llewellyn Smith: ∫F₃ dx → 3 at high Q², where ξ → x, K and T → 1 and R → 0. ξ has a floor
  /// at 10⁻⁵, below which 9·10⁻⁴ of the sum lie. At lower Q² the design's own numbers, which begin at x = 10⁻⁴.
  @Test func grossLlewellynSmithSumRule() throws {
    for (q2, expected) in [(10.0, 2.785), (100, 2.960), (1000, 2.983)] {
      let value = try grossLlewellynSmith(q2: q2, above: 1e-4)
      #expect(abs(value - expected) < 0.002, "\(value) at Q² \(q2)")
    }
    let value = try grossLlewellynSmith(q2: 1e5, above: 1e-5)
    #expect(abs(value / 3 - 1) < 1e-3, "\(value)")
  }

  /// A constant R that old studies set is answered with what took its place.
  @Test func retiredRatioIsExplained() throws {
    let place = SourceLocation(file: "study.yaml", line: 3, column: 5)
    let ratio = ConfigurationNode(.scalar("0.18", quoted: false), at: place)
    let dis = ConfigurationNode(.mapping([.init(key: "longitudinal_ratio", location: place, value: ratio)]), at: place)
    let node = ConfigurationNode(.mapping([.init(key: "dis", location: place, value: dis)]), at: place)
    do {
      _ = try ToyStructureFunctions.descriptor.parameters.values(from: node, path: "truth")
      Issue.record("the old parameter was taken")
    } catch {
      let sentence = "\(error)"
      #expect(sentence.contains("truth.dis.longitudinal_ratio: found a parameter of an earlier version"))
      #expect(sentence.contains("expected dis.longitudinal_ratio_at_zero and dis.longitudinal_scale"))
    }
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
