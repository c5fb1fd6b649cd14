import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport
import Testing

/// What folding does whatever the bins and fluxes, on generated ones.
@Suite struct FoldPropertyTests {
  let model: any StructureFunctionModel

  init() throws { model = try SmallNearProblem.toy() }

  /// Rates of toy-sf in cells of its own, one response for each case.
  func response(_ sweep: SweepCase, _ cells: EnergyCells) throws -> CellResponse {
    let grid = NodeGrid(maximumEnergy: 6, tCount: 70, uCount: 40)
    let points = grid.invariants()
    let table = try FoldTable(
      binning: sweep.binning, species: sweep.reaction.species, cells: cells, grid: grid, threads: 2)
    return table.cellResponse(
      nodeValues: LeptonTensor(sweep.reaction.species).nodeValues(
        of: try model.structureFunctions(of: sweep.reaction, at: points), at: points), threads: 2)
  }

  /// The rate of a sum of fluxes is the sum of rates, also with the flux of single cells only.
  @Test(arguments: [21, 22, 23] as [UInt64]) func linearInFluxAndAdditiveOverCells(seed: UInt64) throws {
    let sweep = try SweepCase(seed: seed, most: 6)
    let cells = EnergyCells.standard(over: 0.4...6, scale: 4)
    let averaging = try cells.averaging(breakpoints: [])
    let response = try response(sweep, cells)
    let stream = try RandomStream(seed: seed, purpose: "fluxes")
    let (a, b) = (stream.uniform(), stream.uniform())
    let first = averaging.energies.map { _ in stream.uniform() }
    let second = averaging.energies.map { _ in 1 + stream.uniform() }
    func rates(_ flux: [Double]) -> [Double] { response.rates(weights: averaging.means(of: flux)) }
    let sum = rates(zip(first, second).map { a * $0 + b * $1 })
    let (one, two) = (rates(first), rates(second))
    let byCell = (0..<cells.count).map { cell in
      response.rates(weights: (0..<cells.count).map { $0 == cell ? averaging.means(of: first)[cell] : 0 })
    }
    let scale = 1e-12 * sum.reduce(0, +)
    for bin in sum.indices {
      #expect(abs(sum[bin] - a * one[bin] - b * two[bin]) <= scale)
      #expect(abs(one[bin] - byCell.reduce(0) { $0 + $1[bin] }) <= scale)
    }
    #expect(sum.reduce(0, +) > 0)
  }

  /// A bin that is cut in parts holds what they hold together, within the stated accuracy of each.
  @Test(arguments: LongTests.areAsked ? [31, 32, 33, 34, 35, 36] : [31, 34] as [UInt64])
  func invariantUnderSplitting(seed: UInt64) throws {
    let sweep = try SweepCase(seed: seed, most: 4)
    let stream = try RandomStream(seed: seed, purpose: "cuts")
    func split(_ axis: Axis) throws -> Axis {
      var edges = [axis.edges[0]]
      for bin in 0..<axis.count {
        edges.append(axis.edges[bin] + axis.width(bin) * (0.2 + 0.6 * stream.uniform()))
        edges.append(axis.edges[bin + 1])
      }
      return try Axis(axis.observable, edges: edges)
    }
    let grid = sweep.binning.grids[0]
    let columns = grid.second.count
    let parts = try Binning(split(grid.first), split(grid.second))
    let (whole, cut) = (try sweep.rates(of: model), try sweep.rates(of: model, in: parts))
    let total = whole.reduce(0, +)
    for bin in whole.indices where whole[bin] > 1e-4 * total {
      let (i, j) = (bin / columns, bin % columns)
      let sum = [0, 1].reduce(0.0) { sum, a in
        [0, 1].reduce(sum) { $0 + cut[(2 * i + a) * 2 * columns + 2 * j + $1] }
      }
      #expect(abs(sum / whole[bin] - 1) < 2e-4, "seed \(seed) bin \(bin): \(whole[bin]) or \(sum)")
    }
  }

  /// ∫gσ over cells for g and σ that both vary in them: means alone miss what the weights for rates put right.
  @Test func weightsKeepTheCovariance() throws {
    let cells = EnergyCells(edges: (0...40).map { 1 + 0.05 * Double($0) })
    let averaging = try cells.averaging(breakpoints: [])
    // g with a zero at 2 GeV, as flux × survival has, and a peak of 0.1 GeV there, both integrable by hand.
    let g = averaging.energies.map { ($0 - 2) * ($0 - 2) }
    let rule = try GaussLegendre(points: 12)
    func peak(_ energy: Double) -> Double { exp(-50 * (energy - 2) * (energy - 2)) }
    let sigma = (0..<cells.count).map { rule.integrate(over: cells.edges[$0]...cells.edges[$0 + 1], peak) }
    func rate(_ weights: [Double]) -> Double { zip(weights, sigma).reduce(0) { $0 + $1.0 * $1.1 } }
    let exact = (2 * Double.pi).squareRoot() * 1e-3
    #expect(abs(rate(averaging.means(of: g)) / exact - 1) > 2e-2)
    #expect(abs(rate(averaging.weights(of: g)) / exact - 1) < 3e-3)
    // Nothing is taken from cells beyond the end of a flux.
    let ending = averaging.energies.map { max(2 - $0, 0) }
    #expect(averaging.weights(of: ending).allSatisfy { $0 >= 0 })
    let flat = averaging.energies.map { _ in 3.0 }
    #expect(averaging.weights(of: flat).allSatisfy { abs($0 - 3) < 1e-12 })
  }
}
