import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport
import Testing

/// Folding into bins of the lepton and of visible hadronic energy.
@Suite struct HadronicFoldTests {
  static let edges = [0, 0.1, 0.2, 0.35, 0.6, 1, 1.8, 4]
  let reaction: Reaction
  let binning: Binning
  let cells = EnergyCells.standard(over: 0.3...5, scale: 3)
  let grid: NodeGrid
  let table: FoldTable
  let weights: [Double]
  let values: [[Double]]

  init() throws {
    reaction = try DuneFixture.reaction()
    binning = try Binning(
      Axis(.leptonEnergy, edges: [0.4, 0.8, 1.3, 2, 3]), Axis(.cosTheta, edges: [0, 0.6, 0.85, 1]))
    grid = NodeGrid(maximumEnergy: 5, minimumLeptonEnergy: 0.4, tCount: 80, uCount: 50)
    table = try FoldTable(binning: binning, species: .numu, cells: cells, grid: grid, threads: 2)
    weights = (0..<cells.count).map { 1 + Double($0 % 5) / 4 }
    let points = grid.invariants()
    values = LeptonTensor(.numu).nodeValues(
      of: try SmallNearProblem.toy().structureFunctions(of: reaction, at: points), at: points)
  }

  func hadronic(_ edges: [Double] = edges) throws -> HadronicProbabilities {
    try HadronicProbabilities(GaussianHadrons(edges: edges), binCount: edges.count - 1, grid: grid)
  }

  func active() -> ActiveNodes { ActiveNodes(grid: grid, touchedBy: [table]) }

  func apply(_ fold: CollapsedFold, _ values: [Double], threads: Int = 1) -> [Double] {
    var rates = [Double](repeating: 0, count: fold.binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { fold.apply($0, rates: rates, threads: threads) }
    }
    return rates
  }

  func transposed(_ fold: CollapsedFold, _ gradient: [Double], threads: Int = 1) -> [Double] {
    var slopes = [Double](repeating: .nan, count: 3 * fold.nodeCount)
    slopes.withUnsafeMutableBufferPointer { slopes in
      gradient.withUnsafeBufferPointer { fold.applyTranspose($0, values: slopes, threads: threads) }
    }
    return slopes
  }

  /// Sums over the hadronic bins are the rates of the lepton, in every way to fold; and a single bin changes no bit.
  @Test func sumsAreTheLeptonAlone() throws {
    let nodes = active()
    let flat = values.flatMap { row in nodes.gridIndices.map { row[$0] } }
    let runs = table.collapsed(weights: weights, threads: 2)
    func rates(_ hadronic: HadronicProbabilities?) throws -> [[Double]] {
      [
        apply(try CollapsedFold(runs, nodes: nodes, hadronic: hadronic), flat),
        table.cellResponse(nodeValues: values, hadronic: hadronic, threads: 2).rates(weights: weights),
        try DirectFold.cellResponse(
          of: SmallNearProblem.toy(), reaction: reaction, quadrature: table.quadrature, cells: cells,
          hadronic: hadronic, threads: 2
        ).rates(weights: weights),
      ]
    }
    let alone = try rates(nil)
    let parts = Self.edges.count - 1
    for (found, expected) in zip(try rates(hadronic()), alone) {
      #expect(found.count == binning.count * parts)
      for bin in expected.indices {
        let sum = found[bin * parts..<(bin + 1) * parts].reduce(0, +)
        #expect(abs(sum - expected[bin]) <= 1e-10 * expected[bin])
      }
    }
    #expect(try rates(hadronic([0, 1])) == alone)
  }

  /// Every entry against the sum over nodes, written out, for as many parts as one pass of the kernel takes and more; and
  /// the transposed product against the entries.
  @Test(arguments: [2, 3, 4, 7, 33]) func operatorsAreTheirSums(parts: Int) throws {
    let edges = (0...parts).map { 3 * pow(Double($0) / Double(parts), 1.5) }
    let nodes = active()
    let runs = table.collapsed(weights: weights, threads: 2)
    let fold = try CollapsedFold(runs, nodes: nodes, hadronic: hadronic(edges))
    #expect(fold.binCount == binning.count * parts)
    let probabilities = GaussianHadrons(edges: edges).probabilities(at: grid.invariants().omega)
    let flat = values.flatMap { row in nodes.gridIndices.map { row[$0] } }
    let stream = try RandomStream(seed: 7, purpose: "gradient")
    let gradient = (0..<fold.binCount).map { _ in stream.gaussian() }

    var expected = [Double](repeating: 0, count: fold.binCount)
    var slopes = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: 3)
    var offset = 0
    for bin in 0..<runs.binCount {
      for run in Int(runs.binOffsets[bin])..<Int(runs.binOffsets[bin + 1]) {
        for i in 0..<Int(runs.length[run]) {
          let node = Int(runs.start[run]) + i
          let triple = [runs.a[offset + i], runs.b[offset + i], runs.c[offset + i]]
          for part in 0..<parts {
            let probability = probabilities[part][node]
            for term in 0..<3 {
              expected[bin * parts + part] += probability * triple[term] * values[term][node]
              slopes[term][node] += probability * triple[term] * gradient[bin * parts + part]
            }
          }
        }
        offset += Int(runs.length[run])
      }
    }
    let largest = expected.map(abs).max() ?? 0
    for (found, reference) in zip(apply(fold, flat), expected) { #expect(abs(found - reference) < 1e-13 * largest) }
    let steepest = slopes.joined().map(abs).max() ?? 0
    let inOrder = slopes.flatMap { row in nodes.gridIndices.map { row[$0] } }
    for (found, reference) in zip(transposed(fold, gradient), inOrder) {
      #expect(abs(found - reference) < 1e-12 * steepest)
    }
    try singlePrecision(fold, flat, gradient, rates: expected, slopes: inOrder)
    #expect(apply(fold, flat, threads: 5) == apply(fold, flat))
    #expect(transposed(fold, gradient, threads: 5) == transposed(fold, gradient))
  }

  private func singlePrecision(
    _ fold: CollapsedFold, _ values: [Double], _ gradient: [Double], rates: [Double], slopes: [Double]
  ) throws {
    var found = [Double](repeating: 0, count: fold.binCount)
    var gradients = [Float](repeating: .nan, count: 3 * fold.nodeCount)
    let floats = values.map { Float($0) }
    found.withUnsafeMutableBufferPointer { found in
      floats.withUnsafeBufferPointer { fold.apply($0, rates: found, threads: 1) }
    }
    gradients.withUnsafeMutableBufferPointer { gradients in
      gradient.withUnsafeBufferPointer { fold.applyTranspose($0, values: gradients, threads: 1) }
    }
    let (largest, steepest) = (rates.map(abs).max() ?? 0, slopes.map(abs).max() ?? 0)
    for (one, other) in zip(found, rates) { #expect(abs(one - other) < 3e-6 * largest) }
    for (one, other) in zip(gradients, slopes) { #expect(abs(Double(one) - other) < 3e-6 * steepest) }
  }

  /// A detector that mixes the bins of the lepton leaves their parts apart.
  @Test func throughALeptonResponse() throws {
    let rows: [[(trueBin: Int, probability: Double)]] = [[(0, 0.5), (3, 0.25)], [], [(7, 1), (11, 0.125)]]
    let hadronic = try hadronic()
    let parts = hadronic.binCount
    let trueRates = table.cellResponse(nodeValues: values, hadronic: hadronic, threads: 2).rates(weights: weights)
    let expected = (0..<rows.count * parts).map { bin in
      rows[bin / parts].reduce(0) { $0 + $1.probability * trueRates[$1.trueBin * parts + bin % parts] }
    }
    let scale = expected.max() ?? 0
    let nodes = active()
    let flat = values.flatMap { row in nodes.gridIndices.map { row[$0] } }
    let runs = table.collapsed(weights: weights, response: .rows(rows), threads: 2)
    let response = table.cellResponse(nodeValues: values, hadronic: hadronic, response: .rows(rows), threads: 2)
    for found in [
      response.rates(weights: weights), apply(try CollapsedFold(runs, nodes: nodes, hadronic: hadronic), flat),
    ] {
      #expect(found.count == expected.count)
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12 * scale) }
    }
  }

  /// Bins in (E_l, cosθ, E_had) against a sum over midpoints of (E_ν, E_l, cosθ) that knows nothing of cells and nodes, with
  /// the probability at every point. The lattice leaves 10⁻³ in these bins, the fold of the lepton 2·10⁻⁴ and its nodes,
  /// half as many as the default, some 10⁻³.
  @Test func agreesWithBruteForce() throws {
    let toy = try SmallNearProblem.toy()
    let parts = Self.edges.count - 1
    let ones = weights.map { _ in 1.0 }
    let fold = table.cellResponse(nodeValues: values, hadronic: try hadronic(), threads: 2).rates(weights: ones)
    let points = try DirectFold.cellResponse(
      of: toy, reaction: reaction, quadrature: table.quadrature, cells: cells, hadronic: hadronic(), threads: 2
    ).rates(weights: ones)
    let (n, m) = (470, 16)
    for bin in [1, 4, 5, 8] {
      let (first, second) = binning.ranges(of: bin)
      var sums = [Double](repeating: 0, count: parts)
      for i in 0..<m {
        var lattice = KinematicPoints()
        let lepton = first.lowerBound + (first.upperBound - first.lowerBound) * (Double(i) + 0.5) / Double(m)
        for j in 0..<m {
          let cosine = second.lowerBound + (second.upperBound - second.lowerBound) * (Double(j) + 0.5) / Double(m)
          for k in 0..<n {
            let energy = lepton + (5 - lepton) * (Double(k) + 0.5) / Double(n)
            lattice.append(neutrinoEnergy: energy, leptonEnergy: lepton, cosTheta: cosine)
          }
        }
        let rates = try toy.crossSection(of: reaction, at: lattice)
        let transfers = (0..<n).map { (5 - lepton) * (Double($0) + 0.5) / Double(n) }
        let probabilities = GaussianHadrons(edges: Self.edges).probabilities(at: transfers)
        for part in 0..<parts {
          for index in rates.indices { sums[part] += (5 - lepton) * rates[index] * probabilities[part][index % n] }
        }
      }
      let cell =
        (first.upperBound - first.lowerBound) * (second.upperBound - second.lowerBound) / Double(m * m * n)
      let total = sums.reduce(0, +) * cell
      for part in 0..<parts {
        let expected = sums[part] * cell
        for found in [fold[bin * parts + part], points[bin * parts + part]] {
          #expect(abs(found - expected) < 3e-3 * expected + 3e-4 * total, "bin \(bin), \(part): \(found), \(expected)")
        }
      }
    }
  }

  /// Points of a model without structure functions, and their transposed product.
  @Test func pointsInParts() throws {
    let fold = try PointFold(
      binning: binning, species: .numu, cells: cells, weights: weights, plan: QuadraturePlan(accuracy: nil),
      response: .rows([[(0, 0.5), (4, 0.25)], [(5, 1)]]), hadronic: hadronic())
    let parts = Self.edges.count - 1
    #expect(fold.binCount == 2 * parts)
    let stream = try RandomStream(seed: 3, purpose: "points")
    let sections = (0..<fold.points.count).map { _ in stream.uniform() }
    let gradient = (0..<fold.binCount).map { _ in stream.gaussian() }
    var rates = [Double](repeating: 0, count: fold.binCount)
    var slopes = [Double](repeating: 0, count: sections.count)
    rates.withUnsafeMutableBufferPointer { rates in
      sections.withUnsafeBufferPointer { fold.apply($0, rates: rates, threads: 1) }
    }
    slopes.withUnsafeMutableBufferPointer { slopes in
      gradient.withUnsafeBufferPointer { fold.applyTranspose($0, values: slopes, threads: 1) }
    }
    let (left, right) = (zip(rates, gradient), zip(slopes, sections))
    let products = [left.reduce(0) { $0 + $1.0 * $1.1 }, right.reduce(0) { $0 + $1.0 * $1.1 }]
    #expect(abs(products[0] - products[1]) < 1e-10 * abs(products[0]))
    let plain = try PointFold(
      binning: binning, species: .numu, cells: cells, weights: weights, plan: QuadraturePlan(accuracy: nil),
      response: .rows([[(0, 0.5), (4, 0.25)], [(5, 1)]]))
    var sums = [Double](repeating: 0, count: 2)
    sums.withUnsafeMutableBufferPointer { sums in
      sections.withUnsafeBufferPointer { plain.apply($0, rates: sums, threads: 1) }
    }
    for bin in 0..<2 {
      #expect(abs(rates[bin * parts..<(bin + 1) * parts].reduce(0, +) - sums[bin]) < 1e-10 * sums[bin])
    }
  }

  /// Lepton bins that are divided each in its own way are sums of the bins of all edges, in every way to fold; what is in no bin
  /// is left out.
  @Test func runsAreSums() throws {
    let response: [[(trueBin: Int, probability: Double)]] = [[(0, 0.5), (3, 0.25)], [(7, 1), (11, 0.125)], [(5, 1)]]
    let runs = [[0..<2, 2..<7], [0..<7], [1..<2, 2..<4]]
    let (nodes, fine) = (active(), try hadronic())
    let flat = values.flatMap { row in nodes.gridIndices.map { row[$0] } }
    let toy = try SmallNearProblem.toy()
    let summed = fine.summing(runs)
    func points(_ hadronic: HadronicProbabilities) throws -> PointFold {
      try PointFold(
        binning: binning, species: .numu, cells: cells, weights: weights, plan: QuadraturePlan(accuracy: nil),
        response: .rows(response), hadronic: hadronic)
    }
    func rates(_ hadronic: HadronicProbabilities) throws -> [[Double]] {
      let points = try points(hadronic)
      var ofPoints = [Double](repeating: .nan, count: points.binCount)
      let sections = try toy.crossSection(of: reaction, at: points.points)
      ofPoints.withUnsafeMutableBufferPointer { rates in
        sections.withUnsafeBufferPointer { points.apply($0, rates: rates, threads: 1) }
      }
      let collapsed = table.collapsed(weights: weights, response: .rows(response), threads: 2)
      return [
        apply(try CollapsedFold(collapsed, nodes: nodes, hadronic: hadronic), flat),
        apply(try CollapsedFold(collapsed, nodes: nodes, hadronic: fine).replacingHadronic(by: hadronic), flat),
        table.cellResponse(nodeValues: values, hadronic: hadronic, response: .rows(response), threads: 2)
          .rates(weights: weights),
        try DirectFold.cellResponse(
          of: toy, reaction: reaction, quadrature: table.quadrature, cells: cells, hadronic: hadronic,
          response: .rows(response), threads: 2
        ).rates(weights: weights), ofPoints,
      ]
    }
    for (found, parts) in zip(try rates(summed), try rates(fine)) {
      let expected = runs.enumerated().flatMap { lepton, runs in
        runs.map { run in run.reduce(0) { $0 + parts[lepton * fine.binCount + $1] } }
      }
      #expect(found.count == 5)
      let largest = expected.max() ?? 0
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12 * largest) }
    }
    let stream = try RandomStream(seed: 5, purpose: "runs")
    let gradient = (0..<5).map { _ in stream.gaussian() }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let collapsed = try CollapsedFold(
      table.collapsed(weights: weights, response: .rows(response), threads: 2), nodes: nodes, hadronic: summed)
    let left = product(apply(collapsed, flat), gradient)
    #expect(abs(left - product(transposed(collapsed, gradient), flat)) < 1e-10 * abs(left))
    let pointed = try points(summed)
    var slopes = [Double](repeating: .nan, count: pointed.points.count)
    slopes.withUnsafeMutableBufferPointer { slopes in
      gradient.withUnsafeBufferPointer { pointed.applyTranspose($0, values: slopes, threads: 1) }
    }
    let ofPoints = product(try rates(summed)[4], gradient)
    let back = product(slopes, try toy.crossSection(of: reaction, at: pointed.points))
    #expect(abs(ofPoints - back) < 1e-10 * abs(ofPoints))
  }

  /// Between its own points the response is known to 10⁻⁵, and a resolution finer than the nodes shows.
  @Test func interpolation() throws {
    let transfers = (0..<200).map { 0.0007 + 0.02 * Double($0) }
    let exact = GaussianHadrons(edges: Self.edges).probabilities(at: transfers)
    let known = try hadronic()
    for (index, omega) in transfers.enumerated() {
      for (part, found) in known.probabilities(at: omega).enumerated() {
        #expect(abs(found - exact[part][index]) < 1e-5, "ω = \(omega)")
      }
    }
    #expect(known.interpolationError(on: active()) < 5e-3)
    let sharp = try HadronicProbabilities(SharpHadrons(edge: 1), binCount: 2, grid: grid)
    #expect(sharp.interpolationError(on: active()) > 0.05)
  }

  @Test func whatIsNoProbabilityIsRefused() throws {
    let error = try #require(throws: NuTuneError.self) {
      try HadronicProbabilities(SharpHadrons(edge: 1, excess: 0.1), binCount: 2, grid: grid)
    }
    #expect(error.expected == "probabilities from 0 to 1 that sum to at most 1")
    #expect(throws: NuTuneError.self) {
      try HadronicProbabilities(SharpHadrons(edge: 1), binCount: 3, grid: grid)
    }
  }
}

/// All of ω is seen, without error, below or above an edge in GeV.
private struct SharpHadrons: HadronicResponse {
  var edge: Double
  var excess = 0.0

  func probabilities(at energyTransfers: [Double]) -> [[Double]] {
    [energyTransfers.map { $0 < edge ? 1 + excess : 0 }, energyTransfers.map { $0 < edge ? 0 : 1 }]
  }
}
