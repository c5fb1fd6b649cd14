import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// The basis functions of one group of weights of a model, as the far datasets of a forward model see them.
struct WeightBasis {
  let model: any GaussianModel
  let group: Int
  package let weights: Int
  let folded: ForwardModel

  /// Weights that are worked on at a time.
  private static let batch = 64

  /// Effect of a unit of each weight on the far rates of every sample and operator, times the scale of the bin; shape
  /// [samples · operators · bins × weights].
  func farEffects(operators: [[CollapsedFold]], scales: [[Double]]) throws -> Matrix {
    try effects(on: folded.far, operators: operators, scales: scales)
  }

  /// Effect of a unit of each weight on the rates of some datasets, as ``farEffects(operators:scales:)``.
  func effects(on datasets: [FoldedDataset], operators: [[CollapsedFold]], scales: [[Double]]) throws -> Matrix {
    let rows = zip(operators, scales).reduce(0) { $0 + $1.0.count * $1.1.count }
    var effects = Matrix(rows: rows, columns: weights)
    try forEachBatch(of: datasets) { range, values in
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

  /// Effect of a unit of each weight on the rates of some datasets, times the scale of the bin, bin by bin; shape
  /// [datasets · bins × weights]. With as many weights as a Gaussian process has, the slopes of every bin are many times
  /// cheaper than the effect of every weight, which is what other models give.
  func effects(on datasets: [FoldedDataset], operators: [CollapsedFold], scales: [[Double]]) throws -> Matrix {
    var rows: [[Double]] = []
    for index in datasets.indices {
      guard let ofBins = try slopes(of: datasets[index], operators[index], scales: scales[index]) else {
        return try effects(on: datasets, operators: operators.map { [$0] }, scales: scales)
      }
      rows += ofBins
    }
    return try Matrix(rows)
  }

  /// Slopes of the rates of a dataset with respect to each weight, shape [bins][weights]; nil for a model that gives basis
  /// functions alone.
  private func slopes(of dataset: FoldedDataset, _ fold: CollapsedFold, scales: [Double]) throws -> [[Double]]? {
    let points = folded.nodes.invariants()
    let size = max(1, (fold.binCount + folded.threads - 1) / folded.threads)
    let parts = try Parallel.map((fold.binCount + size - 1) / size, threads: folded.threads) { part -> Matrix? in
      let bins = part * size..<min((part + 1) * size, fold.binCount)
      var sum = Matrix(rows: bins.count, columns: weights)
      for (reaction, share) in dataset.dataset.reactions {
        let tensor = LeptonTensor(reaction.species)
        let functionals = bins.map { bin in
          var unit = [Double](repeating: 0, count: fold.binCount)
          unit[bin] = share * scales[bin]
          var coefficients = [Double](repeating: 0, count: 3 * fold.nodeCount)
          coefficients.withUnsafeMutableBufferPointer { coefficients in
            unit.withUnsafeBufferPointer { fold.applyTranspose($0, values: coefficients, threads: 1) }
          }
          return tensor.functional(ofNodeValues: coefficients, at: points)
        }
        guard let slopes = try model.slopes(ofGroup: group, of: functionals, reaction: reaction, at: points) else {
          return nil
        }
        for i in 0..<sum.rows { for j in 0..<sum.columns { sum[i, j] += slopes[i, j] } }
      }
      return sum
    }
    var rows: [[Double]] = []
    for part in parts {
      guard let part else { return nil }
      rows += (0..<part.rows).map { part.row($0) }
    }
    return rows
  }

  /// Changes of the sums of rates of some datasets along combinations of the weights, one per column of `combinations`;
  /// shape [datasets × combinations].
  func totalChanges(of datasets: [FoldedDataset], operators: [CollapsedFold], along combinations: Matrix) throws
    -> Matrix
  {
    var changes = Matrix(rows: datasets.count, columns: weights)
    try forEachBatch(of: datasets) { range, values in
      for (dataset, fold) in operators.enumerated() {
        guard let values = values[dataset] else { continue }
        for (position, weight) in range.enumerated() {
          var rates = [Double](repeating: 0, count: fold.binCount)
          rates.withUnsafeMutableBufferPointer { rates in
            values[position].withUnsafeBufferPointer { fold.apply($0, rates: rates, threads: 1) }
          }
          changes[dataset, weight] = rates.reduce(0, +)
        }
      }
    }
    return try changes.multiplied(by: combinations)
  }

  /// Slopes of the sums of rates of some datasets with respect to each weight, shape [datasets × weights].
  ///
  /// - Parameter operators: of the datasets, from node values to the rates of their bins.
  func totalSlopes(of datasets: [FoldedDataset], operators: [CollapsedFold]) throws -> Matrix {
    let sums = operators.map { fold in
      let ones = [Double](repeating: 1, count: fold.binCount)
      var values = [Double](repeating: 0, count: 3 * fold.nodeCount)
      values.withUnsafeMutableBufferPointer { values in
        ones.withUnsafeBufferPointer { fold.applyTranspose($0, values: values, threads: folded.threads) }
      }
      return values
    }
    var slopes = Matrix(rows: datasets.count, columns: weights)
    try forEachBatch(of: datasets) { range, values in
      for (dataset, sum) in sums.enumerated() {
        guard let values = values[dataset] else { continue }
        for (position, weight) in range.enumerated() {
          slopes[dataset, weight] = zip(sum, values[position]).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    return slopes
  }

  /// Node values along some combinations of the weights, one per column of `combinations`; shape
  /// [combinations][far samples][3][grid nodes].
  func nodeValues(along combinations: Matrix) throws -> [[[[Double]]]] {
    let nodes = folded.nodes.count
    var sums = folded.far.map { _ in Matrix(rows: combinations.columns, columns: 3 * nodes) }
    try forEachBatch(of: folded.far) { range, values in
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

  /// Calls `body` with the node values, shape [datasets][weights of the batch][3 · nodes], of one batch after another; nil
  /// for a dataset the weights do not act on.
  private func forEachBatch(
    of datasets: [FoldedDataset], _ body: (Range<Int>, [[[Double]]?]) throws -> Void
  ) throws {
    let points = folded.nodes.invariants()
    for start in stride(from: 0, to: weights, by: Self.batch) {
      let range = start..<min(start + Self.batch, weights)
      var known: [Reaction: [[Double]]] = [:]
      func values(_ reaction: Reaction) throws -> [[Double]]? {
        if let same = known[reaction] { return same }
        guard
          let functions = try model.basis(ofGroup: group, weights: range, reaction: reaction, at: points)
        else { return nil }
        let tensor = LeptonTensor(reaction.species)
        let values = functions.map { tensor.nodeValues(of: $0, at: points).flatMap { $0 } }
        known[reaction] = values
        return values
      }
      let all = try datasets.map { far -> [[Double]]? in
        let parts = try far.dataset.reactions.compactMap { part in try values(part.reaction).map { ($0, part.share) } }
        guard let first = parts.first else { return nil }
        if parts.count == 1, first.1 == 1 { return first.0 }
        return first.0.indices.map { weight in
          first.0[weight].indices.map { node in parts.reduce(0) { $0 + $1.1 * $1.0[weight][node] } }
        }
      }
      try body(range, all)
    }
  }
}

extension ForwardModel {
  /// Values at the active nodes on the whole grid, zero elsewhere.
  func onGrid(_ active: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: grid.count)
    for (position, index) in nodes.gridIndices.enumerated() { values[index] = active[position] }
    return values
  }

  /// Mean flux of the species of a far sample in each cell before oscillation, shape [cells]; for a species the beam
  /// hardly has, that of all flavours of its helicity that may oscillate into it.
  func unoscillatedWeights(_ sample: FoldedDataset) -> [Double] {
    var sum = [Double](repeating: 0, count: averaging.energies.count)
    for (_, density) in sample.flux.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      for i in sum.indices { sum[i] += density[i] }
    }
    return averaging.means(of: sum)
  }
}
