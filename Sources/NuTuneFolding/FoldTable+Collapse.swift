import NuTuneCore
import NuTuneNumerics

extension FoldTable {
  /// Computes the map from node values to rates for one weight per cell (mean flux × oscillation), detector response
  /// included.
  ///
  /// Each true bin is collapsed once, however many measured bins it contributes to.
  ///
  /// - Complexity: O(``tripleCount`` + entries of the response · nodes of a true bin).
  /// - Parameters:
  ///   - weights: mean flux × oscillation of each cell, shape [cells].
  ///   - response: from the true bins of the table to measured ones.
  ///   - threads: number of threads; the result does not depend on it.
  public func collapsed(weights: [Double], response: DetectorResponse = .identity, threads: Int) -> NodeRuns {
    precondition(weights.count == cells.count)
    let grid = grid
    let trueBins = Parallel.map(blocks.count, threads: threads) { bin in
      var scratch = NodeScratch(grid: grid)
      blocks[bin].add(to: &scratch, weights: weights)
      return NodeRuns(bin: &scratch)
    }
    guard case .rows(let rows) = response else { return NodeRuns(joining: trueBins) }
    let measured = Parallel.map(rows.count, threads: threads) { row in
      var scratch = NodeScratch(grid: grid)
      for (trueBin, probability) in rows[row] { trueBins[trueBin].add(to: &scratch, factor: probability) }
      return NodeRuns(bin: &scratch)
    }
    return NodeRuns(joining: measured)
  }

  /// Computes the rates of a fixed model cell by cell, from its node values; shape [cells][bins] in ``CellResponse``.
  ///
  /// - Parameters:
  ///   - nodeValues: a, b, c at the nodes, shape [3][grid nodes].
  ///   - hadronic: probabilities of the hadronic bins that divide every bin; nil for none.
  ///   - response: from the true bins of the table to measured ones.
  ///   - threads: number of threads; the result does not depend on it.
  public func cellResponse(
    nodeValues: [[Double]], hadronic: HadronicProbabilities? = nil, response: DetectorResponse = .identity, threads: Int
  ) -> CellResponse {
    precondition(nodeValues.count == 3 && nodeValues[0].count == grid.count)
    if let hadronic, !hadronic.isCertain {
      let parts = hadronic.binCount
      let probabilities = hadronic.byNode()
      let needed = hadronic.columns(trueBins: blocks.count, response: response)
      let columns = Parallel.map(blocks.count, threads: threads) { bin in
        needed.groups[bin].flatMap { group in
          blocks[bin].rates(
            a: nodeValues[0], b: nodeValues[1], c: nodeValues[2], parts: parts, probabilities: probabilities[group])
        }
      }
      return CellResponse(cells: cells, columns: columns.flatMap { $0 })
        .measured(through: needed.response, parts: parts, threads: threads).summed(hadronic.places)
    }
    let columns = Parallel.map(blocks.count, threads: threads) { bin in
      blocks[bin].rates(a: nodeValues[0], b: nodeValues[1], c: nodeValues[2])
    }
    return CellResponse(cells: cells, columns: columns).measured(through: response, threads: threads)
  }
}

extension FoldTable.BinBlock {
  func add(to scratch: inout NodeScratch, weights: [Double]) {
    coefficients.withUnsafeBufferPointer { coefficients in
      for cell in 0..<weights.count where weights[cell] != 0 {
        let weight = weights[cell]
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

  /// Computes the rates of this bin cell by cell in the hadronic bins that divide it, shape [parts][cells].
  ///
  /// - Parameter probabilities: of the parts at the nodes, shape [grid nodes][parts].
  func rates(a: [Double], b: [Double], c: [Double], parts: Int, probabilities: [Double]) -> [[Double]] {
    let cellCount = cellOffsets.count - 1
    var sums = [Double](repeating: 0, count: cellCount * parts)
    sums.withUnsafeMutableBufferPointer { sums in
      coefficients.withUnsafeBufferPointer { coefficients in
        probabilities.withUnsafeBufferPointer { probabilities in
          for cell in 0..<cellCount {
            for run in Int(cellOffsets[cell])..<Int(cellOffsets[cell + 1]) {
              let offset = Int(runOffset[run])
              for i in 0..<Int(runOffset[run + 1]) - offset {
                let (base, node) = (3 * (offset + i), Int(runStart[run]) + i)
                let term =
                  Double(coefficients[base]) * a[node] + Double(coefficients[base + 1]) * b[node]
                  + Double(coefficients[base + 2]) * c[node]
                for part in 0..<parts { sums[cell * parts + part] += term * probabilities[node * parts + part] }
              }
            }
          }
        }
      }
    }
    return (0..<parts).map { part in (0..<cellCount).map { sums[$0 * parts + part] } }
  }

  /// Computes the rates of this bin cell by cell.
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
