import Foundation
import NuTuneCore
import Testing
import ThreeFlavorOscillations

@Suite("Invariants of oscillation probabilities")
struct InvariantTests {
  private func sums(_ p: OscillationProbabilities, at index: Int) -> [Double] {
    LeptonFlavor.allCases.flatMap { flavor in
      [
        LeptonFlavor.allCases.reduce(0) { $0 + p[flavor, $1].first(index) },
        LeptonFlavor.allCases.reduce(0) { $0 + p[$1, flavor].first(index) },
      ]
    }
  }

  @Test("rows and columns sum to one, nothing is negative")
  func unitarity() throws {
    var random = SplitMix(seed: 7)
    for _ in 0..<400 {
      let model = ThreeFlavorModel(mixing: .random(&random))
      let baseline = Baseline(
        length: .random(in: 0...13000, using: &random),
        density: Bool.random(using: &random) ? 0 : .random(in: 0...13, using: &random))
      // Phases up to 400 rad.
      let energies = (0..<37).map { _ in pow(10, Double.random(in: -1...2, using: &random)) }
      let p = try model.probabilities(at: energies, over: baseline, helicity: .allCases.randomElement(using: &random)!)
      #expect(p.values.allSatisfy { $0 >= 0 && $0 <= 1 + 1e-12 })
      for index in energies.indices { for sum in sums(p, at: index) { #expect(abs(sum - 1) <= 1e-12) } }
    }
  }

  @Test("time reversal: P_αβ(δ) = P_βα(−δ) in constant density")
  func timeReversal() throws {
    var random = SplitMix(seed: 8)
    let energies = (0..<50).map { _ in Double.random(in: 0.2...20, using: &random) }
    for density in [0, 3.0] {
      let mixing = MixingParameters.random(&random)
      var mirrored = mixing
      mirrored.deltaCP = -mixing.deltaCP
      let baseline = Baseline(length: 1300, density: density)
      let p = try ThreeFlavorModel(mixing: mixing).probabilities(at: energies, over: baseline, helicity: .neutrino)
      let q = try ThreeFlavorModel(mixing: mirrored).probabilities(at: energies, over: baseline, helicity: .neutrino)
      for a in LeptonFlavor.allCases {
        for b in LeptonFlavor.allCases {
          for (x, y) in zip(p[a, b], q[b, a]) { #expect(abs(x - y) < 1e-14) }
        }
      }
      #expect(zip(p[.muon, .electron], q[.muon, .electron]).contains { abs($0 - $1) > 1e-3 })
    }
  }

  @Test("vacuum: antineutrinos are neutrinos with −δ, and CPT holds")
  func vacuumAntineutrinos() throws {
    var mixing = MixingParameters.nufit60NormalOrdering
    let energies = (1...80).map { 0.1 * Double($0) }
    let baseline = Baseline(length: 1285, density: 0)
    let nu = try ThreeFlavorModel(mixing: mixing).probabilities(at: energies, over: baseline, helicity: .neutrino)
    let anti = try ThreeFlavorModel(mixing: mixing).probabilities(at: energies, over: baseline, helicity: .antineutrino)
    mixing.deltaCP = -mixing.deltaCP
    let flipped = try ThreeFlavorModel(mixing: mixing).probabilities(at: energies, over: baseline, helicity: .neutrino)
    #expect(anti.values == flipped.values)
    for (x, y) in zip(nu[.muon, .electron], anti[.electron, .muon]) { #expect(abs(x - y) < 1e-14) }
  }

  @Test("matter tells neutrinos from antineutrinos, and the orderings apart")
  func matterEffect() throws {
    let baseline = Baseline(length: 1285, density: 2.848)
    var mixing = MixingParameters.nufit60NormalOrdering
    mixing.deltaCP = 0
    func appearance(_ helicity: Helicity) throws -> Double {
      try ThreeFlavorModel(mixing: mixing).probabilities(at: [2.5], over: baseline, helicity: helicity)[
        .muon, .electron
      ]
      .first(0)
    }
    #expect(try appearance(.neutrino) > 1.3 * appearance(.antineutrino))
    mixing.deltaMassSquared31 = -2.4e-3
    #expect(try appearance(.neutrino) < appearance(.antineutrino) / 1.3)
  }

  @Test("a batch is its points, bit for bit", arguments: [0, 2.8])
  func batchEqualsSingle(density: Double) throws {
    let model = ThreeFlavorModel()
    let baseline = Baseline(length: 810, density: density)
    for count in [0, 1, 7, 63, 64, 65, 128, 200] {
      let energies = (0..<count).map { 0.3 + 0.07 * Double($0) }
      let batch = try model.probabilities(at: energies, over: baseline, helicity: .neutrino)
      for (index, energy) in energies.enumerated() {
        let one = try model.probabilities(at: [energy], over: baseline, helicity: .neutrino)
        #expect((0..<9).allSatisfy { batch.values[$0 * count + index] == one.values[$0] })
      }
    }
  }

  @Test("no length, no oscillation")
  func zeroLength() throws {
    for density in [0, 5.0] {
      let p = try ThreeFlavorModel().probabilities(
        at: [0.1, 1, 10], over: Baseline(length: 0, density: density), helicity: .neutrino)
      for (index, value) in p.values.enumerated() { #expect(abs(value - ((index / 3) % 4 == 0 ? 1 : 0)) < 1e-15) }
    }
  }

  /// Angles, splittings and densities at which eigenvalues coincide.
  private static let degenerateModels: [ThreeFlavorModel] = {
    var models: [ThreeFlavorModel] = []
    for angle13 in [0, 1e-300, 1e-12, 0.022, 1] {
      for angle12 in [0, 0.3, 1] {
        for solar in [0, 1e-20, 7.5e-5, 2.5e-3] {
          for atmospheric in [0, 2.5e-3, -2.5e-3] {
            models.append(
              ThreeFlavorModel(
                mixing: MixingParameters(
                  sin2Theta12: angle12, sin2Theta13: angle13, sin2Theta23: 0.5, deltaCP: 1, deltaMassSquared21: solar,
                  deltaMassSquared31: atmospheric)))
          }
        }
      }
    }
    return models
  }()

  @Test("degenerate parameters stay finite and unitary, or the digits that phases cost are missed aloud")
  func degenerate() throws {
    let constants = OscillationConstants.codata
    var refusals = 0
    for model in Self.degenerateModels {
      for density in [0, 1e-30, 2.8, 150] {
        let potential = constants.potential * 0.5 * density
        // The level crossings a = Δm²₃₁ and a = Δm²₂₁ cos 2θ₁₂, and the ends of the range.
        let crossings = density < 1 ? [] : [2.5e-3, 7.5e-5, 7.5e-5 * 0.4].map { $0 / potential }
        for energy in crossings + [1e-9, 1e-3, 1, 1e6, 1e12] {
          let largest = max(2.5e-3, potential * energy)
          let phase = 2 * constants.phase * 1300 * largest / energy
          for helicity in Helicity.allCases {
            do {
              let p = try model.probabilities(
                at: [energy], over: Baseline(length: 1300, density: density), helicity: helicity)
              #expect(p.values.allSatisfy { $0.isFinite && $0 >= 0 })
              let tolerance = min(1e-13 + 1e-15 * phase * phase, 10 * ThreeFlavorModel.unitarityTolerance)
              for sum in sums(p, at: 0).prefix(4) {
                #expect(abs(sum - 1) <= tolerance, "\(model.mixing) \(density) \(energy)")
              }
            } catch let error as NuTuneError {
              refusals += 1
              #expect(error.category == .runtime && phase > 100)
            }
          }
        }
      }
    }
    #expect(refusals > 0)
  }
}
