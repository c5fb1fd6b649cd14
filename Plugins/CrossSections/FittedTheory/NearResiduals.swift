import NuTuneCore
import NuTuneNumerics

/// The near data as residuals of predicted rates, with −2lnL their sum of squares: whitened differences of values with
/// a covariance (``ResidualTerm``), and the signed roots of the deviance of counts (``DevianceResidual``).
package struct NearResiduals: Sendable {
  /// What is compared in a sample.
  private enum Comparison: Sendable {
    /// Numbers of events, shape [bins], for rates times a normalization; nil for shapes, whose scale is free.
    case counts([Double], normalization: Double?)
    case values(any ResidualTerm)
  }

  /// One near sample.
  private struct NearSample: Sendable {
    let name: String
    /// What it is a sum of, at least one: the index of a mixture of reactions, and the operator on its node values.
    let components: [(mixture: Int, nodeOperator: any NodeOperator)]
    let comparison: Comparison
    /// −2lnL = 2 · scale · loss.
    let scale: Double
  }

  /// A nucleus of a detector.
  fileprivate struct Part: Sendable, Hashable {
    let reaction: Reaction
    let share: Double
  }

  private let samples: [NearSample]
  /// The nuclei of each detector, as reactions with their shares of the nucleons.
  private let mixtures: [[Part]]
  private let nodes: InvariantPoints

  /// Rates below this share of a sample's are rounding of the interpolation between nodes, and are held there.
  private static let leastRate = 1e-11

  /// Residuals of the samples of a problem.
  ///
  /// - Parameter infiniteEvents: events that infinite statistics count as.
  package init(_ problem: TuningProblem, infiniteEvents: Double) throws {
    nodes = problem.nodes
    var mixtures: [[Part]] = []
    samples = try problem.samples.map { sample in
      let components = sample.components.map { component in
        let mixture = sample.reactions(like: component.reaction).map { Part(reaction: $0.reaction, share: $0.share) }
        if !mixtures.contains(mixture) { mixtures.append(mixture) }
        return (mixture: mixtures.firstIndex(of: mixture) ?? 0, nodeOperator: component.nodeOperator)
      }
      let comparison: Comparison
      var scale = sample.events ?? infiniteEvents
      switch sample.term {
      case let term as any ResidualTerm: (comparison, scale) = (.values(term), term.scale)
      case let term as PoissonTerm:
        (comparison, scale) = (.counts(term.counts, normalization: term.normalization), term.scale)
      case nil, is ShapeTerm:
        comparison = .counts(sample.probabilities.map { [scale] in $0 * scale }, normalization: nil)
      case let other?:
        throw NuTuneError(
          .badData, key: sample.sample.name, found: "a likelihood of the type \(type(of: other))",
          expected: "shapes, numbers of events, or values with a covariance")
      }
      return NearSample(
        name: sample.sample.name, components: components, comparison: comparison, scale: scale)
    }
    self.mixtures = mixtures
  }

  /// Names of the samples.
  var names: [String] { samples.map(\.name) }

  /// Computes the node values of a model for each mixture of nuclei, shape [mixtures][3 · nodes].
  package func nodeValues(of model: any StructureFunctionModel) throws -> [[Double]] {
    try nodeValues(of: model.structureFunctions(of:at:))
  }

  /// Computes the node values of structure functions for each mixture of nuclei, shape [mixtures][3 · nodes].
  func nodeValues(of functions: AdjustableTheory.Functions) throws -> [[Double]] {
    func values(_ part: Part) throws -> [Double] {
      LeptonTensor(part.reaction.species)
        .nodeValues(of: try functions(part.reaction, nodes), at: nodes).flatMap { $0 }
    }
    return try mixtures.map { parts in
      guard parts.count > 1 || parts[0].share != 1 else { return try values(parts[0]) }
      var sum = [Double](repeating: 0, count: 3 * nodes.count)
      for part in parts { for (node, value) in try values(part).enumerated() { sum[node] += part.share * value } }
      return sum
    }
  }

  /// Computes the rates of every sample from node values, shape [samples][bins].
  package func rates(_ nodeValues: [[Double]]) -> [[Double]] {
    samples.map { sample in
      let components = sample.components.map { mixture, nodeOperator in
        var rates = [Double](repeating: 0, count: nodeOperator.binCount)
        rates.withUnsafeMutableBufferPointer { rates in
          nodeValues[mixture].withUnsafeBufferPointer { nodeOperator.apply($0, rates: rates, threads: 1) }
        }
        return rates
      }
      return components.dropFirst().reduce(components[0]) { zip($0, $1).map { $0 + $1 } }
    }
  }

  /// What tells the data of one fit from those of another.
  struct Identity: Hashable, Sendable {
    fileprivate let nodes: [[Double]]
    fileprivate let mixtures: [[Part]]
    fileprivate let names: [String]
    fileprivate let places: [[Int]]
    fileprivate let scales: [Double]
    fileprivate let rates: [[Double]]
    fileprivate let residuals: [[Double]]
  }

  /// Returns what tells these data from others.
  ///
  /// An operator is known by the rates that it makes of numbers drawn at random, the same in every fit, and the data of a
  /// sample with their likelihood by the residuals of these rates: others give other numbers, but for a coincidence in every
  /// digit of every bin.
  func identity() throws -> Identity {
    let stream = try RandomStream(seed: 1, purpose: "near-residuals-identity")
    let values = (0..<(3 * nodes.count)).map { _ in stream.uniform() }
    let rates = rates([[Double]](repeating: values, count: mixtures.count))
    return Identity(
      nodes: [nodes.omega, nodes.q2], mixtures: mixtures, names: names,
      places: samples.map { $0.components.map(\.mixture) },
      scales: samples.map(\.scale), rates: rates,
      residuals: try residuals(of: rates.map { $0.map(abs) }).map(\.values))
  }

  /// Residuals of one sample.
  package struct SampleResiduals: Sendable {
    /// r, shape [residuals].
    package var values: [Double]
    /// ∂r/∂η, shape [residuals × parameters].
    package var jacobian: Matrix
    /// A, of which AᵀA is the expected information of the data on η, shape [residuals × parameters].
    package var design: Matrix
  }

  /// Computes the residuals of each sample with their derivatives.
  ///
  /// - Parameters:
  ///   - rates: shape [samples][bins].
  ///   - slopes: derivatives of the rates, shape [parameters][samples][bins]; empty for values alone.
  package func residuals(of rates: [[Double]], slopes: [[[Double]]] = []) throws -> [SampleResiduals] {
    try samples.indices.map { index in
      let (sample, found) = (samples[index], rates[index])
      let sum = found.reduce(0) { $0 + max($1, 0) }
      guard sum > 0, sum.isFinite else {
        throw NuTuneError(
          .runtime, key: sample.name, found: "a near-detector rate of \(sum) in all bins",
          expected: "a positive, finite rate")
      }
      let least = Self.leastRate * sum
      let held = found.map { max($0, least) }
      let changes = slopes.map { slope in zip(slope[index], found).map { $1 > least ? $0 : 0 } }
      switch sample.comparison {
      case .counts(let counts, let normalization):
        return Self.ofCounts(counts, normalization: normalization, held, changes)
      case .values(let term):
        let residuals = try term.residuals(of: held)
        var jacobian = Matrix(rows: residuals.values.count, columns: changes.count)
        for (column, change) in changes.enumerated() {
          for (row, value) in try residuals.jacobian.multiplied(by: change).enumerated() {
            jacobian[row, column] = value
          }
        }
        return SampleResiduals(values: residuals.values, jacobian: jacobian, design: jacobian)
      }
    }
  }

  private static func ofCounts(_ counts: [Double], normalization: Double?, _ rates: [Double], _ changes: [[Double]])
    -> SampleResiduals
  {
    let total = rates.reduce(0, +)
    // The scale of a shape is free: its expected events add up to the observed ones.
    let factor = normalization ?? counts.reduce(0, +) / total
    var result = SampleResiduals(
      values: [], jacobian: Matrix(rows: counts.count, columns: changes.count),
      design: Matrix(rows: counts.count, columns: changes.count))
    let sums = changes.map { normalization == nil ? $0.reduce(0, +) / total : 0 }
    for (bin, rate) in rates.enumerated() {
      let expected = factor * rate
      let residual = DevianceResidual(events: counts[bin], expected: expected)
      result.values.append(residual.value)
      for (column, change) in changes.enumerated() {
        let slope = factor * change[bin] - expected * sums[column]
        result.jacobian[bin, column] = residual.slope * slope
        result.design[bin, column] = slope / expected.squareRoot()
      }
    }
    return result
  }

  /// Computes the mean loss, −2lnL/(2 · scale), weighted as ``TuningProblem/sampleWeights``.
  func loss(_ residuals: [SampleResiduals], weights: [Double]) -> Double {
    zip(zip(samples, residuals), weights).reduce(0) { sum, sample in
      sum + sample.1 * sample.0.1.values.reduce(0) { $0 + $1 * $1 } / (2 * sample.0.0.scale)
    }
  }
}
