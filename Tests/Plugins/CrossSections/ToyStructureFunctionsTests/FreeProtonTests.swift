import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Testing
import ToyStructureFunctions

/// H1 is one proton: no Fermi motion, no binding, and quarks of a proton.
@Suite struct FreeProtonTests {
  func model(_ changes: [String: ParameterValue] = [:]) throws -> ToyStructureFunctions {
    try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  let hydrogen: Target

  init() throws { hydrogen = try Target(named: "H1") }

  /// ν̄ p → l⁺ n against Llewellyn Smith's cross section of a nucleon at rest. What remains is the width of the line, and
  /// falls with it.
  @Test(arguments: [
    (NeutrinoSpecies.numubar, [(0.3, 0.009), (0.5, 0.004), (1, 0.002), (3, 0.001)]), (.nuebar, [(0.3, 0.004)]),
  ])
  func quasiElasticIsThatOfAFreeNucleon(species: NeutrinoSpecies, tolerances: [(Double, Double)]) throws {
    let quasiElastic = try model(["dis.scale": .number(0)])
    let reaction = Reaction(species: species, target: hydrogen)
    let total = try TotalCrossSection(model: quasiElastic, reaction: reaction)
    for (energy, tolerance) in tolerances {
      let reference = try LlewellynSmith().total(energy: energy, leptonMass: species.leptonMass, sign: -1)
      let value = try total.value(at: energy)
      #expect(abs(value / reference - 1) < tolerance, "\(energy) GeV: \(value) against \(reference)")
    }
  }

  /// What is missing at 0.3 GeV is due to the width.
  @Test func theWidthIsARegularisation() throws {
    let reference = try LlewellynSmith().total(energy: 0.3, leptonMass: NeutrinoSpecies.numubar.leptonMass, sign: -1)
    let missing = try [0.016, 0.008, 0.004].map { width in
      let narrow = try model(["dis.scale": .number(0), "quasi_elastic.free_proton_width": .number(width)])
      let total = try TotalCrossSection(model: narrow, reaction: Reaction(species: .numubar, target: hydrogen))
      return 1 - (try total.value(at: 0.3)) / reference
    }
    #expect(missing[0] > missing[1] && missing[1] > missing[2] && missing[2] > 0 && missing[2] < 0.005, "\(missing)")
  }

  /// A neutrino needs a neutron.
  @Test func neutrinosHaveNoQuasiElasticScattering() throws {
    let total = try TotalCrossSection(
      model: try model(["dis.scale": .number(0)]), reaction: Reaction(species: .numu, target: hydrogen))
    #expect(try total.value(at: 1) == 0)
  }

  /// The line is normalised over ω > 0 and its mean is Q²/2M, but for Q² below what the width resolves.
  @Test func lineIsNormalised() throws {
    let response = FreeProtonResponse(width: 0.008)
    for q2 in [1e-6, 0.003, 0.01, 0.03, 0.1, 1, 10] {
      let line = q2 / (2 * PhysicalConstants.nucleonMass)
      let low = max(0, line - 0.1)
      let norm = try Quadrature.adaptive(over: low...line + 0.1, relativeTolerance: 1e-9) {
        response.value(omega: $0, q2: q2)
      }
      let mean = try Quadrature.adaptive(over: low...line + 0.1, relativeTolerance: 1e-9) {
        $0 * response.value(omega: $0, q2: q2)
      }
      #expect(abs(norm.value - 1) < 1e-7, "Q² \(q2)")
      #expect(abs(mean.value - line) < (q2 < 0.02 ? 0.55 * 0.008 : 1e-4), "Q² \(q2): \(mean.value) for \(line)")
    }
  }

  /// Quarks of a proton, written out: ν finds d, ν̄ finds u, with u_v = 2 d_v, both find the sea.
  @Test func partonsAreThoseOfAProton() throws {
    let dis = try model(["quasi_elastic.scale": .number(0)])
    let mass = PhysicalConstants.nucleonMass
    let number = 3 / (tgamma(0.7) * tgamma(4.5) / tgamma(5.2))
    for (x, q2) in [(0.02, 3.0), (0.1, 2), (0.3, 5), (0.6, 20), (0.8, 60)] {
      let omega = q2 / (2 * mass * x)
      let xi = (q2 + 0.25) / (mass * omega * (1 + (1 + 4 * mass * mass * x * x / q2).squareRoot()) + 0.4)
      let down = number * pow(xi, 0.7) * pow(1 - xi, 3.5) / 3
      let sea = 0.17 * pow(xi, -0.1) * pow(1 - xi, 7)
      let w = (mass * mass + 2 * mass * omega - q2).squareRoot()
      let strength = q2 / (q2 + 0.3) / (1 + exp((1.35 - w) / 0.06))
      let gamma2 = 4 * mass * mass * x * x / q2
      for (species, valence) in [(NeutrinoSpecies.numu, 2 * down), (.numubar, 4 * down)] {
        let f2 = (valence + 2 * sea) * strength
        let f1 = f2 * (1 + gamma2) / (2 * x * (1 + 0.3 / (1 + q2 / 2.5)))
        let f3 = 2 * f1 / (1 + gamma2).squareRoot() * valence / (valence + 2 * sea)
        let found = dis.structureFunctions(
          of: Reaction(species: species, target: hydrogen), at: InvariantPoints(omega: [omega], q2: [q2]))
        for (i, expected) in [f1 / mass, f2 / omega, f3 / omega, 0, f2 / (2 * x) / omega].enumerated() {
          #expect(abs(found.w[i][0] - expected) <= 1e-11 * abs(expected), "\(species) w\(i + 1) at x \(x)")
        }
      }
    }
  }

  /// Adler: ∫(dx/x) (F₂^ν̄ − F₂^ν) = 2(Z − N) of a nucleus, per nucleon 2 on a proton.
  @Test(arguments: ["H1", "Ar40", "C12", "Pb208"])
  func adlerSumRule(name: String) throws {
    let target = try Target(named: name)
    let dis = try model(["quasi_elastic.scale": .number(0), "dis.isoscalar": .boolean(false)])
    let q2 = 1e5
    let integral = try Quadrature.adaptive(over: pow(1e-5, 0.25)...1, relativeTolerance: 1e-8) { y in
      let x = min(pow(y, 4), 1 - 1e-9)
      let omega = q2 / (2 * PhysicalConstants.nucleonMass * x)
      let f2 = [NeutrinoSpecies.numubar, .numu].map { species in
        let points = InvariantPoints(omega: [omega], q2: [q2])
        return omega * dis.structureFunctions(of: Reaction(species: species, target: target), at: points).w[1][0]
      }
      return (f2[0] - f2[1]) / x * 4 * y * y * y
    }
    let expected = 2 * Double(target.protons - target.neutrons) / Double(target.nucleons)
    // ξ ends at 10⁻⁵; 9·10⁻⁴ of the valence quarks lie below.
    #expect(abs(integral.value - expected) <= 1.2e-3 * abs(expected) + 1e-12, "\(integral.value) for \(expected)")
  }
}
