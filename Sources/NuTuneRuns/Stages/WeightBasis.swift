import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// The basis functions of one group of weights of a model, seen by the far samples of a study.
struct WeightBasis {
  let model: any GaussianModel
  let group: Int
  let weights: Int
  let folded: FoldedStudy

  /// Weights that are worked on at a time.
  private static let batch = 64

  /// Effect of a unit of each weight on the far rates of every sample and operator, times the scale of the bin; shape
  /// [samples · operators · bins × weights].
  func farEffects(operators: [[CollapsedFold]], scales: [[Double]]) throws -> Matrix {
    let rows = zip(operators, scales).reduce(0) { $0 + $1.0.count * $1.1.count }
    var effects = Matrix(rows: rows, columns: weights)
    try forEachBatch { range, values in
      let columns = Parallel.map(range.count, threads: folded.threads) { position in
        operators.indices.flatMap { sample in
          guard let values = values[sample]?[position] else {
            return [Double](repeating: 0, count: operators[sample].count * scales[sample].count)
          }
          return operators[sample].flatMap { fold in
            var rates = [Double](repeating: 0, count: fold.binCount)
            rates.withUnsafeMutableBufferPointer { rates in
              values.withUnsafeBufferPointer { fold.apply($0, rates: rates, threads: 1) }
            }
            return zip(rates, scales[sample]).map { $0 * $1 }
          }
        }
      }
      for row in 0..<rows {
        for position in columns.indices { effects[row, range.lowerBound + position] = columns[position][row] }
      }
    }
    return effects
  }

  /// Node values along some combinations of the weights, one per column of `combinations`; shape
  /// [combinations][far samples][3][grid nodes].
  func nodeValues(along combinations: Matrix) throws -> [[[[Double]]]] {
    let nodes = folded.nodes.count
    var sums = folded.far.map { _ in Matrix(rows: combinations.columns, columns: 3 * nodes) }
    try forEachBatch { range, values in
      var part = Matrix(rows: range.count, columns: combinations.columns)
      for (position, weight) in range.enumerated() {
        for k in 0..<combinations.columns { part[position, k] = combinations[weight, k] }
      }
      for sample in folded.far.indices {
        guard let values = values[sample] else { continue }
        let added = try part.transposeMultiplied(by: try Matrix(values))
        for k in 0..<combinations.columns { for i in 0..<3 * nodes { sums[sample][k, i] += added[k, i] } }
      }
    }
    return (0..<combinations.columns).map { k in
      sums.map { sum in
        let row = sum.row(k)
        return (0..<3).map { folded.onGrid(Array(row[$0 * nodes..<($0 + 1) * nodes])) }
      }
    }
  }

  /// Calls `body` with the node values, shape [far samples][weights of the batch][3 · nodes], of one batch after another;
  /// nil for a sample the weights do not act on.
  private func forEachBatch(_ body: (Range<Int>, [[[Double]]?]) throws -> Void) throws {
    let points = folded.nodes.invariants()
    for start in stride(from: 0, to: weights, by: Self.batch) {
      let range = start..<min(start + Self.batch, weights)
      var known: [Reaction: [[Double]]] = [:]
      let values = try folded.far.map { far -> [[Double]]? in
        let reaction = far.sample.reaction
        if let same = known[reaction] { return same }
        guard
          let functions = try model.basis(ofGroup: group, weights: range, reaction: reaction, at: points)
        else { return nil }
        let tensor = LeptonTensor(reaction.species)
        let values = functions.map { tensor.nodeValues(of: $0, at: points).flatMap { $0 } }
        known[reaction] = values
        return values
      }
      try body(range, values)
    }
  }
}

extension FoldedStudy {
  /// Values at the active nodes on the whole grid, zero elsewhere.
  func onGrid(_ active: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: grid.count)
    for (position, index) in nodes.gridIndices.enumerated() { values[index] = active[position] }
    return values
  }

  /// Mean flux of the species of a far sample in each cell before oscillation, shape [cells]; for a species the beam
  /// hardly has, that of all flavours of its helicity that may oscillate into it.
  func unoscillatedWeights(_ sample: FoldedSample) -> [Double] {
    var sum = [Double](repeating: 0, count: averaging.energies.count)
    for (_, density) in sample.flux.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      for i in sum.indices { sum[i] += density[i] }
    }
    return averaging.means(of: sum)
  }
}

extension CellResponse {
  /// Rate of all bins in each cell, shape [cells].
  func cellTotals(weights: [Double]) -> [Double] {
    (0..<cells.count).map { cell in
      weights[cell] * values[cell * binCount..<(cell + 1) * binCount].reduce(0, +)
    }
  }

  /// Rates in the bins from a range of cells, shape [bins].
  func rates(weights: [Double], cells: Range<Int>) -> [Double] {
    var rates = [Double](repeating: 0, count: binCount)
    for cell in cells where weights[cell] != 0 {
      for bin in 0..<binCount { rates[bin] += weights[cell] * values[cell * binCount + bin] }
    }
    return rates
  }
}
