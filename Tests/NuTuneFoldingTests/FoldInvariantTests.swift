import Foundation
import NuTuneCore
import NuTuneFolding
import Testing
import ToyStructureFunctions

@Suite struct FoldInvariantTests {
  let model: ToyStructureFunctions
  let reaction: Reaction
  let cells = EnergyCells.standard(over: 0.4...3, scale: 2)

  init() throws {
    model = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    reaction = Reaction(species: .numu, target: try Target(named: "C12"))
  }

  func uniform(_ observable: Observable, _ low: Double, _ high: Double, _ count: Int) throws -> Axis {
    try Axis(observable, edges: (0...count).map { low + (high - low) * Double($0) / Double(count) })
  }

  /// The whole phase space holds the same rate in whatever observables it is cut into bins.
  @Test func totalDoesNotDependOnObservables() throws {
    let mass = NeutrinoSpecies.numu.leptonMass
    let binnings = [
      try Binning(uniform(.leptonEnergy, mass, 3, 20), uniform(.cosTheta, -1, 1, 20)),
      try Binning(uniform(.leptonMomentum, 0, 3, 20), uniform(.theta, 0, 180, 20)),
      try Binning(uniform(.transverseMomentum, 0, 3, 60), uniform(.longitudinalMomentum, -3, 3, 120)),
    ]
    let weights = [Double](repeating: 1, count: cells.count)
    let totals = try binnings.map { binning in
      try DirectFold.cellResponse(
        of: model, reaction: reaction, binning: binning, cells: cells,
        plan: QuadraturePlan(), threads: 2
      ).rates(weights: weights).reduce(0, +)
    }
    #expect(abs(totals[1] / totals[0] - 1) < 1e-4, "\(totals)")
    #expect(abs(totals[2] / totals[0] - 1) < 1e-4, "\(totals)")
  }

  @Test func tableDoesNotDependOnThreads() throws {
    let binning = try Binning(uniform(.leptonEnergy, 0.3, 3, 6), uniform(.cosTheta, -1, 1, 5))
    let grid = NodeGrid(maximumEnergy: 3, tCount: 40, uCount: 30)
    let weights = (0..<cells.count).map { 1 + Double($0 % 5) }
    let runs = try [1, 2, 3].map { threads in
      try FoldTable(binning: binning, species: .numu, cells: cells, grid: grid, threads: threads)
        .collapsed(weights: weights, threads: threads)
    }
    #expect(runs[0].a == runs[1].a && runs[0].c == runs[2].c && runs[0].start == runs[2].start)
  }

  /// A response that sends half of every bin to its neighbour does so after collapsing, too.
  @Test func responseIsComposedWithTheTable() throws {
    let binning = try Binning(uniform(.leptonEnergy, 0.3, 3, 6), uniform(.cosTheta, -1, 1, 5))
    let grid = NodeGrid(maximumEnergy: 3, tCount: 40, uCount: 30)
    let table = try FoldTable(binning: binning, species: .numu, cells: cells, grid: grid, threads: 2)
    let rows = (0..<binning.count).map { bin in
      [(trueBin: bin, probability: 0.5), (trueBin: (bin + 1) % binning.count, probability: 0.5)]
    }
    let weights = [Double](repeating: 1, count: cells.count)
    let values = [[Double]](repeating: [Double](repeating: 1, count: grid.count), count: 3)
    let plain = table.cellResponse(nodeValues: values, threads: 2).rates(weights: weights)
    let mixed = table.cellResponse(nodeValues: values, response: .rows(rows), threads: 2).rates(weights: weights)
    let runs = table.collapsed(weights: weights, response: .rows(rows), threads: 2)
    let operation = try CollapsedFold(runs, nodes: ActiveNodes(grid: grid, touchedBy: [runs]))
    let ones = [Double](repeating: 1, count: 3 * operation.nodeCount)
    var collapsed = [Double](repeating: 0, count: binning.count)
    ones.withUnsafeBufferPointer { ones in
      collapsed.withUnsafeMutableBufferPointer { operation.apply(ones, rates: $0, threads: 1) }
    }
    let total = plain.reduce(0, +)
    for bin in 0..<binning.count {
      let expected = 0.5 * plain[bin] + 0.5 * plain[(bin + 1) % binning.count]
      #expect(abs(mixed[bin] - expected) < 1e-12 * total)
      #expect(abs(collapsed[bin] - expected) < 1e-12 * total)
    }
  }

  /// Means over cells are exact for polynomials, with and without a breakpoint inside.
  @Test func cellMeansAreExactForPolynomials() throws {
    let cells = EnergyCells(edges: [1, 2, 4])
    let averaging = try cells.averaging(breakpoints: [1.5, 3])
    let means = averaging.means(of: averaging.energies.map { $0 * $0 * $0 })
    #expect(abs(means[0] - 15.0 / 4) < 1e-13)
    #expect(abs(means[1] - (256.0 - 16) / 4 / 2) < 1e-13)
    let kinked = averaging.means(of: averaging.energies.map { abs($0 - 3) })
    #expect(abs(kinked[1] - 0.5) < 1e-14)
  }

  @Test func cellsFollowBreakpointsAndScale() {
    let cells = EnergyCells.standard(over: 0.3...10, breakpoints: [0.77, 3.33])
    #expect(cells.edges.first == 0.3 && cells.edges.last == 10)
    #expect(cells.edges.contains(0.77) && cells.edges.contains(3.33))
    #expect(zip(cells.edges, cells.edges.dropFirst()).allSatisfy { $0 < $1 })
    #expect(EnergyCells.standard(over: 0.3...10, scale: 2).count < cells.count)
  }
}
