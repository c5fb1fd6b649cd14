import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing
import ToyStructureFunctions

/// Scattering off pairs of nucleons: off by default, transverse, positive, with the strength of electron scattering.
@Suite struct MesonExchangeTests {
  private func model(_ changes: [String: ParameterValue] = [:]) throws -> ToyStructureFunctions {
    try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  /// This part alone.
  private func alone(_ changes: [String: ParameterValue] = [:]) throws -> ToyStructureFunctions {
    let others: [String: ParameterValue] = [
      "quasi_elastic.scale": .number(0), "dis.scale": .number(0), "meson_exchange.scale": .number(1),
    ]
    return try model(others.merging(changes) { $1 })
  }

  private func reaction(_ target: String, _ species: NeutrinoSpecies = .numu) throws -> Reaction {
    Reaction(species: species, target: try Target(named: target))
  }

  private let points: InvariantPoints = {
    var points = InvariantPoints(omega: [], q2: [])
    for q2 in [0.01, 0.1, 0.3, 0.7, 1.5] {
      for omega in stride(from: -0.1, through: 1.5, by: 0.05) {
        points.omega.append(omega)
        points.q2.append(q2)
      }
    }
    return points
  }()

  /// Without it the model is the sum of its two other parts, bit for bit, whatever its other parameters.
  @Test func isOffByDefault() throws {
    let defaults = ToyStructureFunctions.descriptor.parameters.defaults()
    let argon = try reaction("Ar40")
    var sum = StructureFunctions(count: points.count)
    QuasiElastic(defaults).add(to: &sum, of: argon, at: points)
    try DeepInelastic(defaults).add(to: &sum, of: argon, at: points)
    let shapes: [String: ParameterValue] = [
      "meson_exchange.mass": .number(1), "meson_exchange.width": .number(0.2),
      "meson_exchange.parity_violation": .number(1),
    ]
    #expect(try model().structureFunctions(of: argon, at: points).w == sum.w)
    #expect(try model(shapes).structureFunctions(of: argon, at: points).w == sum.w)
    #expect(try model(["meson_exchange.scale": .number(1)]).structureFunctions(of: argon, at: points).w != sum.w)
  }

  /// One nucleon makes no pair.
  @Test func aFreeProtonHasNone() throws {
    let hydrogen = try reaction("H1", .numubar)
    #expect(
      try model(["meson_exchange.scale": .number(3)]).structureFunctions(of: hydrogen, at: points).w
        == model().structureFunctions(of: hydrogen, at: points).w)
  }

  /// ∫W₁dω per nucleon is half of |V_ud|² τ G_M² (R_T − 1) with the published R_T = 1 + 6.0 Q² exp(−Q²/0.34), on any
  /// nucleus and for both signs, and linear in the scale; the mean of ω belongs to W = 1.1 GeV.
  @Test(arguments: ["C12", "Ar40", "Pb208"]) func strengthIsThatOfElectronScattering(_ target: String) throws {
    let nucleon = PhysicalConstants.nucleonMass
    for (species, scale) in [(NeutrinoSpecies.numu, 1.0), (.numubar, 0.3)] {
      let model = try alone(["meson_exchange.scale": .number(scale)])
      let reaction = try reaction(target, species)
      for q2 in [0.1, 0.34, 1] {
        func moment(_ power: Int) throws -> Double {
          try Quadrature.adaptive(over: -0.7...2, relativeTolerance: 1e-9) { omega in
            let point = InvariantPoints(omega: [omega], q2: [q2])
            return pow(omega, Double(power)) * model.structureFunctions(of: reaction, at: point).w[0][0]
          }.value
        }
        let magnetic = 4.706 / pow(1 + q2 / 0.71, 2)
        let enhancement = 6.0 * q2 * exp(-q2 / 0.34)
        let expected =
          0.5 * pow(PhysicalConstants.vud, 2) * q2 / (4 * nucleon * nucleon) * magnetic * magnetic * enhancement
        let total = try moment(0)
        #expect(abs(total / (scale * expected) - 1) < 1e-6, "Q² \(q2)")
        let mean = try moment(1) / total
        #expect(abs((nucleon * nucleon + 2 * nucleon * mean - q2).squareRoot() - 1.1) < 1e-6, "Q² \(q2): \(mean)")
      }
    }
  }

  /// W_L = 0, |W₃||q|/2M is the declared share of W₁, and the vector part is a conserved current: both components of
  /// q_μ W^μν vanish.
  @Test(arguments: [0, 0.4, 1]) func tensorIsTransverse(_ share: Double) throws {
    let nucleon = PhysicalConstants.nucleonMass
    let model = try alone(["meson_exchange.parity_violation": .number(share)])
    let w = model.structureFunctions(of: try reaction("C12"), at: points).w
    for i in 0..<points.count where w[0][i] > 1e-12 && abs(points.omega[i]) > 1e-6 {
      let (omega, q2) = (points.omega[i], points.q2[i])
      let momentum = (q2 + omega * omega).squareRoot()
      #expect(abs((1 + omega * omega / q2) * w[1][i] / w[0][i] - 1) < 1e-12)
      #expect(abs(w[2][i] * momentum / (2 * nucleon * w[0][i]) - share) < 1e-12)
      // With p·q = Mω: along P, p·q W₂/M² − Q² W₅/M²; along q, −W₁ − Q² (2ω/MQ²) W₄ + p·q W₅/M².
      let alongP = omega * w[1][i] / nucleon - q2 * w[4][i] / (nucleon * nucleon)
      let alongQ = -w[0][i] - 2 * omega * w[3][i] / nucleon + omega * w[4][i] / nucleon
      #expect(abs(alongP) < 1e-12 * w[0][i] && abs(alongQ) < 1e-12 * w[0][i], "ω \(omega) Q² \(q2)")
    }
  }

  /// d²σ grows linearly with the scale and is nowhere negative, muon masses and all; without parity violation neutrinos
  /// and antineutrinos have the same.
  @Test func crossSectionIsLinearInTheScale() throws {
    var places = KinematicPoints()
    for energy in [0.4, 0.8, 2.0, 5] {
      for lepton in [0.3, 0.6, 0.8, 0.95] {
        for cosine in [-0.8, 0.2, 0.8, 0.98, 1] {
          places.append(neutrinoEnergy: energy, leptonEnergy: lepton * energy, cosTheta: cosine)
        }
      }
    }
    func values(_ species: NeutrinoSpecies, _ changes: [String: ParameterValue]) throws -> [Double] {
      let (model, reaction) = (try alone(changes), try reaction("C12", species))
      let tensor = LeptonTensor(species)
      let invariants = places.invariants(leptonMass: tensor.leptonMass)
      // Not held at zero.
      return tensor.crossSection(
        of: model.structureFunctions(of: reaction, at: invariants), at: places, invariants: invariants)
    }
    for species in [NeutrinoSpecies.numu, .numubar, .nue] {
      let one = try values(species, ["meson_exchange.parity_violation": .number(1)])
      let three = try values(
        species, ["meson_exchange.parity_violation": .number(1), "meson_exchange.scale": .number(3)])
      let largest = one.max() ?? 0
      #expect(largest > 0.01)
      for (a, b) in zip(one, three) { #expect(abs(b - 3 * a) <= 1e-12 * largest && a >= -1e-12 * largest) }
    }
    #expect(try values(.numu, [:]) == values(.numubar, [:]))
    #expect(
      try values(.numu, ["meson_exchange.parity_violation": .number(1)])
        != values(.numubar, ["meson_exchange.parity_violation": .number(1)]))
  }
}
