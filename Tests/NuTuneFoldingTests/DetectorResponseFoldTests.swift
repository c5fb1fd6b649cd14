import NuTuneCore
import NuTuneFolding
import Smearing
import TestSupport
import Testing

/// Folding through a detector's response.
@Suite struct DetectorResponseFoldTests {
  let reaction: Reaction
  let binning: Binning
  let cells = EnergyCells.standard(over: 0.3...5, scale: 4)
  let grid = NodeGrid(maximumEnergy: 5, tCount: 50, uCount: 30)
  let weights: [Double]

  init() throws {
    reaction = try DuneFixture.reaction()
    binning = try Binning(
      Axis(.leptonEnergy, edges: [0.2, 0.6, 1, 2, 3]), Axis(.cosTheta, edges: [-1, 0, 0.6, 0.9, 1]))
    weights = (0..<cells.count).map { 1 + Double($0 % 7) }
  }

  func table(_ binning: Binning, plan: QuadraturePlan = .init()) throws -> FoldTable {
    try FoldTable(binning: binning, species: .numu, cells: cells, grid: grid, plan: plan, threads: 2)
  }

  func nodeValues() throws -> [[Double]] {
    let points = grid.invariants()
    return LeptonTensor(.numu).nodeValues(
      of: try SmallNearProblem.toy().structureFunctions(of: reaction, at: points), at: points)
  }

  /// Coefficients of a map as one dense row [3 · nodes] for each bin.
  func dense(_ runs: NodeRuns) -> [[Double]] {
    var offset = 0
    return (0..<runs.binCount).map { bin in
      var row = [Double](repeating: 0, count: 3 * grid.count)
      for run in Int(runs.binOffsets[bin])..<Int(runs.binOffsets[bin + 1]) {
        for i in 0..<Int(runs.length[run]) {
          let node = 3 * (Int(runs.start[run]) + i)
          row[node] += runs.a[offset + i]
          row[node + 1] += runs.b[offset + i]
          row[node + 2] += runs.c[offset + i]
        }
        offset += Int(runs.length[run])
      }
      return row
    }
  }

  let rows: [[(trueBin: Int, probability: Double)]] = [
    [(0, 0.5), (3, 0.25)], [], [(3, 0.5), (7, 1), (12, -0.01)], [(9, 0.125)], [(15, 1)],
  ]

  /// The collapse through a response is the response applied to the collapse of true bins.
  @Test func collapseIsLinear() throws {
    let table = try table(binning)
    let trueBins = dense(table.collapsed(weights: weights, threads: 2))
    let measured = dense(table.collapsed(weights: weights, response: .rows(rows), threads: 2))
    #expect(measured.count == rows.count)
    for (row, found) in zip(rows, measured) {
      let largest = trueBins.joined().map(abs).max() ?? 0
      for node in found.indices {
        let expected = row.reduce(0) { $0 + $1.probability * trueBins[$1.trueBin][node] }
        #expect(abs(found[node] - expected) <= 1e-14 * largest)
      }
    }
  }

  /// A response that says “every bin is itself” changes no bit, and neither do threads.
  @Test func identityAndThreads() throws {
    let table = try table(binning)
    let one = table.collapsed(weights: weights, threads: 1)
    let explicit = DetectorResponse.rows((0..<binning.count).map { [($0, 1)] })
    for (response, threads) in [(DetectorResponse.identity, 3), (explicit, 1), (explicit, 4)] {
      let other = table.collapsed(weights: weights, response: response, threads: threads)
      #expect(other.binOffsets == one.binOffsets && other.start == one.start && other.length == one.length)
      #expect(other.a == one.a && other.b == one.b && other.c == one.c)
    }
    let ones = table.collapsed(weights: weights.map { _ in 1 }, threads: 2)
    #expect(
      ActiveNodes(grid: grid, touchedBy: [table]).gridIndices == ActiveNodes(grid: grid, touchedBy: [ones]).gridIndices)
    let few = table.collapsed(weights: weights, response: .rows(rows), threads: 1)
    let many = table.collapsed(weights: weights, response: .rows(rows), threads: 5)
    #expect(few.a == many.a && few.b == many.b && few.c == many.c && few.start == many.start)
  }

  /// Cell by cell the same as the response applied to true bins; and the table agrees with plain quadrature.
  @Test func cellResponse() throws {
    let table = try table(binning)
    let values = try nodeValues()
    let trueBins = table.cellResponse(nodeValues: values, threads: 2)
    let measured = table.cellResponse(nodeValues: values, response: .rows(rows), threads: 2)
    #expect(measured.binCount == rows.count && measured.values.count == rows.count * cells.count)
    for cell in 0..<cells.count {
      let row = Array(trueBins.values[cell * binning.count..<(cell + 1) * binning.count])
      let expected = DetectorResponse.rows(rows).apply(row)
      #expect(Array(measured.values[cell * rows.count..<(cell + 1) * rows.count]) == expected)
    }
    let direct = try DirectFold.cellResponse(
      of: SmallNearProblem.toy(), reaction: reaction, binning: binning, cells: cells, response: .rows(rows), threads: 2
    ).rates(weights: weights)
    for (a, b) in zip(measured.rates(weights: weights), direct) { #expect(abs(a - b) <= 2e-3 * b) }
  }

  /// Without an accuracy every bin has the numbers of points that are given, with one at least what is asked for.
  @Test func numbersOfPoints() throws {
    let axis = try Axis(.leptonEnergy, edges: [0.2, 0.4, 3, 7])
    let angles = try Axis(.cosTheta, edges: [0.9, 1])
    func counts(_ plan: QuadraturePlan) throws -> [Int] {
      let fold = try PointFold(
        binning: Binning(axis, angles), species: .numu, cells: EnergyCells(edges: [10, 10.1]), weights: [1], plan: plan)
      return zip(axis.edges, axis.edges.dropFirst()).map { low, high in
        fold.points.leptonEnergy.count { low < $0 && $0 < high }
      }
    }
    let given = QuadraturePlan(accuracy: nil, energyPoints: 2, firstPoints: 5, secondPoints: 3)
    #expect(try counts(given) == [30, 30, 30])
    let least = QuadraturePlan(
      energyPoints: 1, firstPoints: 8, secondPoints: 7, hasFixedEnergyPoints: true)
    #expect(try counts(least).allSatisfy { $0 >= 56 })
  }

  /// A smeared distribution with points by accuracy against one where every true bin has many.
  @Test func pointsOfTrueBinsConverge() throws {
    let measured = try Binning(
      Axis(.leptonEnergy, edges: [0.4, 0.6, 0.8, 1, 1.2]), Axis(.cosTheta, edges: [0.6, 0.8, 0.9, 0.95, 1]))
    let cells = EnergyCells.standard(over: 0.4...2, scale: 1.5)
    let weights = [Double](repeating: 1, count: cells.count)
    let detector = try SmearingDetector(
      PluginConfiguration(parameters: SmearingDetector.descriptor.parameters.defaults()))
    let fine = try detector.trueBinning(for: measured)
    let response = try detector.response(for: measured)
    func rates(_ plan: QuadraturePlan) throws -> [Double] {
      try DirectFold.cellResponse(
        of: SmallNearProblem.toy(), reaction: reaction, binning: fine, cells: cells, plan: plan, response: response,
        threads: 2
      ).rates(weights: weights)
    }
    let difference = ShapeDifference(
      of: try rates(QuadraturePlan(fluxes: [weights])),
      to: try rates(QuadraturePlan(accuracy: nil, energyPoints: 4, firstPoints: 7, secondPoints: 6)))
    #expect(difference.totalVariation < 1e-4, "\(difference)")
    #expect(difference.worstRatio < 1e-3, "\(difference)")
    #expect(abs(difference.totalRatio - 1) < 1e-4, "\(difference)")
  }
}
