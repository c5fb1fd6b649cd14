import Foundation
import NuTuneCore
import NuTuneFolding
import TestSupport
import Testing

/// Bins of quasi-elastic energy and of transfers to the nucleus against plain sums, in a beam like that of T2K.
@Suite(.serialized) struct DerivedBinsTests {
  let model: any CrossSectionModel
  let energies = 0.2...1.5
  let cells: EnergyCells
  let weights: [Double]

  init() throws {
    model = try SmallNearProblem.toy()
    // The flux is the same within a cell, and this one falls fast.
    cells = EnergyCells.standard(over: energies)
    let averaging = try cells.averaging(breakpoints: [])
    weights = averaging.means(of: averaging.energies.map(Self.flux))
  }

  static func flux(_ energy: Double) -> Double { exp(-12.5 * (energy - 0.65) * (energy - 0.65)) }

  func reaction(_ species: NeutrinoSpecies) throws -> Reaction {
    Reaction(species: species, target: try Target(named: "O16"))
  }

  func folded(_ binning: Binning, _ species: NeutrinoSpecies, accuracy: Double = 1e-3) throws -> [Double] {
    try DirectFold.cellResponse(
      of: model, reaction: reaction(species), binning: binning, cells: cells,
      plan: QuadraturePlan(accuracy: accuracy, fluxes: [weights]), threads: 2
    ).rates(weights: weights)
  }

  func bruteForce(_ species: NeutrinoSpecies, steps: Int) throws -> BruteForceBins {
    BruteForceBins(model: model, reaction: try reaction(species), energies: energies, steps: steps, flux: Self.flux)
  }

  /// Agreement to 0.2 % of every bin with a hundredth of the rate.
  func compare(_ found: [Double], _ expected: [Double], within tolerance: Double = 2e-3) {
    let total = expected.reduce(0, +)
    #expect(total > 0 && expected.count { $0 > 1e-2 * total } >= 4)
    for (a, b) in zip(found, expected) where b > 1e-2 * total { #expect(abs(a / b - 1) < tolerance) }
    #expect(abs(found.reduce(0, +) / total - 1) < tolerance)
  }

  /// The first edge lies next to threshold, the last bin holds leptons up to the pole, next to which sums are coarse.
  @Test(arguments: [NeutrinoSpecies.numu, .nuebar]) func spectrum(_ species: NeutrinoSpecies) throws {
    let edges: [Double] = [0, 0.1415, 0.4, 0.6, 0.8, 1.1, 2, 50]
    let binning = try Binning(
      Axis(.quasielasticEnergy, edges: edges, bindingEnergy: 0.034), Axis(.theta, edges: [0, 180]))
    let expected = try bruteForce(species, steps: 60).spectrum(
      edges: edges, degrees: 0...180, bindingEnergy: 0.034, momenta: 240, angles: 80)
    compare(try folded(binning, species), expected)
  }

  @Test func transfersInThePlane() throws {
    let binning = try Binning(
      Axis(.energyTransfer, edges: [0, 0.1, 0.2, 0.5]), Axis(.q2, edges: [0, 0.1, 0.3, 1]))
    compare(try folded(binning, .numu), try bruteForce(.numu, steps: 60).rates(binning, divisions: 40), within: 3e-3)
  }

  @Test func momentumTransfer() throws {
    let binning = try Binning(
      Axis(.momentumTransfer, edges: [0, 0.3, 0.6, 0.9]), Axis(.energyTransfer, edges: [0, 0.1, 0.2, 0.6]))
    compare(try folded(binning, .numu), try bruteForce(.numu, steps: 60).rates(binning, divisions: 40), within: 3e-3)
  }

  @Test func leptonEnergyBesideQ2() throws {
    let binning = try Binning(Axis(.leptonEnergy, edges: [0.2, 0.5, 0.8]), Axis(.q2, edges: [0, 0.1, 0.3, 1]))
    compare(try folded(binning, .numu), try bruteForce(.numu, steps: 80).rates(binning, divisions: 50), within: 4e-3)
  }

  /// What bins of E_QE hold does not depend on how they are divided, and a fold table is direct folding.
  @Test func tableAndParts() throws {
    let angles = try Axis(.theta, edges: [0, 30, 90])
    let whole = try Binning(Axis(.quasielasticEnergy, edges: [0.3, 0.9]), angles)
    let parts = try Binning(Axis(.quasielasticEnergy, edges: [0.3, 0.5, 0.7, 0.9]), angles)
    let (one, three) = (try folded(whole, .numu), try folded(parts, .numu))
    for angle in 0..<2 {
      let sum = (0..<3).reduce(0) { $0 + three[$1 * 2 + angle] }
      #expect(abs(one[angle] / sum - 1) < 1e-3)
    }
    let again = try JSONDecoder().decode(Binning.self, from: JSONEncoder().encode(parts))
    #expect(again == parts && again.grids[0].first.bindingEnergy == 0.027)
  }
}
