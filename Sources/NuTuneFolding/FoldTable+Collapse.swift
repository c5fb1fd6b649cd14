import NuTuneCore
import NuTuneNumerics

/// A sparse map from node values (a, b, c) to bins, as runs of neighbouring nodes.
public struct NodeRuns: Sendable {
  /// First run of each bin, shape [bins + 1].
  public var binOffsets: [Int32] = [0]
  /// First node of each run.
  public var start: [Int32] = []
  /// Number of nodes of each run.
  public var length: [Int32] = []
  /// Coefficients of a, b and c, run after run, each of shape [Σ length].
  public var a: [Double] = []
  /// Coefficients of b.
  public var b: [Double] = []
  /// Coefficients of c.
  public var c: [Double] = []

  /// Number of bins.
  public var binCount: Int { binOffsets.count - 1 }
}

extension FoldTable {
  /// The map from node values to rates for one weight per cell (mean flux × oscillation), detector response included.
  ///
  /// - Complexity: O(``tripleCount``).
  public func collapsed(weights: [Double], response: DetectorResponse = .identity, threads: Int) -> NodeRuns {
    precondition(weights.count == cells.count)
    let rows: [[(trueBin: Int, probability: Double)]]
    switch response {
    case .identity: rows = blocks.indices.map { [($0, 1)] }
    case .rows(let given): rows = given
    }
    let grid = grid
    let pieces = Parallel.map(rows.count, threads: threads) { row in
      var scratch = NodeScratch(grid: grid)
      for (trueBin, probability) in rows[row] {
        blocks[trueBin].add(to: &scratch, weights: weights, factor: probability)
      }
      var runs = NodeRuns()
      scratch.drain { start, triples in
        runs.start.append(Int32(start))
        runs.length.append(Int32(triples.count))
        for triple in triples {
          runs.a.append(triple.x)
          runs.b.append(triple.y)
          runs.c.append(triple.z)
        }
      }
      return runs
    }
    var all = NodeRuns()
    for piece in pieces {
      all.start += piece.start
      all.length += piece.length
      all.a += piece.a
      all.b += piece.b
      all.c += piece.c
      all.binOffsets.append(Int32(all.start.count))
    }
    return all
  }

  /// Rates of a fixed model cell by cell, from its node values; shape [cells][bins] in ``CellResponse``.
  public func cellResponse(nodeValues: [[Double]], response: DetectorResponse = .identity, threads: Int) -> CellResponse
  {
    precondition(nodeValues.count == 3 && nodeValues[0].count == grid.count)
    let cellCount = cells.count
    let columns = Parallel.map(blocks.count, threads: threads) { bin in
      blocks[bin].rates(a: nodeValues[0], b: nodeValues[1], c: nodeValues[2])
    }
    return CellResponse(cells: cells, rows: (0..<cellCount).map { cell in response.apply(columns.map { $0[cell] }) })
  }
}

extension FoldTable.BinBlock {
  func add(to scratch: inout NodeScratch, weights: [Double], factor: Double) {
    coefficients.withUnsafeBufferPointer { coefficients in
      for cell in 0..<weights.count where weights[cell] != 0 {
        let weight = weights[cell] * factor
        for run in Int(cellOffsets[cell])..<Int(cellOffsets[cell + 1]) {
          let offset = Int(runOffset[run])
          scratch.add(start: Int(runStart[run]), count: Int(runOffset[run + 1]) - offset) { i in
            let base = 3 * (offset + i)
            return SIMD4(
              Double(coefficients[base]), Double(coefficients[base + 1]), Double(coefficients[base + 2]), 0) * weight
          }
        }
      }
    }
  }

  /// Rates of this bin cell by cell.
  func rates(a: [Double], b: [Double], c: [Double]) -> [Double] {
    coefficients.withUnsafeBufferPointer { coefficients in
      (0..<cellOffsets.count - 1).map { cell in
        var sum = 0.0
        for run in Int(cellOffsets[cell])..<Int(cellOffsets[cell + 1]) {
          let node = Int(runStart[run])
          let offset = Int(runOffset[run])
          for i in 0..<Int(runOffset[run + 1]) - offset {
            let base = 3 * (offset + i)
            sum += Double(coefficients[base]) * a[node + i]
            sum += Double(coefficients[base + 1]) * b[node + i]
            sum += Double(coefficients[base + 2]) * c[node + i]
          }
        }
        return sum
      }
    }
  }
}
