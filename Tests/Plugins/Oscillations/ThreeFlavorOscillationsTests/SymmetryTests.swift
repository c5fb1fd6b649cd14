import Foundation
import NuTuneCore
import Testing
import ThreeFlavorOscillations

/// What holds for every mixing matrix, splitting, density and length, on seeded draws of them.
@Suite("Symmetries and limits of oscillation probabilities")
struct SymmetryTests {
  /// A draw: parameters, energies and a way through matter or vacuum.
  private struct Draw {
    var mixing: MixingParameters
    var energies: [Double]
    var way: Baseline
    var helicity: Helicity
  }

  private static func draws(_ count: Int, seed: UInt64, density: ClosedRange<Double>) -> [Draw] {
    var random = SplitMix(seed: seed)
    return (0..<count).map { _ in
      Draw(
        mixing: .random(&random),
        energies: (0..<20).map { _ in pow(10, Double.random(in: -0.7...1.5, using: &random)) },
        way: Baseline(
          length: .random(in: 1...3000, using: &random), density: .random(in: density, using: &random),
          electronFraction: .random(in: 0.3...0.6, using: &random)),
        helicity: .allCases.randomElement(using: &random)!)
    }
  }

  private func probabilities(
    _ mixing: MixingParameters, _ draw: Draw, _ helicity: Helicity
  ) throws -> OscillationProbabilities {
    try ThreeFlavorModel(mixing: mixing).probabilities(at: draw.energies, over: draw.way, helicity: helicity)
  }

  private func largestDifference(
    _ p: OscillationProbabilities, _ q: OscillationProbabilities, isTransposed: Bool
  ) -> Double {
    var largest = 0.0
    for a in LeptonFlavor.allCases {
      for b in LeptonFlavor.allCases {
        for (x, y) in zip(p[a, b], isTransposed ? q[b, a] : q[a, b]) { largest = max(largest, abs(x - y)) }
      }
    }
    return largest
  }

  /// P(ν_α → ν_β) = P(ν̄_β → ν̄_α).
  @Test("CPT in vacuum")
  func cpt() throws {
    var violation = 0.0
    for draw in Self.draws(100, seed: 21, density: 0...0) {
      let nu = try probabilities(draw.mixing, draw, .neutrino)
      let anti = try probabilities(draw.mixing, draw, .antineutrino)
      #expect(largestDifference(nu, anti, isTransposed: true) < 1e-12, "\(draw.mixing)")
      violation = max(violation, largestDifference(nu, anti, isTransposed: false))
    }
    // Without the exchange of α and β it would fail: CP is violated.
    #expect(violation > 0.01)
  }

  /// P_αβ(δ) = P_βα(−δ) in constant density.
  @Test("time reversal with δ → −δ in matter")
  func timeReversal() throws {
    var violation = 0.0
    for draw in Self.draws(100, seed: 22, density: 0.5...12) {
      var mirrored = draw.mixing
      mirrored.deltaCP = -draw.mixing.deltaCP
      let p = try probabilities(draw.mixing, draw, draw.helicity)
      let q = try probabilities(mirrored, draw, draw.helicity)
      #expect(largestDifference(p, q, isTransposed: true) < 1e-12, "\(draw.mixing)")
      violation = max(violation, largestDifference(p, q, isTransposed: false))
    }
    #expect(violation > 0.01)
  }

  /// The Hamiltonian of antineutrinos is U*ΔU^T − V; its complex conjugate is minus that of neutrinos with −Δ.
  @Test("an antineutrino is a neutrino of the other ordering with the same δ")
  func conjugation() throws {
    for draw in Self.draws(60, seed: 23, density: 0.5...12) {
      var reversed = draw.mixing
      reversed.deltaMassSquared21 = -draw.mixing.deltaMassSquared21
      reversed.deltaMassSquared31 = -draw.mixing.deltaMassSquared31
      let anti = try probabilities(draw.mixing, draw, .antineutrino)
      let other = try probabilities(reversed, draw, .neutrino)
      #expect(largestDifference(anti, other, isTransposed: false) < 1e-11, "\(draw.mixing)")
    }
  }

  @Test("unitarity, for both helicities, in vacuum and matter")
  func unitarity() throws {
    for draw in Self.draws(60, seed: 24, density: 0...12) {
      for helicity in Helicity.allCases {
        let p = try probabilities(draw.mixing, draw, helicity)
        for index in draw.energies.indices {
          for flavor in LeptonFlavor.allCases {
            let row = LeptonFlavor.allCases.reduce(0) { $0 + p[flavor, $1].first(index) }
            let column = LeptonFlavor.allCases.reduce(0) { $0 + p[$1, flavor].first(index) }
            #expect(abs(row - 1) < 1e-12 && abs(column - 1) < 1e-12)
          }
        }
      }
    }
  }

  /// 1 − P_αα and P_αβ vanish as L².
  @Test("L → 0 is the identity")
  func shortBaselines() throws {
    for draw in Self.draws(60, seed: 25, density: 0...12) {
      var short = draw
      short.way.length = 1e-3
      let near = try probabilities(draw.mixing, short, draw.helicity)
      short.way.length = 0
      let none = try probabilities(draw.mixing, short, draw.helicity)
      for row in 0..<9 {
        for index in draw.energies.indices {
          let identity = row % 4 == 0 ? 1.0 : 0
          #expect(abs(none.values[row * draw.energies.count + index] - identity) < 1e-14)
          // Phases at 1 m are below 1.27 · 10⁻² eV² · 10⁻³ km / 0.2 GeV and the potential's 10⁻⁶.
          #expect(abs(near.values[row * draw.energies.count + index] - identity) < 1e-7)
        }
      }
    }
  }

  /// Phases vanish as 1/E, and the potential is diagonal in flavour.
  @Test("E → ∞ is the identity")
  func highEnergies() throws {
    for draw in Self.draws(60, seed: 26, density: 0...12) {
      var high = draw
      high.energies = [1e6, 1e8]
      let p = try probabilities(draw.mixing, high, draw.helicity)
      for row in 0..<9 {
        let identity = row % 4 == 0 ? 1.0 : 0
        #expect(abs(p.values[2 * row] - identity) < 1e-6 && abs(p.values[2 * row + 1] - identity) < 1e-10)
      }
    }
  }
}
