import NuTuneCore
import NuTuneNumerics

/// The near data of one neutrino sign and the dependence of their prediction on the modulations g_j at the nodes, in
/// all bins of all samples of the neutrino sign one after the other.
struct NearDesign: Sendable {
  /// One near sample.
  struct NearSample: Sendable {
    let tensor: LeptonTensor
    let fields: PositiveTheory.Fields
    /// Data as numbers of events, shape [bins].
    let counts: [Double]
    /// Their sum.
    let events: Double
    /// Index of each bin's first entry and of the end, shape [bins + 1].
    let starts: [Int]
    /// Node of each entry, ascending in a bin.
    let nodes: [Int32]
    /// Coefficients of a, b and c of each entry, shape [3 · entries].
    let coefficients: [Double]

    var binCount: Int { counts.count }
  }

  let theory: PositiveTheory
  let samples: [NearSample]
  let nodes: InvariantPoints
  private let threads: Int

  /// Rates below this share of a sample's are rounding of the interpolation between nodes; they are set to that share,
  /// and do not constrain the structure functions.
  static let leastRate = 1e-11

  init(
    _ samples: [TuningSample], nodes: InvariantPoints, theory: PositiveTheory, infiniteEvents: Double, threads: Int
  ) throws {
    self.theory = theory
    self.nodes = nodes
    self.threads = threads
    self.samples = try samples.map { sample in
      let reaction = sample.sample.reaction
      let events = sample.events ?? infiniteEvents
      let rows = Parallel.map(sample.nodeOperator.binCount, threads: threads) { bin in
        Self.row(of: bin, sample.nodeOperator)
      }
      var starts = [0]
      for row in rows { starts.append(starts[starts.count - 1] + row.nodes.count) }
      return NearSample(
        tensor: LeptonTensor(reaction.species), fields: try theory.fields(of: reaction, at: nodes),
        counts: sample.probabilities.map { $0 * events }, events: events, starts: starts,
        nodes: rows.flatMap(\.nodes), coefficients: rows.flatMap(\.coefficients))
    }
  }

  /// Returns the coefficients with which an operator maps the nodes to one bin.
  private static func row(of bin: Int, _ nodeOperator: any NodeOperator) -> (nodes: [Int32], coefficients: [Double]) {
    var unit = [Double](repeating: 0, count: nodeOperator.binCount)
    unit[bin] = 1
    let count = nodeOperator.nodeCount
    var values = [Double](repeating: 0, count: 3 * count)
    values.withUnsafeMutableBufferPointer { values in
      unit.withUnsafeBufferPointer { nodeOperator.applyTranspose($0, values: values, threads: 1) }
    }
    var (nodes, coefficients): ([Int32], [Double]) = ([], [])
    for node in 0..<count {
      let (a, b, c) = (values[node], values[count + node], values[2 * count + node])
      guard a != 0 || b != 0 || c != 0 else { continue }
      nodes.append(Int32(node))
      coefficients += [a, b, c]
    }
    return (nodes, coefficients)
  }

  /// Returns the same design with data of at most so many events in each sample, in the same shape.
  func counting(atMost most: Double) -> NearDesign {
    NearDesign(
      theory: theory,
      samples: samples.map { sample in
        let factor = min(1, most / sample.events)
        return NearSample(
          tensor: sample.tensor, fields: sample.fields, counts: sample.counts.map { $0 * factor },
          events: sample.events * factor, starts: sample.starts, nodes: sample.nodes,
          coefficients: sample.coefficients)
      }, nodes: nodes, threads: threads)
  }

  private init(theory: PositiveTheory, samples: [NearSample], nodes: InvariantPoints, threads: Int) {
    (self.theory, self.samples, self.nodes, self.threads) = (theory, samples, nodes, threads)
  }

  /// Number of bins of all samples.
  var binCount: Int { samples.reduce(0) { $0 + $1.binCount } }

  /// Computes the expected events in the bins of a sample, shape [bins], for modulations at the nodes, shape
  /// [functions][nodes]; each sample has a free normalisation, so they add up to the observed events.
  func expected(_ sample: NearSample, modulations: [[Double]]) -> [Double] {
    let values = sample.tensor.nodeValues(
      of: theory.functions(sample.fields, modulations: modulations), at: nodes)
    return Self.scaled(Self.rates(sample, values), to: sample.events)
  }

  private static func scaled(_ rates: [Double], to events: Double) -> [Double] {
    let least = leastRate * rates.reduce(0, +)
    let held = rates.map { max($0, least) }
    let factor = events / held.reduce(0, +)
    return held.map { $0 * factor }
  }

  /// Computes Σ entries coefficient · value, shape [bins], for node values, shape [3][nodes].
  private static func rates(_ sample: NearSample, _ values: [[Double]]) -> [Double] {
    (0..<sample.binCount).map { bin in
      var sum = 0.0
      for entry in sample.starts[bin]..<sample.starts[bin + 1] {
        let node = Int(sample.nodes[entry])
        sum +=
          sample.coefficients[3 * entry] * values[0][node] + sample.coefficients[3 * entry + 1] * values[1][node]
          + sample.coefficients[3 * entry + 2] * values[2][node]
      }
      return sum
    }
  }

  /// Computes the relative change of the probability of every bin per unit of each weight, times √(expected events):
  /// the whitened design A with AᵀA the expected information of multinomial data, and the pulls (n − ν)/√ν of the bins.
  ///
  /// - Returns: A, shape [bins × weights], and pulls, shape [bins].
  func whitened(modulations: [[Double]], basis: KernelBasis, mixing: Matrix, _ factors: (t: Matrix, u: Matrix)) throws
    -> (design: Matrix, pulls: [Double])
  {
    let rowLength = theory.count * basis.count
    let places = RowPlaces(factors)
    var (elements, pulls): ([Double], [Double]) = ([], [])
    elements.reserveCapacity(binCount * rowLength)
    for sample in samples {
      let (expected, slopes, isReached) = linearised(sample, modulations)
      var rows = Parallel.map(sample.binCount, threads: threads) { bin in
        isReached[bin]
          ? places.row(of: bin, in: sample, slopes: slopes, mixing: mixing)
          : [Double](repeating: 0, count: rowLength)
      }
      // Each row is the change of the rate of a bin, in units of events; the scale of the sample is free.
      var mean = [Double](repeating: 0, count: rowLength)
      for row in rows { for weight in mean.indices { mean[weight] += row[weight] } }
      for bin in rows.indices {
        let root = expected[bin].squareRoot()
        let share = isReached[bin] ? expected[bin] / sample.events : 0
        for weight in mean.indices { rows[bin][weight] = (rows[bin][weight] - share * mean[weight]) / root }
        elements += rows[bin]
        pulls.append((sample.counts[bin] - expected[bin]) / root)
      }
    }
    return (try Matrix(rows: binCount, columns: rowLength, elements: elements), pulls)
  }

  /// Computes the whitened change of the bins for a change of g by the given functions, shape [bins].
  func whitenedChange(along change: [[Double]], modulations: [[Double]]) -> [Double] {
    samples.flatMap { sample -> [Double] in
      let (expected, slopes, isReached) = linearised(sample, modulations)
      var values = [[Double]](repeating: [Double](repeating: 0, count: nodes.count), count: 3)
      for i in 0..<nodes.count {
        for j in change.indices {
          for row in 0..<3 { values[row][i] += slopes[3 * (i * change.count + j) + row] * change[j][i] }
        }
      }
      let changes = zip(Self.rates(sample, values), isReached).map { $1 ? $0 : 0 }
      let total = changes.reduce(0, +)
      return expected.indices.map { bin in
        guard isReached[bin] else { return 0 }
        return (changes[bin] - expected[bin] / sample.events * total) / expected[bin].squareRoot()
      }
    }
  }

  /// Computes expected events, the slopes of the node values with respect to each g_j in those units, shape [nodes ×
  /// functions × 3], and whether the rate of a bin is more than rounding.
  private func linearised(_ sample: NearSample, _ modulations: [[Double]]) -> (
    expected: [Double], slopes: [Double], isReached: [Bool]
  ) {
    let values = sample.tensor.nodeValues(
      of: theory.functions(sample.fields, modulations: modulations), at: nodes)
    let rates = Self.rates(sample, values)
    let total = rates.reduce(0, +)
    let expected = Self.scaled(rates, to: sample.events)
    let factor = sample.events / total
    let count = theory.count
    var slopes = [Double](repeating: 0, count: 3 * count * nodes.count)
    for (j, slope) in theory.derivatives(sample.fields, modulations: modulations).enumerated() {
      for (row, values) in sample.tensor.nodeValues(of: slope, at: nodes).enumerated() {
        for (i, value) in values.enumerated() { slopes[3 * (i * count + j) + row] = factor * value }
      }
    }
    return (expected, slopes, rates.map { $0 > 10 * Self.leastRate * total })
  }
}

/// The basis functions at the nodes, arranged for sums over the nodes of a bin: nodes of a row of the grid follow one
/// another and share t, so the sum over u comes first and the sum over t once for each row.
private struct RowPlaces {
  let onT: Matrix
  let onU: Matrix

  init(_ factors: (t: Matrix, u: Matrix)) { (onT, onU) = (factors.t, factors.u) }

  /// Computes Σ_nodes (coefficient · slope_j) φ for the weights of all functions, mixed; shape [functions · basis].
  func row(of bin: Int, in sample: NearDesign.NearSample, slopes: [Double], mixing: Matrix) -> [Double] {
    let (tCount, uCount) = (onT.columns, onU.columns)
    let functions = mixing.rows
    let size = tCount * uCount
    var parts = [Double](repeating: 0, count: functions * size)
    var inner = [Double](repeating: 0, count: functions * uCount)
    let entries = sample.starts[bin]..<sample.starts[bin + 1]
    onT.elements.withUnsafeBufferPointer { onT in
      onU.elements.withUnsafeBufferPointer { onU in
        sample.nodes.withUnsafeBufferPointer { nodes in
          sample.coefficients.withUnsafeBufferPointer { coefficients in
            slopes.withUnsafeBufferPointer { slopes in
              parts.withUnsafeMutableBufferPointer { parts in
                inner.withUnsafeMutableBufferPointer { inner in
                  guard let parts = parts.baseAddress, let inner = inner.baseAddress else { return }
                  var rowNode = -1
                  for entry in entries {
                    let node = Int(nodes[entry])
                    if rowNode < 0 || !isSameRow(onT, node, rowNode, tCount) {
                      if rowNode >= 0 { Self.flush(inner, onT, rowNode, tCount, uCount, functions, into: parts) }
                      rowNode = node
                    }
                    for j in 0..<functions {
                      let slope = 3 * (node * functions + j)
                      let value =
                        coefficients[3 * entry] * slopes[slope] + coefficients[3 * entry + 1] * slopes[slope + 1]
                        + coefficients[3 * entry + 2] * slopes[slope + 2]
                      let sums = inner + j * uCount
                      for b in 0..<uCount { sums[b] += value * onU[node * uCount + b] }
                    }
                  }
                  if rowNode >= 0 { Self.flush(inner, onT, rowNode, tCount, uCount, functions, into: parts) }
                }
              }
            }
          }
        }
      }
    }
    var row = [Double](repeating: 0, count: functions * size)
    for k in 0..<functions {
      for j in k..<functions where mixing[j, k] != 0 {
        let factor = mixing[j, k]
        for index in 0..<size { row[k * size + index] += factor * parts[j * size + index] }
      }
    }
    return row
  }

  /// Adds φ_t of a row times the sums over u to the parts of all functions, and empties the sums.
  private static func flush(
    _ inner: UnsafeMutablePointer<Double>, _ onT: UnsafeBufferPointer<Double>, _ row: Int, _ tCount: Int,
    _ uCount: Int, _ functions: Int, into parts: UnsafeMutablePointer<Double>
  ) {
    for j in 0..<functions {
      let sums = inner + j * uCount
      for a in 0..<tCount {
        let factor = onT[row * tCount + a]
        let target = parts + (j * tCount + a) * uCount
        for b in 0..<uCount { target[b] += factor * sums[b] }
      }
      for b in 0..<uCount { sums[b] = 0 }
    }
  }

  /// Whether two nodes have the same t up to rounding.
  private func isSameRow(_ onT: UnsafeBufferPointer<Double>, _ a: Int, _ b: Int, _ count: Int) -> Bool {
    for k in 0..<count where abs(onT[a * count + k] - onT[b * count + k]) > 1e-9 { return false }
    return true
  }
}
