import NuTuneCore
import NuTuneNumerics

/// The sparse operator from node values to bin rates with E_ν cells kept apart: entry (bin, cell) is the list of
/// contributions of the nodes to ∫_cell dE_ν ∫_bin dE_l dcosθ d²σ. It depends on binning, lepton mass and grid, but not
/// on flux, oscillation or model; collapse it with any flux × oscillation weight in milliseconds.
///
/// Unit of a rate: 10⁻³⁸ cm² · GeV per nucleon, times the unit of the weights (mean flux density over a cell).
public struct FoldTable: Sendable {
  /// The cells.
  public let cells: EnergyCells
  /// The nodes.
  public let grid: NodeGrid
  /// The bins (true bins, before the detector's response).
  public let binning: Binning
  /// The quadrature points of bins and cells.
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
  ///   - species: the neutrino species, which gives the lepton's mass and the sign of W₃.
  ///   - cells: cells in neutrino energy.
  ///   - grid: nodes in the two invariants.
  ///   - plan: accuracy of the integrals over bins and cells; only this choice depends on a flux.
  ///   - threads: number of threads; the result does not depend on it.
  public init(
    binning: Binning, species: NeutrinoSpecies, cells: EnergyCells, grid: NodeGrid, plan: QuadraturePlan = .init(),
    threads: Int
  ) throws {
    self.cells = cells
    self.grid = grid
    let binning = binning.lepton
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
