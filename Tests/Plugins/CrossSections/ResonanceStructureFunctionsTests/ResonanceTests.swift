import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import ResonanceStructureFunctions
import Testing
import ToyStructureFunctions

@Suite struct ResonanceTests {
  func model(_ changes: [String: ParameterValue] = [:]) throws -> ResonanceStructureFunctions {
    try ResonanceStructureFunctions(
      PluginConfiguration(parameters: ResonanceStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  /// Only the Δ, all of it.
  static let onlyDelta: [String: ParameterValue] = [
    "quasi_elastic.scale": .number(0), "dis.scale": .number(0), "p11_1440.scale": .number(0),
    "d13_1520.scale": .number(0), "s11_1535.scale": .number(0),
  ]

  /// ν_μ p → μ⁻ Δ⁺⁺ rises to a plateau of 0.5–0.75·10⁻³⁸ cm² above 1.5 GeV, where the bubble chambers' ν p → μ⁻ p π⁺ lies
  /// (Argonne about 0.6, Brookhaven about 0.7).
  @Test func deltaPlateau() throws {
    let hydrogen = Reaction(species: .numu, target: try Target(named: "H1"))
    let sigma = try TotalCrossSection(model: try model(Self.onlyDelta), reaction: hydrogen)
    let low = try sigma.value(at: 0.5)
    #expect(low < 0.2)
    for energy in [1.5, 2, 3, 5, 10] {
      let value = try sigma.value(at: energy)
      #expect((0.5...0.75).contains(value), "\(value) at \(energy) GeV")
    }
  }

  @Test func lineShapesAreNormalised() throws {
    let narrow = LineShape(mass: 1.4, width: 0.02, orbital: 1, smearing: nil, upTo: 0)
    let whole = try Quadrature.adaptive(over: 1.1...1.7, relativeTolerance: 1e-6) {
      2 * $0 * narrow.value(massSquared: $0 * $0)
    }
    #expect(abs(whole.value - 1) < 0.03, "\(whole.value)")
    for (orbital, mass, width) in [(1, 1.232, 0.12), (0, 1.535, 0.15), (2, 1.52, 0.125)] {
      let shape = LineShape(mass: mass, width: width, orbital: orbital, smearing: 0.05...0.22, upTo: 26)
      #expect(abs(shape.value(massSquared: mass * mass) * Double.pi * mass * width - 1) < 1e-12)
      // Folding keeps the integral, but for what crosses the upper end, 24 GeV², where B has fallen to 10⁻⁴.
      let free = try Quadrature.adaptive(over: 1.08...24.0.squareRoot(), relativeTolerance: 1e-6) {
        2 * $0 * shape.value(massSquared: $0 * $0)
      }
      let folded = try Quadrature.adaptive(over: 0.3...24, relativeTolerance: 1e-6) {
        shape.value(massSquared: $0, smearing: 0.15)
      }
      #expect(abs(folded.value / free.value - 1) < 2e-4, "\(folded.value) against \(free.value)")
      // The table against the integral itself.
      let s = mass * mass + 0.1
      let direct = try Quadrature.adaptive(over: s - 0.9...s + 0.9, relativeTolerance: 1e-8) {
        shape.value(massSquared: $0) * exp(-0.5 * pow(($0 - s) / 0.11, 2)) / (0.11 * (2 * Double.pi).squareRoot())
      }
      let table = shape.value(massSquared: s, smearing: 0.11)
      #expect(abs(table / direct.value - 1) < 1e-4, "\(table) against \(direct.value)")
    }
  }

  /// Photon couplings A₁/₂² + A₃/₂² = πα/(M(M_R²−M²)) · 4M w₁ at Q² → 0 with vector currents alone, for protons: the
  /// Particle Data Group has (0.135, 0.255) GeV^−½ for the Δ; the second region's are known to tens of percent.
  @Test func photonCouplings() throws {
    let vectorOnly = try model([
      "delta.c5_axial": .number(0), "p11_1440.g1_axial": .number(0), "d13_1520.c5_axial": .number(0),
      "s11_1535.g1_axial": .number(0),
    ])
    let known: [(ResonanceName, Double, ClosedRange<Double>)] = [
      (.delta, 0.135 * 0.135 + 0.255 * 0.255, 0.9...1.15), (.p11, 0.065 * 0.065, 0.6...1.6),
      (.d13, 0.022 * 0.022 + 0.15 * 0.15, 0.6...1.7), (.s11, 0.1 * 0.1, 0.6...1.6),
    ]
    for (name, expected, range) in known {
      let resonance = try #require(vectorOnly.resonances.first { $0.name == name })
      let m = PhysicalConstants.nucleonMass
      let mr = resonance.shape.mass
      let w1 = resonance.functions(mass: mr, q2: 1e-9).w1 / (name == .delta ? 1 : 4)
      let couplings = Double.pi / 137.036 / (m * (mr * mr - m * m)) * 4 * m * w1
      #expect(range.contains(couplings / expected), "\(name): \(couplings / expected)")
    }
  }

  /// Isospin: Δ is 3 : 1 for p : n with ν, mirrored with ν̄; N* needs a neutron with ν, a proton with ν̄.
  @Test func isospin() throws {
    let all = try model()
    let hydrogen = try Target(named: "H1")
    let carbon = try Target(named: "C12")
    for resonance in all.resonances {
      let isDelta = resonance.name == .delta
      #expect(resonance.weight(of: Reaction(species: .numu, target: hydrogen)) == (isDelta ? 3 : 0))
      #expect(resonance.weight(of: Reaction(species: .numubar, target: hydrogen)) == 1)
      #expect(resonance.weight(of: Reaction(species: .nue, target: carbon)) == (isDelta ? 2 : 0.5))
    }
  }

  /// Resonances end where deep inelastic scattering begins: above W = 2.2 GeV only the threshold function's remainder,
  /// 1 − T = 2.4·10⁻⁴ of either, tells the model from toy-sf.
  @Test func isToyAtHighMass() throws {
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let argon = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let m = PhysicalConstants.nucleonMass
    var points = InvariantPoints(omega: [], q2: [])
    for w in [2.2, 2.5, 3, 10] {
      for q2 in [0.05, 0.5, 3, 20] {
        points.omega.append((w * w - m * m + q2) / (2 * m))
        points.q2.append(q2)
      }
    }
    let ours = try model().structureFunctions(of: argon, at: points)
    let theirs = toy.structureFunctions(of: argon, at: points)
    for i in 0..<5 where i != 3 {
      for point in 0..<points.count {
        let change = abs(ours.w[i][point] - theirs.w[i][point])
        #expect(change < 4e-4 * theirs.w[i][point], "w\(i + 1) at ω \(points.omega[point]) Q² \(points.q2[point])")
      }
    }
  }

  /// d²σ ≥ 0 for every channel, and the resonances' own tensor is positive at every point: W₁ ≥ 0, |W₃||q|/2M ≤ W₁,
  /// W_L ≥ 0 up to rounding.
  @Test(arguments: NeutrinoSpecies.allCases)
  func isPositive(species: NeutrinoSpecies) throws {
    let reaction = Reaction(species: species, target: try Target(named: "Ar40"))
    let stream = try RandomStream(seed: 1, purpose: "positivity-\(species.rawValue)", member: 0)
    var points = KinematicPoints()
    for _ in 0..<50_000 {
      let energy = 0.2 * pow(100, stream.uniform())
      let leptonEnergy = species.leptonMass + (energy - species.leptonMass) * stream.uniform()
      points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 2 * pow(stream.uniform(), 0.3) - 1)
    }
    let tensor = LeptonTensor(species)
    let invariants = points.invariants(leptonMass: species.leptonMass)
    let only = try model(["quasi_elastic.scale": .number(0), "dis.scale": .number(0)])
    let functions = only.structureFunctions(of: reaction, at: invariants)
    let sigma = tensor.crossSection(of: functions, at: points, invariants: invariants)
    #expect((sigma.max() ?? 0) > 0.1)
    #expect((sigma.min() ?? -1) > -1e-12)
    for i in 0..<points.count {
      let (omega, q2) = (invariants.omega[i], invariants.q2[i])
      let momentumSquared = q2 + omega * omega
      let (w1, w2, w3) = (functions.w[0][i], functions.w[1][i], functions.w[2][i])
      let size = 1e-12 + 1e-9 * (w1 + momentumSquared / q2 * w2)
      #expect(w1 >= 0)
      #expect(momentumSquared / q2 * w2 - w1 > -size)
      #expect(abs(w3) * momentumSquared.squareRoot() / (2 * PhysicalConstants.nucleonMass) < w1 + size)
    }
    let whole = try model().crossSection(of: reaction, at: points)
    #expect(whole.allSatisfy { $0 >= 0 && $0.isFinite })
  }

  /// σ/E_ν per nucleon on argon stays between 0.5 and 1·10⁻³⁸ cm²/GeV, and above that of toy-sf without resonances.
  @Test func totalsAreSensible() throws {
    let argon = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let sigma = try TotalCrossSection(model: try model(), reaction: argon)
    for energy in [1.0, 2, 5, 10] {
      let perEnergy = try sigma.value(at: energy) / energy
      #expect((0.5...1).contains(perEnergy), "\(perEnergy) at \(energy) GeV")
    }
  }
}
