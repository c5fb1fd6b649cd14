import NuTuneCore
import NuTuneNumerics

/// The near data of one helicity and how they depend on the modulations: y = y̅ + Σ_j X_j φ-weights, in all bins of all
/// samples of the helicity one after the other.
struct NearDesign {
  /// Prediction of W̄ in each bin, each sample scaled to sum one, shape [bins].
  let mean: [Double]
  /// Measured probabilities, shape [bins].
  let data: [Double]
  /// Events behind each bin's sample.
  let events: [Double]
  /// Response of the bins to g_j at the nodes, scaled as ``mean``, shape [bins × nodes] for each j.
  let responses: [Matrix]
  /// Samples after the first: their scale relative to it is free; one column for each, shape [bins].
  let scales: [[Double]]
  /// The nodes.
  let nodes: InvariantPoints

  /// Number of bins.
  var binCount: Int { data.count }

  init(_ samples: [TuningSample], nodes: InvariantPoints, theory: ModulatedTheory, infiniteEvents: Double, threads: Int)
    throws
  {
    self.nodes = nodes
    var (mean, data, events) = ([Double](), [Double](), [Double]())
    var rows: [[Double]] = [[Double]](repeating: [], count: theory.count)
    var scales: [[Double]] = []
    let bins = samples.map(\.nodeOperator.binCount)
    for (index, sample) in samples.enumerated() {
      let reaction = sample.sample.reaction
      let tensor = LeptonTensor(reaction.species)
      let fields = try theory.fields(of: reaction, at: nodes)
      let prediction = Self.rates(sample.nodeOperator, tensor.nodeValues(of: fields.mean, at: nodes), threads: threads)
      let total = prediction.reduce(0, +)
      guard total.isFinite, total > 0 else {
        throw NuTuneError(
          .runtime, key: "prior", found: "a near-detector rate of \(total)", expected: "a positive, finite rate")
      }
      let share = prediction.map { $0 / total }
      mean += share
      data += sample.probabilities
      events += [Double](repeating: sample.events ?? infiniteEvents, count: share.count)
      if index > 0 {
        let before = bins[..<index].reduce(0, +)
        let after = bins[(index + 1)...].reduce(0, +)
        // (1 + s) y = y̅ + X g: with the measured y on the right-hand side it stays linear in s and g together.
        scales.append(
          [Double](repeating: 0, count: before) + sample.probabilities.map { -$0 }
            + [Double](repeating: 0, count: after))
      }
      let values = fields.scales.map { tensor.nodeValues(of: $0, at: nodes) }
      for bin in 0..<sample.nodeOperator.binCount {
        let coefficients = Self.coefficients(sample.nodeOperator, bin: bin, threads: threads)
        for j in values.indices {
          rows[j] += (0..<nodes.count).map { node in
            (coefficients[node] * values[j][0][node] + coefficients[nodes.count + node] * values[j][1][node]
              + coefficients[2 * nodes.count + node] * values[j][2][node]) / total
          }
        }
      }
    }
    (self.mean, self.data, self.events, self.scales) = (mean, data, events, scales)
    let count = data.count
    responses = try rows.map { try Matrix(rows: count, columns: nodes.count, elements: $0) }
  }

  private static func rates(_ nodeOperator: any NodeOperator, _ values: [[Double]], threads: Int) -> [Double] {
    var rates = [Double](repeating: 0, count: nodeOperator.binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      values.flatMap { $0 }.withUnsafeBufferPointer { nodeOperator.apply($0, rates: rates, threads: threads) }
    }
    return rates
  }

  /// The row of an operator that belongs to a bin, shape [3 · nodes].
  private static func coefficients(_ nodeOperator: any NodeOperator, bin: Int, threads: Int) -> [Double] {
    var unit = [Double](repeating: 0, count: nodeOperator.binCount)
    unit[bin] = 1
    var values = [Double](repeating: 0, count: 3 * nodeOperator.nodeCount)
    values.withUnsafeMutableBufferPointer { values in
      unit.withUnsafeBufferPointer { nodeOperator.applyTranspose($0, values: values, threads: threads) }
    }
    return values
  }

  /// The design matrix of the whitened weights, shape [bins × weights]: basis functions of g₁, those of g₂, …, then the
  /// scales of samples.
  func matrix(basis: KernelBasis, mixing: Matrix, threads: Int) throws -> Matrix {
    let values = try basis.values(at: nodes)
    let parts = try Parallel.map(responses.count, threads: threads) { try responses[$0].multiplied(by: values) }
    let weights = responses.count * basis.count + scales.count
    var design = Matrix(rows: binCount, columns: weights)
    for k in responses.indices {
      for j in k..<responses.count where mixing[j, k] != 0 {
        for bin in 0..<binCount {
          for index in 0..<basis.count { design[bin, k * basis.count + index] += mixing[j, k] * parts[j][bin, index] }
        }
      }
    }
    for (index, scale) in scales.enumerated() {
      for bin in 0..<binCount { design[bin, responses.count * basis.count + index] = scale[bin] }
    }
    return design
  }
}
