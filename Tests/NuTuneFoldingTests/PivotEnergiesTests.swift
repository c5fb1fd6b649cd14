import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Testing
import ThreeFlavorOscillations

/// Oscillation probabilities at all energies from those at a few.
@Suite struct PivotEnergiesTests {
  private func values(_ function: [Double], at pivots: PivotEnergies) -> [Double] { pivots.places.map { function[$0] } }

  private func determines(_ pivots: PivotEnergies, _ function: [Double]) -> Bool {
    pivots.determines(values(function, at: pivots))
  }

  /// Σ_j C_j(E) f(E_j) at all energies.
  private func interpolated(_ function: [Double], _ pivots: PivotEnergies) -> [Double] {
    let known = values(function, at: pivots)
    return function.indices.map { energy in
      pivots.coefficients.indices.reduce(0) { $0 + pivots.coefficients[$1][energy] * known[$1] }
    }
  }

  /// Of polynomials of third order in 1/E four values are enough, and the coefficients are those of Lagrange.
  @Test func coefficientsOfPolynomialsAreLagranges() throws {
    let energies = (0..<200).map { 0.5 + 0.05 * Double($0) }
    let stream = try RandomStream(seed: 4, purpose: "polynomials")
    func polynomial(_ coefficients: [Double]) -> [Double] {
      energies.map { energy in coefficients.reversed().reduce(0) { $0 / energy + $1 } }
    }
    let samples = (0..<12).map { _ in polynomial(stream.gaussians(4)) }
    let pivots = try #require(PivotEnergies(at: energies, samples: samples))
    #expect(pivots.count == 4)
    let nodes = pivots.places.prefix(4).map { 1 / energies[$0] }
    for (j, node) in nodes.enumerated() {
      for (index, energy) in energies.enumerated() {
        let lagrange = nodes.indices.filter { $0 != j }.reduce(1.0) {
          $0 * (1 / energy - nodes[$1]) / (node - nodes[$1])
        }
        #expect(abs(pivots.coefficients[j][index] - lagrange) < 1e-9)
      }
    }
    #expect(determines(pivots, polynomial([0.3, -1, 2, 0.7])))
    #expect(!determines(pivots, polynomial([0.3, -1, 2, 0.7, 1e-6])))
  }

  @Test func tooManyFunctionsHaveNoPivots() throws {
    let energies = (0..<200).map { 0.5 + 0.05 * Double($0) }
    let stream = try RandomStream(seed: 5, purpose: "noise")
    let noise = (0..<100).map { _ in stream.gaussians(energies.count) }
    #expect(PivotEnergies(at: energies, samples: noise) == nil)
    #expect(PivotEnergies(at: energies, samples: [energies.map { _ in 0 }]) == nil)
    #expect(PivotEnergies(at: energies, samples: [energies.map { _ in .nan }]) == nil)
  }

  /// Appearance and disappearance of neutrinos and antineutrinos, anywhere in the ranges of a fit; a splitting of more than
  /// twice the value is noticed.
  @Test(
    arguments: [
      (Baseline(length: 1285, density: 2.85), 0.25...15.0), (Baseline(length: 295, density: 2.6), 0.1...10.0),
    ], [Helicity.neutrino, .antineutrino])
  func probabilitiesOfLongBaselines(_ beam: (Baseline, ClosedRange<Double>), _ helicity: Helicity) throws {
    let energies = try EnergyCells.standard(over: beam.1).averaging(breakpoints: []).energies
    let model = ThreeFlavorModel()
    let names = ["sin2_theta23", "dm2_32", "delta_cp", "sin2_theta13"]
    let stream = try RandomStream(seed: 6, purpose: "oscillations")
    func functions(_ changes: [String: Double]) throws -> [[Double]] {
      let found = try model.setting(changes).probabilities(at: energies, over: beam.0, helicity: helicity)
      return [found[.muon, .muon], found[.muon, .electron], found[.electron, .electron]].map { Array($0) }
    }
    func random() throws -> [String: Double] {
      try names.reduce(into: [:]) { $0[$1] = stream.uniform(in: try model.fitDomain(of: $1).bounds) }
    }
    let samples = try (0..<32).flatMap { _ in try functions(try random()) }
    let pivots = try #require(PivotEnergies(at: energies, samples: samples))
    #expect(pivots.count < 40)
    #expect(pivots.coefficients.joined().allSatisfy { abs($0) < 2 })
    var determined = 0
    for _ in 0..<20 {
      for function in try functions(try random()) where determines(pivots, function) {
        determined += 1
        let largest = function.max() ?? 0
        for (one, other) in zip(interpolated(function, pivots), function) {
          #expect(abs(one - other) < 5e-12 * largest)
        }
      }
    }
    #expect(determined > 50)
    #expect(try functions(["dm2_32": 5e-3]).allSatisfy { !determines(pivots, $0) })
  }
}
