import NuTuneCore
import NuTuneNumerics

/// The sparse operator from node values to bin rates with E_ν cells kept apart: entry (bin, cell) is the list of
/// contributions of the nodes to ∫_cell dE_ν ∫_bin dE_l dcosθ d²σ. It depends on binning, lepton mass and grid, and on
/// no flux, oscillation or model; collapse it with any flux × oscillation weight in milliseconds.
///
/// Unit of a rate: 10⁻³⁸ cm² · GeV per nucleon, times the unit of the weights (mean flux density over a cell).
public struct FoldTable: Sendable {
  /// The cells.
  public let cells: EnergyCells
  /// The nodes.
  public let grid: NodeGrid
  /// The bins (true bins, before the detector's response).
  public let binning: Binning
  /// The points that bins and cells were integrated with.
  public let quadrature: BinQuadrature

  /// Runs of neighbouring nodes with their coefficients, for all (bin, cell) in order.
  let blocks: [BinBlock]

  /// The contributions to one bin.
  struct BinBlock: Sendable {
    /// First run of each cell, shape [cells + 1].
    var cellOffsets: [Int32] = []
    /// First node of each run.
    var runStart: [Int32] = []
    /// First coefficient of each run, shape [runs + 1].
    var runOffset: [Int32] = [0]
    /// (a, b, c) coefficients, one triple after the other.
    var coefficients: [Float] = []
  }

  /// Number of stored triples.
  public var tripleCount: Int { blocks.reduce(0) { $0 + $1.coefficients.count / 3 } }

  /// Builds a table.
  ///
  /// - Complexity: O(quadrature points · 48), about a second for 780 bins × 220 cells on two cores.
  /// - Parameters:
  ///   - binning: true bins.
  ///   - species: the neutrino, and so the lepton's mass and the sign of W₃.
  ///   - cells: cells in neutrino energy.
  ///   - grid: nodes in the two invariants.
  ///   - plan: how finely bins and cells are integrated; only this choice knows of a flux.
  ///   - threads: number of threads; the result does not depend on it.
  public init(
    binning: Binning, species: NeutrinoSpecies, cells: EnergyCells, grid: NodeGrid, plan: QuadraturePlan = .init(),
    threads: Int
  ) throws {
    self.cells = cells
    self.grid = grid
    self.binning = binning
    let quadrature = try BinQuadrature(
      binning: binning, species: species, cells: cells, plan: plan, threads: threads)
    self.quadrature = quadrature
    let tensor = LeptonTensor(species)
    blocks = Parallel.map(binning.count, threads: threads) { bin in
      BinBlock(bin: bin, quadrature: quadrature, tensor: tensor, cells: cells, grid: grid)
    }
  }
}

extension FoldTable.BinBlock {
  init(bin: Int, quadrature: BinQuadrature, tensor: LeptonTensor, cells: EnergyCells, grid: NodeGrid) {
    var scratch = NodeScratch(grid: grid)
    let lowestT = grid.tMinimum
    let massSquared = tensor.leptonMass * tensor.leptonMass
    cellOffsets.append(0)
    for cell in 0..<cells.count {
      quadrature.forEachPoint(bin: bin, cell: cell) { energy, lepton, weight in
        let q2 = 2 * energy * lepton.difference - massSquared
        guard q2 > 0 else { return }
        let (t, u) = NodeGrid.coordinates(omega: energy - lepton.energy, q2: q2)
        guard t >= lowestT else { return }
        let weights = tensor.pointWeights(neutrinoEnergy: energy, leptonMomentum: lepton.momentum, q2: q2)
        scratch.add(
          t: (t - grid.tMinimum) / grid.tStep, u: (u - grid.uMinimum) / grid.uStep,
          SIMD4(weight * weights.a, weight * weights.b, weight * weights.c, 0))
      }
      scratch.drain { start, triples in
        runStart.append(Int32(start))
        for triple in triples {
          coefficients.append(Float(triple.x))
          coefficients.append(Float(triple.y))
          coefficients.append(Float(triple.z))
        }
        runOffset.append(Int32(coefficients.count / 3))
      }
      cellOffsets.append(Int32(runStart.count))
    }
  }
}

/// Sums of (a, b, c) contributions on the grid, which remembers per row of t which nodes it has touched.
struct NodeScratch {
  private let grid: NodeGrid
  private var sums: [SIMD4<Double>]
  private var first: [Int]
  private var last: [Int]
  private var rows: Range<Int>?

  init(grid: NodeGrid) {
    self.grid = grid
    sums = [SIMD4<Double>](repeating: .zero, count: grid.count)
    first = [Int](repeating: .max, count: grid.tCount)
    last = [Int](repeating: -1, count: grid.tCount)
  }

  /// Spreads a contribution at fractional grid position (t, u) over its 4 × 4 nodes.
  @inline(__always)
  mutating func add(t: Double, u: Double, _ value: SIMD4<Double>) {
    let onT = NodeGrid.stencil(t, count: grid.tCount)
    let onU = NodeGrid.stencil(u, count: grid.uCount)
    sums.withUnsafeMutableBufferPointer { sums in
      for i in 0..<4 {
        let scaled = value * onT.weights[i]
        let base = (onT.start + i) * grid.uCount + onU.start
        for j in 0..<4 { sums[base + j] += scaled * onU.weights[j] }
      }
    }
    for row in onT.start..<onT.start + 4 { touch(row, onU.start, onU.start + 3) }
  }

  /// Adds to a run of nodes that starts at `start`.
  @inline(__always)
  mutating func add(start: Int, count: Int, _ value: (Int) -> SIMD4<Double>) {
    let row = start / grid.uCount
    for i in 0..<count { sums[start + i] += value(i) }
    touch(row, start % grid.uCount, start % grid.uCount + count - 1)
  }

  @inline(__always)
  private mutating func touch(_ row: Int, _ low: Int, _ high: Int) {
    first[row] = min(first[row], low)
    last[row] = max(last[row], high)
    guard let known = rows else {
      rows = row..<row + 1
      return
    }
    if !known.contains(row) { rows = min(known.lowerBound, row)..<max(known.upperBound, row + 1) }
  }

  /// Hands out what has been summed, one run per row of t, and starts again from zero.
  mutating func drain(_ body: (_ start: Int, _ triples: ArraySlice<SIMD4<Double>>) -> Void) {
    for row in rows ?? 0..<0 where last[row] >= 0 {
      let range = row * grid.uCount + first[row]..<row * grid.uCount + last[row] + 1
      body(range.lowerBound, sums[range])
      for node in range { sums[node] = .zero }
      first[row] = .max
      last[row] = -1
    }
    rows = nil
  }
}
