import NuTuneCore
import NuTuneResults

extension ModelComparison {
  /// The near dataset that data belong to.
  func nearDataset(_ data: SampleData) -> FoldedDataset? { folded.near.first { $0.sample.name == data.name } }

  /// The term of near data that are values with a covariance; nil for counts.
  func residualTerm(_ data: SampleData) throws -> (any ResidualTerm)? {
    guard let folded = nearDataset(data), folded.dataset.statistic.comparesValues else { return nil }
    return try folded.term(comparedWith: data, unit: try analysis.unit(near: true)) as? any ResidualTerm
  }

  /// How rates compare with each sample of measured cross sections; nil where there is none.
  func measuredComparisons(_ samples: [(data: SampleData, rates: [Double])]) throws -> [MeasuredComparison]? {
    let comparisons = try samples.compactMap { sample -> MeasuredComparison? in
      guard let folded = nearDataset(sample.data), folded.dataset.observation.isMeasured,
        let term = try residualTerm(sample.data)
      else { return nil }
      let used = try term.renewed(with: sample.rates)
      let plain = try GaussianTerm(
        try MeasuredValues(
          values: sample.data.contents, covariance: folded.dataset.observation.covariance,
          threshold: folded.dataset.observation.threshold, sample: sample.data.name))
      let integral = try folded.fluxIntegral()
      let predicted = folded.comparable(sample.rates).map { $0 / integral }
      return MeasuredComparison(
        sample: sample.data.name, statistic: folded.dataset.statistic.rawValue,
        chiSquare: try used.minusTwoLogLikelihood(of: sample.rates).value,
        plain: try plain.minusTwoLogLikelihood(of: predicted).value,
        plainOfZero: try plain.minusTwoLogLikelihood(of: predicted.map { _ in 0 }).value,
        residuals: used.residualCount, rank: used.whitening.rank, threshold: used.whitening.threshold,
        ratio: predicted.reduce(0, +) / sample.data.contents.reduce(0, +))
    }
    return comparisons.isEmpty ? nil : comparisons
  }
}
