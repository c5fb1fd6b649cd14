import NuTuneCore
import NuTuneNumerics

/// The near data of one neutrino sign and the dependence of their prediction on the modulations g_j at the nodes, in
/// all bins of all samples of the neutrino sign one after the other.
struct NearDesign: Sendable {
  /// One near sample.
  struct NearSample: Sendable {
    let name: String
    let tensor: LeptonTensor
    /// The nuclei of the detector with their shares of the nucleons. The modulations g are common to all of them.
    let nuclei: [(fields: PositiveTheory.Fields, share: Double)]
    /// What compares absolute rates with the data; nil for the shape of ``counts``.
    let term: (any LikelihoodTerm)?
    /// Factor of −2lnL of the term, below one where a search starts with data that say less.
    var strength = 1.0
    /// Data as numbers of events, shape [bins]; empty for a term.
    var counts: [Double]
    /// Their sum; for a term the number of events behind it, zero for measured values.
    var events: Double
    /// Index of each bin's first entry and of the end, shape [bins + 1].
    let starts: [Int]
    /// Node of each entry, ascending in a bin.
    let nodes: [Int32]
    /// Coefficients of a, b and c of each entry, shape [3 · entries].
    let coefficients: [Double]
    /// From node values to the derivatives of the rates with respect to response parameters; empty for a sample that
    /// follows none.
    var responseSlopes: [any NodeOperator] = []

    var binCount: Int { starts.count - 1 }
    /// Number of rows of the whitened design: of bins, or of residuals of a term.
    var rowCount: Int { (term as? any ResidualTerm)?.residualCount ?? binCount }
  }

  let theory: PositiveTheory
  let samples: [NearSample]
  let nodes: InvariantPoints
  let threads: Int

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
      let term = try Self.absoluteTerm(of: sample)
      let events = sample.events ?? infiniteEvents
      let rows = Parallel.map(sample.nodeOperator.binCount, threads: threads) { bin in
        Self.row(of: bin, sample.nodeOperator)
      }
      var starts = [0]
      for row in rows { starts.append(starts[starts.count - 1] + row.nodes.count) }
      return NearSample(
        name: sample.sample.name, tensor: LeptonTensor(sample.sample.reaction.species),
        nuclei: try sample.reactions.map { (try theory.fields(of: $0.reaction, at: nodes), $0.share) }, term: term,
        counts: term == nil ? sample.probabilities.map { $0 * events } : [],
        events: term.map { ($0 as? PoissonTerm)?.scale ?? 0 } ?? events, starts: starts,
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
    with(
      samples.map { $0.events > 0 ? $0.weakened(by: min(1, most / $0.events)) : $0 })
  }

  /// Returns the same design with other samples.
  func with(_ samples: [NearSample]) -> NearDesign {
    NearDesign(theory: theory, samples: samples, nodes: nodes, threads: threads)
  }

  private init(theory: PositiveTheory, samples: [NearSample], nodes: InvariantPoints, threads: Int) {
    (self.theory, self.samples, self.nodes, self.threads) = (theory, samples, nodes, threads)
  }

  /// Number of rows of the whitened design, of all samples.
  var rowCount: Int { samples.reduce(0) { $0 + $1.rowCount } }
  /// Whether data of a sample are more than a shape.
  var hasTerms: Bool { samples.contains { $0.term != nil } }

  /// Computes the expected events in the bins of a sample, shape [bins], for modulations at the nodes, shape
  /// [functions][nodes]; each sample has a free normalisation, so they add up to the observed events.
  func expected(_ sample: NearSample, modulations: [[Double]]) -> [Double] {
    Self.scaled(rates(sample, modulations: modulations), to: sample.events)
  }

  /// Computes the rates in the bins of a sample as the operator gives them, shape [bins].
  private func rates(_ sample: NearSample, modulations: [[Double]]) -> [Double] {
    let functions = Self.sum(sample.nuclei.map { (theory.functions($0.fields, modulations: modulations), $0.share) })
    return Self.rates(sample, sample.tensor.nodeValues(of: functions, at: nodes))
  }

  /// Computes the sum of the rates of a sample in the unit of the operator.
  func total(of sample: NearSample, modulations: [[Double]]) -> Double {
    rates(sample, modulations: modulations).reduce(0, +)
  }

  /// Computes the rates in the bins of a sample in the unit of the operator, none below rounding, shape [bins].
  func heldRates(_ sample: NearSample, modulations: [[Double]]) -> [Double] {
    Self.held(rates(sample, modulations: modulations))
  }

  private static func held(_ rates: [Double]) -> [Double] {
    let least = leastRate * rates.reduce(0, +)
    return rates.map { max($0, least) }
  }

  private static func scaled(_ rates: [Double], to events: Double) -> [Double] {
    let held = held(rates)
    let factor = events / held.reduce(0, +)
    return held.map { $0 * factor }
  }

  /// Adds structure functions of nuclei with their shares.
  static func sum(_ nuclei: [(functions: StructureFunctions, share: Double)]) -> StructureFunctions {
    if nuclei.count == 1, nuclei[0].share == 1 { return nuclei[0].functions }
    var sum = StructureFunctions(count: nuclei[0].functions.count)
    for nucleus in nuclei {
      for index in 0..<5 {
        for point in 0..<sum.count { sum.w[index][point] += nucleus.share * nucleus.functions.w[index][point] }
      }
    }
    return sum
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

  /// Computes the whitened design A with AᵀA the expected information of the data, and their pulls.
  ///
  /// For multinomial data, A is the relative change of the probability of every bin per unit of each weight times
  /// √(expected events), and the pulls are (n − ν)/√ν. For a term see ``LinearisedTerm``.
  ///
  /// - Returns: A, shape [rows × weights], and pulls, shape [rows].
  func whitened(modulations: [[Double]], basis: KernelBasis, mixing: Matrix, _ factors: (t: Matrix, u: Matrix)) throws
    -> (design: Matrix, pulls: [Double])
  {
    let rowLength = theory.count * basis.count
    let places = RowPlaces(factors)
    var (elements, pulls): ([Double], [Double]) = ([], [])
    elements.reserveCapacity(rowCount * rowLength)
    for sample in samples {
      let (rates, slopes, isReached) = linearised(sample, modulations)
      var rows = Parallel.map(sample.binCount, threads: threads) { bin in
        isReached[bin]
          ? places.row(of: bin, in: sample, slopes: slopes, mixing: mixing)
          : [Double](repeating: 0, count: rowLength)
      }
      if let term = sample.term {
        let linearised = try LinearisedTerm(term, at: rates, strength: sample.strength)
        elements += try linearised.pullChanges(Matrix(rows)).elements
        pulls += linearised.pulls
        continue
      }
      // Each row is the change of the rate of a bin, in units of events; the scale of the sample is free.
      var mean = [Double](repeating: 0, count: rowLength)
      for row in rows { for weight in mean.indices { mean[weight] += row[weight] } }
      for bin in rows.indices {
        let root = rates[bin].squareRoot()
        let share = isReached[bin] ? rates[bin] / sample.events : 0
        for weight in mean.indices { rows[bin][weight] = (rows[bin][weight] - share * mean[weight]) / root }
        elements += rows[bin]
        pulls.append((sample.counts[bin] - rates[bin]) / root)
      }
    }
    return (try Matrix(rows: rowCount, columns: rowLength, elements: elements), pulls)
  }

  /// Computes the whitened change of the data for a change of g by the given functions, shape [rows].
  func whitenedChange(along change: [[Double]], modulations: [[Double]]) throws -> [Double] {
    try samples.flatMap { sample -> [Double] in
      let (expected, slopes, isReached) = linearised(sample, modulations)
      var values = [[Double]](repeating: [Double](repeating: 0, count: nodes.count), count: 3)
      for i in 0..<nodes.count {
        for j in change.indices {
          for row in 0..<3 { values[row][i] += slopes[3 * (i * change.count + j) + row] * change[j][i] }
        }
      }
      let changes = zip(Self.rates(sample, values), isReached).map { $1 ? $0 : 0 }
      if let term = sample.term {
        return try LinearisedTerm(term, at: expected, strength: sample.strength).pullChange(changes)
      }
      let total = changes.reduce(0, +)
      return expected.indices.map { bin in
        guard isReached[bin] else { return 0 }
        return (changes[bin] - expected[bin] / sample.events * total) / expected[bin].squareRoot()
      }
    }
  }

  /// Computes expected events (rates for a term), the slopes of the node values with respect to each g_j in those
  /// units, shape [nodes × functions × 3], and whether the rate of a bin is more than rounding.
  func linearised(_ sample: NearSample, _ modulations: [[Double]]) -> (
    expected: [Double], slopes: [Double], isReached: [Bool]
  ) {
    let rates = rates(sample, modulations: modulations)
    let total = rates.reduce(0, +)
    let expected = sample.term == nil ? Self.scaled(rates, to: sample.events) : Self.held(rates)
    let factor = sample.term == nil ? sample.events / total : 1
    let count = theory.count
    var slopes = [Double](repeating: 0, count: 3 * count * nodes.count)
    let ofNuclei = sample.nuclei.map { (theory.derivatives($0.fields, modulations: modulations), $0.share) }
    for j in 0..<count {
      let slope = Self.sum(ofNuclei.map { ($0.0[j], $0.1) })
      for (row, values) in sample.tensor.nodeValues(of: slope, at: nodes).enumerated() {
        for (i, value) in values.enumerated() { slopes[3 * (i * count + j) + row] = factor * value }
      }
    }
    return (expected, slopes, rates.map { $0 > 10 * Self.leastRate * total })
  }
}

extension NearDesign {
  /// The term that compares the absolute rates of a sample with its data; nil where shapes are compared.
  private static func absoluteTerm(of sample: TuningSample) throws -> (any LikelihoodTerm)? {
    switch sample.term {
    case nil, is ShapeTerm: return nil
    case let term where term is PoissonTerm || term is any ResidualTerm: return term
    case let term?:
      throw NuTuneError(
        .badData, key: sample.sample.name, found: "data that a \(type(of: term)) compares",
        expected: "shapes, numbers of events, or values with a covariance")
    }
  }

  /// −lnL of absolute rates at the modulations; infinite where they make no likelihood.
  func misfit(_ sample: NearSample, _ term: any LikelihoodTerm, modulations: [[Double]]) -> Double {
    guard let found = try? term.minusTwoLogLikelihood(of: heldRates(sample, modulations: modulations)),
      found.value.isFinite
    else { return .infinity }
    return 0.5 * sample.strength * found.value
  }
}

extension NearDesign.NearSample {
  /// The same data that say less: a share of the events, or −2lnL of a term times that share.
  func weakened(by factor: Double) -> NearDesign.NearSample {
    var weak = self
    if term != nil { weak.strength *= factor }
    weak.counts = counts.map { $0 * factor }
    weak.events *= factor
    return weak
  }
}
