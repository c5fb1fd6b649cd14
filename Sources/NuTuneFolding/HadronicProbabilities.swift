import Foundation
import NuTuneCore

/// The probabilities of the bins of visible hadronic energy where a fold needs them: at the nodes of its grid, whose W² and
/// Q² fix the energy transfer ω, and at any ω in between.
///
/// A rate in (lepton bin l, hadronic bin k) is Σ_nodes c_l(node) P_k(ω(node)) F(node) with the coefficients c_l of the lepton
/// bin alone: the product P_k F is interpolated between nodes as F is without hadronic energy, and no table grows. That is as
/// accurate as P_k is smooth over the distance of nodes, see ``interpolationError(on:)``.
///
/// In bins of E_l + E_had the probabilities depend on E_l as well: lepton bins that are narrow in it have a group of
/// probabilities each, averages over the bin, see ``Reconstruction``.
public struct HadronicProbabilities: Sendable, Equatable {
  /// The nodes.
  public let grid: NodeGrid
  /// Number of hadronic bins.
  public let binCount: Int
  /// P_k of each group at the nodes, shape [groups][bins][grid nodes]; one group where P depends on ω alone.
  let atNodes: [[[Double]]]
  /// P of each group at equidistant values of asinh(ω/``scale``), shape [groups][lattice nodes][bins].
  private let lattices: [[Double]]
  private let step: Double
  /// Whether the probabilities at the nodes depend on Q², which those at an ω in between do not know.
  public let dependsOnQ2: Bool
  /// How lepton bins are folded in bins of E_l + E_had; nil for bins of E_had.
  public let reconstruction: Reconstruction?
  /// Bins of which each bin of each measured lepton bin is the sum, shape [lepton bins][]; nil where every bin is one of a lepton
  /// bin. Then ``binCount`` is not their number.
  public private(set) var runs: [[Range<Int>]]?

  private static let scale = 0.05
  /// What Fermi motion takes from W² at most, GeV², where it matters.
  private static let fermiMotion = 0.3
  /// Least energy transfer in GeV at which interpolation is judged: a width that grows as √ω bends below it, where a nucleon
  /// takes no more than its binding energy.
  private static let lowestTransfer = 0.03
  /// Neighbours are 0.1 MeV apart at ω = 0 and half a per cent of ω above 0.05 GeV.
  private static let latticeCount = 1600

  /// Samples a response.
  ///
  /// - Parameters:
  ///   - response: of the detector in some bins.
  ///   - binCount: their number.
  ///   - grid: the nodes of the fold.
  /// - Throws: `NuTuneError` when the response gives something that is no probability.
  public init(_ response: any HadronicResponse, binCount: Int, grid: NodeGrid) throws {
    let points = grid.invariants()
    step = Self.step(over: points.omega)
    atNodes = [try Self.values(of: response, binCount: binCount, at: points)]
    let values = try Self.values(of: response, binCount: binCount, along: Self.latticeTransfers(step))
    lattices = [(0..<Self.latticeCount).flatMap { node in values.map { $0[node] } }]
    dependsOnQ2 = response.dependsOnQ2
    self.grid = grid
    self.binCount = binCount
    reconstruction = nil
  }

  /// Samples probabilities of bins of E_l + E_had, from a response in bins of E_had.
  ///
  /// - Parameters:
  ///   - axis: bins of the reconstructed energy; the lowest counts all below its upper edge, the highest all above its
  ///     lower edge. Visible energy is never negative, so that E_rec is at least E_l.
  ///   - reconstruction: the lepton bins that are folded.
  ///   - grid: the nodes of the fold.
  ///   - response: the response of the detector in bins of visible hadronic energy.
  /// - Throws: `NuTuneError` when the response refuses, or gives something that is no probability.
  public init(
    _ axis: Axis, _ reconstruction: Reconstruction, grid: NodeGrid, response: (Axis) throws -> any HadronicResponse
  ) throws {
    let transfers = grid.invariants().omega
    let step = Self.step(over: transfers)
    let points = Self.latticeTransfers(step)
    lattices = try reconstruction.energies.map { energies in
      let rows = try Reconstruction.probabilities(axis, over: energies, at: points) {
        let ofPart = try response($0)
        guard !ofPart.dependsOnQ2 else {
          throw NuTuneError(
            .badData, key: "hadronic response", found: "a response that depends on Q² in bins of reconstructed energy",
            expected: "one that depends on the energy transfer alone, or bins of hadronic energy")
        }
        return try Self.values(of: ofPart, binCount: $0.count, along: points)
      }
      return points.indices.flatMap { node in rows.map { $0[node] } }
    }
    self.step = step
    self.grid = grid
    self.reconstruction = reconstruction
    dependsOnQ2 = false
    binCount = axis.count
    let (lattices, count) = (lattices, axis.count)
    atNodes = lattices.map { lattice in
      var rows = [[Double]](repeating: [Double](repeating: 0, count: transfers.count), count: count)
      var sums = [Double](repeating: 0, count: count)
      for (node, omega) in transfers.enumerated() {
        for bin in 0..<count { sums[bin] = 0 }
        sums.withUnsafeMutableBufferPointer { sums in
          if let start = sums.baseAddress { Self.add(lattice, count, step, at: omega, times: 1, to: start) }
        }
        for bin in 0..<count { rows[bin][node] = sums[bin] }
      }
      return rows
    }
  }

  private init(_ other: HadronicProbabilities, keeping bins: Range<Int>) {
    (grid, step, reconstruction, binCount) = (other.grid, other.step, other.reconstruction, bins.count)
    dependsOnQ2 = other.dependsOnQ2
    atNodes = other.atNodes.map { Array($0[bins]) }
    lattices = other.lattices.map { lattice in
      (0..<Self.latticeCount).flatMap { node in bins.map { lattice[node * other.binCount + $0] } }
    }
  }

  /// The same probabilities of some of the bins; events in the others are not seen.
  public func keeping(_ bins: Range<Int>) -> HadronicProbabilities { HadronicProbabilities(self, keeping: bins) }

  /// The same probabilities where bins of the lepton are divided each in its own way.
  ///
  /// - Parameter runs: of the bins that are summed, rising and apart, in each measured lepton bin, shape [lepton bins][]; nil
  ///   for every bin in all of them.
  public func summing(_ runs: [[Range<Int>]]?) -> HadronicProbabilities {
    var copy = self
    copy.runs = runs
    return copy
  }

  /// For each product (measured lepton bin, hadronic bin), one after the other, the measured bin that it is a part of, −1 for
  /// none, with the number of measured bins; nil where they are the products.
  var places: (ofParts: [Int], count: Int)? {
    guard let runs else { return nil }
    var (places, bin) = ([Int](repeating: -1, count: runs.count * binCount), 0)
    for (lepton, ofLepton) in runs.enumerated() {
      for run in ofLepton {
        for part in run { places[lepton * binCount + part] = bin }
        bin += 1
      }
    }
    return (places, bin)
  }

  private static func step(over transfers: [Double]) -> Double {
    asinh(max(transfers.max() ?? 1, 0.1) / scale) / Double(latticeCount - 1)
  }

  private static func latticeTransfers(_ step: Double) -> [Double] {
    (0..<latticeCount).map { scale * sinh(step * Double($0)) }
  }

  /// Computes the probabilities of a response at some points, shape [bins][points].
  ///
  /// - Throws: `NuTuneError` when the response gives something that is no probability.
  public static func values(
    of response: any HadronicResponse, binCount: Int, at points: InvariantPoints
  ) throws -> [[Double]] {
    guard response.dependsOnQ2 else { return try values(of: response, binCount: binCount, along: points.omega) }
    return try checked(try response.probabilities(at: points.omega, q2: points.q2), binCount, points.omega)
  }

  private static func values(
    of response: any HadronicResponse, binCount: Int, along transfers: [Double]
  ) throws -> [[Double]] {
    try checked(try response.probabilities(at: transfers), binCount, transfers)
  }

  private static func checked(_ values: [[Double]], _ bins: Int, _ transfers: [Double]) throws -> [[Double]] {
    guard values.count == bins, values.allSatisfy({ $0.count == transfers.count }) else {
      throw NuTuneError(
        .internalError, key: "hadronic response", found: "\(values.count) lists of probabilities",
        expected: "\(bins) of \(transfers.count), one for each bin")
    }
    var sums = [Double](repeating: 0, count: transfers.count)
    for (bin, row) in values.enumerated() {
      for (index, value) in row.enumerated() {
        sums[index] += value
        guard value >= 0, sums[index] <= 1 + 1e-9 else {
          throw NuTuneError(
            .runtime, key: "hadronic response",
            found: "a probability of \(value) in bin \(bin) at ω = \(transfers[index]) GeV, \(sums[index]) up to there",
            expected: "probabilities from 0 to 1 that sum to at most 1")
        }
      }
    }
    return values
  }

  /// Whether every event is in the only bin whatever its ω: a fold of the lepton alone.
  public var isCertain: Bool {
    binCount == 1 && reconstruction == nil && runs == nil && atNodes[0][0].allSatisfy { $0 == 1 }
  }

  /// Share of events that are seen in any bin at a grid node, the mean over groups.
  public func efficiency(atNode node: Int) -> Double {
    atNodes.reduce(0) { $0 + $1.reduce(0) { $0 + $1[node] } } / Double(atNodes.count)
  }

  /// P of each group at the nodes, one node's bins after the other, shape [groups][grid nodes × bins].
  func byNode() -> [[Double]] {
    atNodes.map { rows in (0..<grid.count).flatMap { node in rows.map { $0[node] } } }
  }

  /// Calculates the probabilities of all bins of a group at an energy transfer in GeV into `result`, shape [bins].
  ///
  /// Cubic interpolation in asinh(ω/0.05 GeV); their sum is that of the response.
  func add(at omega: Double, group: Int = 0, times factor: Double, to result: UnsafeMutablePointer<Double>) {
    Self.add(lattices[group], binCount, step, at: omega, times: factor, to: result)
  }

  private static func add(
    _ lattice: [Double], _ binCount: Int, _ step: Double, at omega: Double, times factor: Double,
    to result: UnsafeMutablePointer<Double>
  ) {
    let place = NodeGrid.stencil(asinh(max(omega, 0) / scale) / step, count: latticeCount)
    lattice.withUnsafeBufferPointer { lattice in
      for node in 0..<4 {
        let weight = factor * place.weights[node]
        let base = (place.start + node) * binCount
        for bin in 0..<binCount { result[bin] += weight * lattice[base + bin] }
      }
    }
  }

  /// Probabilities of all bins of a group at an energy transfer in GeV, shape [bins].
  public func probabilities(at omega: Double, group: Int = 0) -> [Double] {
    var result = [Double](repeating: 0, count: binCount)
    result.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { add(at: omega, group: group, times: 1, to: start) }
    }
    return result
  }

  /// Largest error of a probability in the middle between four active nodes when it is interpolated as a fold does it.
  ///
  /// Errors have both signs and a fold adds many points, so that rates err by far less; but a detector that resolves
  /// hadronic energy more finely than nodes lie shows up here. Nodes with W² < M² − 0.3 GeV², beyond the Fermi motion of the
  /// quasi-elastic peak, and energy transfers below 30 MeV do not count: next to no event is there. A response that depends on
  /// Q² is known at the nodes alone; its error is not, and zero is returned.
  ///
  /// - Parameter nodes: the nodes that folds touch.
  public func interpolationError(on nodes: ActiveNodes) -> Double {
    guard !dependsOnQ2 else { return 0 }
    return atNodes.indices.reduce(0) { max($0, interpolationError(on: nodes, group: $1)) }
  }

  private func interpolationError(on nodes: ActiveNodes, group: Int) -> Double {
    var active = [Bool](repeating: false, count: grid.count)
    for node in nodes.gridIndices { active[node] = true }
    let middle = SIMD4(-0.0625, 0.5625, 0.5625, -0.0625)
    var worst = 0.0
    for i in 1..<max(grid.tCount - 2, 1) {
      let excess = NodeGrid.hadronicScale * sinh(grid.tMinimum + (Double(i) + 0.5) * grid.tStep)
      guard excess > -Self.fermiMotion else { continue }
      for j in 1..<max(grid.uCount - 2, 1) {
        let corners = [(i, j), (i + 1, j), (i, j + 1), (i + 1, j + 1)]
        guard corners.allSatisfy({ active[$0.0 * grid.uCount + $0.1] }) else { continue }
        let q2 = exp(grid.uMinimum + (Double(j) + 0.5) * grid.uStep) - NodeGrid.momentumScale
        let omega = (excess + q2) / (2 * PhysicalConstants.nucleonMass)
        guard omega > Self.lowestTransfer, q2 > 0 else { continue }
        for (found, values) in zip(probabilities(at: omega, group: group), atNodes[group]) {
          var sum = 0.0
          for a in 0..<4 {
            for b in 0..<4 { sum += middle[a] * middle[b] * values[(i + a - 1) * grid.uCount + j + b - 1] }
          }
          worst = max(worst, abs(sum - found))
        }
      }
    }
    return worst
  }
}
