import NuTuneCore
import NuTuneResults
import NuTuneStatistics

extension ModelComparison {
  /// Data of a near sample, and the rates of a model in its bins.
  typealias NearSample = (data: SampleData, rates: [Double])

  /// The near dataset that data belong to; of a sum its first component.
  func nearDataset(_ data: SampleData) -> FoldedDataset? { folded.near.first { $0.dataset.measuredAs == data.name } }

  /// Near samples as they are measured, with the rates of a model.
  ///
  /// - Parameters:
  ///   - places: of near datasets, those of a sum all together.
  ///   - rates: of all near datasets, shape [near datasets][bins].
  func measured(_ places: [Int], _ rates: [[Double]]) -> [NearSample] {
    let truth = analysis.truth?.nearRates()
    return MeasuredVector.samples(of: places.map { folded.near[$0] }).map { members in
      let parts = members.map { places[$0] }
      let dataset = folded.near[parts[0]].dataset
      guard dataset.isComponent else { return (nearData[parts[0]], rates[parts[0]]) }
      return (
        SampleData.sum(
          parts.map { nearData[$0] }, named: dataset.measuredAs,
          truth: truth.map { truth in sum(parts.map { truth[$0] }) }),
        sum(parts.map { rates[$0] })
      )
    }
  }

  /// The near samples of a vector as one whose bins follow one another.
  func joined(_ vector: [NearSample]) -> NearSample {
    vector.count == 1
      ? vector[0] : (SampleData.joining(vector.map(\.data), named: name(of: vector)), vector.flatMap(\.rates))
  }

  /// Some near samples, those that are compared together as one vector of data each.
  func vectors(_ samples: [NearSample]) -> [[NearSample]] {
    let known = samples.compactMap { sample in nearDataset(sample.data).map { (sample, $0) } }
    return MeasuredVector.indices(of: known.map(\.1)).map { $0.map { known[$0].0 } }
  }

  /// What the samples of a vector are called together.
  func name(of vector: [NearSample]) -> String {
    Sample.together(vector.compactMap { nearDataset($0.data)?.dataset.measuredSample }).name
  }

  /// The term of a vector of values with a covariance; nil for counts.
  ///
  /// - Parameter weighted: whether χ² counts as often as in what models minimise; once, with the published errors, otherwise.
  func residualTerm(_ vector: [NearSample], weighted: Bool) throws -> (any ResidualTerm)? {
    let near = vector.compactMap { sample in
      nearDataset(sample.data).map { (folded: weighted ? $0 : $0.asPublished, data: sample.data) }
    }
    guard let first = near.first, first.folded.dataset.statistic.comparesValues else { return nil }
    return try analysis.term(comparing: near) as? any ResidualTerm
  }

  /// −2lnL of rates of a vector: χ² for values with a covariance, the multinomial deviance of counts.
  ///
  /// - Parameter weighted: whether χ² counts as often as in what models minimise.
  func deviance(_ vector: [NearSample], weighted: Bool) throws -> Double {
    if let term = try residualTerm(vector, weighted: weighted) {
      let rates = vector.flatMap(\.rates)
      return try term.renewed(with: rates).minusTwoLogLikelihood(of: rates).value
    }
    let (data, rates) = joined(vector)
    return try FiguresOfMerit.deviance(
      counts: data.probabilities.map { $0 * (data.events ?? 1) }, probabilities: rates)
  }

  /// χ² of rates of a vector with the errors that were published, which counts the pulls of a flux that is fitted, and its term;
  /// nil for counts.
  ///
  /// - Parameter weighted: whether the pulls are those of a fit in which χ² has its weights.
  func publishedChiSquare(
    _ vector: [NearSample], weighted: Bool
  ) throws -> (term: any ResidualTerm, value: Double, fluxPulls: [Double]?)? {
    let rates = vector.flatMap(\.rates)
    guard let term = try residualTerm(vector, weighted: false)?.renewed(with: rates) else { return nil }
    let hasWeight = vector.contains { nearDataset($0.data).map { $0.dataset.weight != 1 } ?? false }
    if weighted, hasWeight, let fitted = try residualTerm(vector, weighted: true)?.renewed(with: rates),
      let pulls = try Self.fluxPulls(fitted, rates)
    {
      let value = try Self.chiSquare(term, rates, flux: pulls)
      return (term, pulls.reduce(value) { $0 + $1 * $1 }, pulls)
    }
    return (term, try term.minusTwoLogLikelihood(of: rates).value, try Self.fluxPulls(term, rates))
  }

  /// How rates compare with samples that share errors; nil where none do.
  ///
  /// - Parameter weighted: whether flux pulls are those of a fit in which χ² has its weights.
  func jointComparisons(_ samples: [NearSample], weighted: Bool) throws -> [JointComparison]? {
    let comparisons = try vectors(samples).filter { $0.count > 1 }.compactMap { vector -> JointComparison? in
      guard let found = try publishedChiSquare(vector, weighted: weighted) else { return nil }
      return JointComparison(
        samples: vector.map(\.data.name),
        measurements: vector.compactMap { nearDataset($0.data)?.measurement },
        chiSquare: found.value, residuals: found.term.residualCount, fluxPulls: found.fluxPulls)
    }
    return comparisons.isEmpty ? nil : comparisons
  }

  /// One sentence for every near dataset that shares errors with some that a model learned from, but is not one of them.
  ///
  /// - Parameters:
  ///   - others: places of datasets that the model did not learn from.
  ///   - learned: places of those that it learned from.
  func correlationWarnings(of others: [Int], besides learned: [Int]) -> [String] {
    others.compactMap { other in
      let near = ([other] + learned).map { folded.near[$0] }
      let sharing = MeasuredVector.indices(of: near)[0].dropFirst().map { near[$0].measurement }
      guard !sharing.isEmpty else { return nil }
      return
        "\(near[0].measurement) shares errors with \(sharing.joined(separator: ", ")), which the model learned from: "
        + "errors and p value of the comparison are those of independent data; what the correlation adds is said beside it, "
        + "given the part that was learned"
    }
  }

  /// The flux components that go best with rates; nil for a term without.
  static func fluxPulls(_ term: any ResidualTerm, _ rates: [Double]) throws -> [Double]? {
    if let smeared = term as? SmearedTerm {
      return try fluxPulls(smeared.term, SmearedTerm.smeared(rates, by: smeared.smearing))
    }
    return try (term as? FluxComponentTerm)?.pulls(of: rates)
  }

  /// χ² of rates with the flux shifted by given pulls, without what the pulls cost.
  static func chiSquare(_ term: any ResidualTerm, _ rates: [Double], flux pulls: [Double]) throws -> Double {
    switch term {
    case let term as SmearedTerm:
      return try chiSquare(term.term, SmearedTerm.smeared(rates, by: term.smearing), flux: pulls)
    case let term as FluxComponentTerm:
      let shifted = term.shifted(rates, by: pulls)
      return try term.term.renewed(with: shifted).minusTwoLogLikelihood(of: shifted).value
    default: return try term.renewed(with: rates).minusTwoLogLikelihood(of: rates).value
    }
  }
}

extension FoldedDataset {
  /// Name of the measurement, or of the part of it.
  var measurement: String { sample.position.isEmpty ? sample.name : sample.position }
}
