import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport
import Testing

/// Folding into bins of the lepton and of E_l + E_had.
@Suite struct ReconstructedFoldTests {
  static let edges = [0, 1.1, 1.5, 2, 2.6, 5]
  static let parts = edges.count - 1
  let reaction: Reaction
  let binning: Binning
  let cells = EnergyCells.standard(over: 0.3...5, scale: 3)
  let grid = NodeGrid(maximumEnergy: 5, minimumLeptonEnergy: 0.8, tCount: 80, uCount: 50)
  let table: FoldTable
  let hadronic: HadronicProbabilities
  let weights: [Double]
  let values: [[Double]]

  init() throws {
    reaction = try DuneFixture.reaction()
    binning = try Binning(
      Axis(.leptonEnergy, edges: [0.8, 1.3, 2]), Axis(.cosTheta, edges: [0.6, 0.85]),
      hadronic: Axis(.reconstructedEnergy, edges: Self.edges))
    table = try FoldTable(binning: binning.folded.lepton, species: .numu, cells: cells, grid: grid, threads: 2)
    hadronic = try Self.probabilities(binning, grid)
    weights = (0..<cells.count).map { 1 + Double($0 % 5) / 4 }
    let points = grid.invariants()
    values = LeptonTensor(.numu).nodeValues(
      of: try SmallNearProblem.toy().structureFunctions(of: reaction, at: points), at: points)
  }

  static func probabilities(_ binning: Binning, _ grid: NodeGrid) throws -> HadronicProbabilities {
    let axis = try #require(binning.hadronic)
    let reconstruction = HadronicProbabilities.Reconstruction(binning, species: .numu)
    return try HadronicProbabilities(axis, reconstruction, grid: grid) { GaussianHadrons(edges: $0.edges) }
  }

  /// Rates of a collapsed fold, in double precision.
  private func rates(_ response: DetectorResponse = .identity, threads: Int = 1) throws -> [Double] {
    let (fold, flat) = try collapsed(response)
    var rates = [Double](repeating: .nan, count: fold.binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      flat.withUnsafeBufferPointer { fold.apply($0, rates: rates, threads: threads) }
    }
    return rates
  }

  private func collapsed(_ response: DetectorResponse) throws -> (CollapsedFold, [Double]) {
    let nodes = ActiveNodes(grid: grid, touchedBy: [table])
    let runs = table.collapsed(weights: weights, response: response, threads: 2)
    let fold = try CollapsedFold(runs, nodes: nodes, hadronic: hadronic)
    return (fold, values.flatMap { row in nodes.gridIndices.map { row[$0] } })
  }

  /// Every event is in one bin: sums over E_rec are the rates of the lepton in the parts that are folded.
  @Test func sumsAreTheLeptonAlone() throws {
    let alone = table.cellResponse(nodeValues: values, threads: 2).rates(weights: weights)
    var expected = [0.0, 0]
    for (bin, whole) in binning.folded.whole.enumerated() { expected[whole] += alone[bin] }
    let found = [
      try rates(), table.cellResponse(nodeValues: values, hadronic: hadronic, threads: 2).rates(weights: weights),
    ]
    for rates in found {
      #expect(rates.count == 2 * Self.parts)
      for bin in 0..<2 {
        let sum = rates[bin * Self.parts..<(bin + 1) * Self.parts].reduce(0, +)
        #expect(abs(sum - expected[bin]) < 1e-10 * expected[bin])
      }
    }
  }

  /// A lepton that is smeared over parts has the probabilities of the part in which it is measured: operators, whose rows are
  /// measured parts, against responses cell by cell, which fold true parts.
  @Test func waysOfFoldingAgree() throws {
    let count = table.cellResponse(nodeValues: values, threads: 2).binCount
    let mixed: [[(trueBin: Int, probability: Double)]] = (0..<count).map { bin in
      [(bin, 0.5), ((bin + 1) % count, 0.25), ((bin + 3) % count, 0.125)]
    }
    for response in [DetectorResponse.identity, .rows(mixed)] {
      let operated = try rates(response)
      let table = table.cellResponse(nodeValues: values, hadronic: hadronic, response: response, threads: 2)
        .rates(weights: weights)
      let scale = operated.max() ?? 0
      #expect(scale > 0 && table.count == operated.count)
      for (one, other) in zip(operated, table) { #expect(abs(one - other) < 1e-12 * scale) }
      #expect(try rates(response, threads: 4) == operated)
    }
    #expect(try rates() != rates(.rows(mixed)))
  }

  /// ⟨g, F x⟩ = ⟨Fᵀ g, x⟩ for operators on nodes and on points.
  @Test func transposedProducts() throws {
    let stream = try RandomStream(seed: 11, purpose: "gradient")
    let mixed: [[(trueBin: Int, probability: Double)]] = binning.folded.whole.indices.map {
      [($0, 0.75), ($0 == 0 ? 1 : $0 - 1, 0.25)]
    }
    let (fold, flat) = try collapsed(.rows(mixed))
    let gradient = (0..<fold.binCount).map { _ in stream.gaussian() }
    var slopes = [Double](repeating: .nan, count: flat.count)
    slopes.withUnsafeMutableBufferPointer { slopes in
      gradient.withUnsafeBufferPointer { fold.applyTranspose($0, values: slopes, threads: 2) }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let rates = try rates(.rows(mixed))
    #expect(abs(product(rates, gradient) - product(slopes, flat)) < 1e-10 * product(rates, rates).squareRoot())

    let points = try PointFold(
      binning: binning.folded.lepton, species: .numu, cells: cells, weights: weights,
      plan: QuadraturePlan(fluxes: [weights]), response: .rows(mixed), hadronic: hadronic)
    #expect(points.binCount == 2 * Self.parts)
    let toy = try SmallNearProblem.toy().crossSection(of: reaction, at: points.points)
    var found = [Double](repeating: .nan, count: points.binCount)
    var back = [Double](repeating: .nan, count: toy.count)
    found.withUnsafeMutableBufferPointer { found in
      toy.withUnsafeBufferPointer { points.apply($0, rates: found, threads: 1) }
    }
    back.withUnsafeMutableBufferPointer { back in
      gradient.withUnsafeBufferPointer { points.applyTranspose($0, values: back, threads: 1) }
    }
    #expect(abs(product(found, gradient) - product(back, toy)) < 1e-10 * product(found, found).squareRoot())
    // Other points than those of the table, and no nodes.
    let total = rates.reduce(0, +)
    for (one, other) in zip(found, rates) { #expect(abs(one - other) < 3e-3 * total) }
  }

  /// Bins in (E_l, cosθ, E_l + E_had) against a sum over midpoints of (E_ν, E_l, cosθ) with the probability at every point: the
  /// lattice, the nodes and the width of the parts, 0.05 GeV, leave some 10⁻³ of the lepton bin.
  @Test func agreesWithBruteForce() throws {
    let toy = try SmallNearProblem.toy()
    let ones = weights.map { _ in 1.0 }
    let fold = table.cellResponse(nodeValues: values, hadronic: hadronic, threads: 2).rates(weights: ones)
    let points = try DirectFold.cellResponse(
      of: toy, reaction: reaction, quadrature: table.quadrature, cells: cells, hadronic: hadronic, threads: 2
    ).rates(weights: ones)
    let (n, m, across) = (470, 40, 12)
    for bin in 0..<2 {
      let (first, second) = binning.lepton.ranges(of: bin)
      var sums = [Double](repeating: 0, count: Self.parts)
      for i in 0..<m {
        let energy = first.lowerBound + (first.upperBound - first.lowerBound) * (Double(i) + 0.5) / Double(m)
        let transfers = (0..<n).map { (5 - energy) * (Double($0) + 0.5) / Double(n) }
        // Edges in E_had of this lepton; those below it are passed by all events.
        let inner = Self.edges.dropFirst().dropLast().map { $0 - energy }.filter { $0 > 0 }
        let probabilities = GaussianHadrons(edges: [0] + inner + [9]).probabilities(at: transfers)
        let from = Self.parts - probabilities.count
        for j in 0..<across {
          var lattice = KinematicPoints()
          let cosine =
            second.lowerBound + (second.upperBound - second.lowerBound) * (Double(j) + 0.5) / Double(across)
          for omega in transfers {
            lattice.append(neutrinoEnergy: energy + omega, leptonEnergy: energy, cosTheta: cosine)
          }
          let rates = try toy.crossSection(of: reaction, at: lattice)
          for (part, row) in probabilities.enumerated() {
            sums[from + part] += (5 - energy) * zip(row, rates).reduce(0) { $0 + $1.0 * $1.1 }
          }
        }
      }
      let cell =
        (first.upperBound - first.lowerBound) * (second.upperBound - second.lowerBound) / Double(m * across * n)
      let total = sums.reduce(0, +) * cell
      for part in 0..<Self.parts {
        let expected = sums[part] * cell
        for found in [fold[bin * Self.parts + part], points[bin * Self.parts + part]] {
          #expect(abs(found - expected) < 3e-3 * expected + 1e-3 * total, "bin \(bin), \(part): \(found), \(expected)")
        }
      }
    }
  }

  /// A bin of E_rec that ends keeps what is in it, and the bins kept are those of the open axis.
  @Test func endsAreLeftOut() throws {
    let kept = hadronic.keeping(1..<3)
    let all = table.cellResponse(nodeValues: values, hadronic: hadronic, threads: 2).rates(weights: weights)
    let found = table.cellResponse(nodeValues: values, hadronic: kept, threads: 2).rates(weights: weights)
    #expect(found.count == 4)
    for (one, other) in zip(found, [all[1], all[2], all[Self.parts + 1], all[Self.parts + 2]]) {
      #expect(abs(one - other) < 1e-12 * (all.max() ?? 0))
    }
  }
}
