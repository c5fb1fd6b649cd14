import NuTuneCore
import NuTuneNumerics

/// The near data of one neutrino sign, or of several whose sums are measured, and the dependence of their prediction on the
/// modulations g_j at the nodes, in all bins of all samples one after the other.
struct NearDesign: Sendable {
  /// The neutrinos of one species in a near sample.
  struct NearComponent: Sendable {
    /// Whose modulations it follows, by the place among those of the design.
    let nucleus: Int
    /// The node values as functions of the modulations, which are common to all nuclei of the detector.
    let modulated: ModulatedNodes
    /// From node values to the rates of the bins.
    let nodeOperator: any NodeOperator
    /// Index of each bin's first entry and of the end, shape [bins + 1].
    let starts: [Int]
    /// Node of each entry, ascending in a bin.
    let nodes: [Int32]
    /// Coefficients of a, b and c of each entry, shape [3 · entries].
    let coefficients: [Double]
  }

  /// One near sample.
  struct NearSample: Sendable {
    let name: String
    /// Neutrinos of every species, of which only the sum is measured; at least one.
    let components: [NearComponent]
    /// What compares absolute rates with the data; nil for the shape of ``counts``.
    let term: (any LikelihoodTerm)?
    /// Factor of −2lnL of the term, below one where a search starts with data that say less.
    var strength = 1.0
    /// Data as numbers of events, shape [bins]; empty for a term.
    var counts: [Double]
    /// Their sum; for a term the number of events behind it, zero for measured values.
    var events: Double
    /// From node values to the derivatives of the rates with respect to response parameters, of a sample of one component;
    /// empty for a sample that follows none.
    var responseSlopes: [any NodeOperator] = []

    var binCount: Int { components[0].nodeOperator.binCount }
    /// Number of rows of the whitened design: of bins, or of residuals of a term.
    var rowCount: Int { (term as? any ResidualTerm)?.residualCount ?? binCount }
  }

  /// Number of modulations of each nucleus.
  let functions: [Int]
  let samples: [NearSample]
  let nodes: InvariantPoints
  let threads: Int

  /// Rates below this share of a sample's are rounding of the interpolation between nodes; they are set to that share,
  /// and do not constrain the structure functions.
  static let leastRate = 1e-11

  /// Reads the operators of some samples.
  ///
  /// - Parameters:
  ///   - samples: the near data.
  ///   - nuclei: those of all components of the samples, with what their modulations multiply.
  ///   - nodes: of the fold.
  ///   - infiniteEvents: what infinitely many events count as.
  ///   - threads: number of threads.
  init(
    _ samples: [TuningSample], of nuclei: [(nucleus: LearnedNucleus, theory: PositiveTheory)], nodes: InvariantPoints,
    infiniteEvents: Double, threads: Int
  ) throws {
    functions = nuclei.map(\.theory.count)
    self.nodes = nodes
    self.threads = threads
    self.samples = try samples.map { sample in
      let term = try Self.absoluteTerm(of: sample)
      let events = sample.events ?? infiniteEvents
      let components = try sample.components.map { component in
        guard let index = nuclei.firstIndex(where: { $0.nucleus.serves(component.reaction) }) else {
          throw NuTuneError(
            .internalError, key: sample.sample.name, found: "no modulations of \(component.reaction.species.rawValue)",
            expected: "some for every component")
        }
        let theory = nuclei[index].theory
        let modulated = ModulatedNodes(
          theory,
          try sample.reactions(like: component.reaction).map {
            (try theory.fields(of: $0.reaction, at: nodes), $0.share)
          }, tensor: LeptonTensor(component.reaction.species), at: nodes)
        return Self.component(index, modulated, component.nodeOperator, threads: threads)
      }
      return NearSample(
        name: sample.sample.name, components: components, term: term,
        counts: term == nil ? sample.probabilities.map { $0 * events } : [],
        events: term.map { ($0 as? PoissonTerm)?.scale ?? 0 } ?? events)
    }
  }

  /// Reads the coefficients of an operator, bin by bin.
  private static func component(
    _ nucleus: Int, _ modulated: ModulatedNodes, _ nodeOperator: any NodeOperator, threads: Int
  ) -> NearComponent {
    let rows = Parallel.map(nodeOperator.binCount, threads: threads) { row(of: $0, nodeOperator) }
    var starts = [0]
    for row in rows { starts.append(starts[starts.count - 1] + row.nodes.count) }
    return NearComponent(
      nucleus: nucleus, modulated: modulated, nodeOperator: nodeOperator, starts: starts, nodes: rows.flatMap(\.nodes),
      coefficients: rows.flatMap(\.coefficients))
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
    NearDesign(functions: functions, samples: samples, nodes: nodes, threads: threads)
  }

  private init(functions: [Int], samples: [NearSample], nodes: InvariantPoints, threads: Int) {
    (self.functions, self.samples, self.nodes, self.threads) = (functions, samples, nodes, threads)
  }

  /// Number of rows of the whitened design, of all samples.
  var rowCount: Int { samples.reduce(0) { $0 + $1.rowCount } }
  /// Whether data of a sample are more than a shape.
  var hasTerms: Bool { samples.contains { $0.term != nil } }

  /// Computes the expected events in the bins of a sample, shape [bins], for modulations at the nodes, shape
  /// [nuclei][functions][nodes]; each sample has a free normalisation, so they add up to the observed events.
  func expected(_ sample: NearSample, modulations: [[[Double]]]) -> [Double] {
    Self.scaled(rates(sample, modulations: modulations), to: sample.events)
  }

  /// Computes the rates in the bins of a sample as the operators of its components give them, shape [bins].
  private func rates(_ sample: NearSample, modulations: [[[Double]]]) -> [Double] {
    let ofComponents = sample.components.map { rates($0.nodeOperator, $0.modulated.values(modulations[$0.nucleus])) }
    return ofComponents.dropFirst().reduce(ofComponents[0]) { zip($0, $1).map(+) }
  }

  /// Computes what an operator makes of node values of shape [3][nodes]; shape [bins].
  func rates(_ nodeOperator: any NodeOperator, _ values: [Double]) -> [Double] {
    var rates = [Double](repeating: 0, count: nodeOperator.binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { nodeOperator.apply($0, rates: rates, threads: threads) }
    }
    return rates
  }

  /// Computes the rates in the bins of a sample in the unit of the operator, none below rounding, shape [bins].
  func heldRates(_ sample: NearSample, modulations: [[[Double]]]) -> [Double] {
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

  /// Computes the whitened design A with AᵀA the expected information of the data, and their pulls.
  ///
  /// For multinomial data, A is the relative change of the probability of every bin per unit of each weight times
  /// √(expected events), and the pulls are (n − ν)/√ν. For a term see ``LinearisedTerm``.
  ///
  /// - Returns: A, shape [rows × weights], and pulls, shape [rows].
  func whitened(modulations: [[[Double]]], _ basis: JointBasis) throws -> (design: Matrix, pulls: [Double]) {
    var (elements, pulls): ([Double], [Double]) = ([], [])
    elements.reserveCapacity(rowCount * basis.weightCount)
    for sample in samples {
      let linearised = try linearised(sample, modulations)
      let slopes = basis.slopes(of: sample, modulations, unit: linearised.unit)
      let rows = try Parallel.map(sample.binCount, threads: threads) { bin in
        try linearised.isReached[bin]
          ? basis.row(of: bin, in: sample, slopes: slopes) : [Double](repeating: 0, count: basis.weightCount)
      }
      elements += try linearised.term.pullChanges(Matrix(rows)).elements
      pulls += linearised.term.pulls
    }
    return (try Matrix(rows: rowCount, columns: basis.weightCount, elements: elements), pulls)
  }

  /// A sample near some modulations.
  struct LinearisedSample {
    let term: LinearisedTerm
    /// Factor from the unit of the operator to that of the changes of the term: events for a shape.
    let unit: Double
    /// Whether the rate of a bin is more than rounding.
    let isReached: [Bool]
  }

  /// Expands the likelihood of a sample.
  func linearised(_ sample: NearSample, _ modulations: [[[Double]]]) throws -> LinearisedSample {
    let rates = rates(sample, modulations: modulations)
    let total = rates.reduce(0, +)
    let isReached = rates.map { $0 > 10 * Self.leastRate * total }
    if let term = sample.term {
      return LinearisedSample(
        term: try LinearisedTerm(term, at: Self.held(rates), strength: sample.strength), unit: 1, isReached: isReached)
    }
    return LinearisedSample(
      term: LinearisedTerm(
        shapeOf: sample.counts, expected: Self.scaled(rates, to: sample.events), isReached: isReached),
      unit: sample.events / total, isReached: isReached)
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
  func misfit(_ sample: NearSample, _ term: any LikelihoodTerm, modulations: [[[Double]]]) -> Double {
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
