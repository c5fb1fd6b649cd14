import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// The near dataset that data belong to.
  func nearDataset(_ data: SampleData) -> FoldedDataset? { folded.near.first { $0.sample.name == data.name } }

  /// The term of near data that are values with a covariance; nil for counts.
  func residualTerm(_ data: SampleData) throws -> (any ResidualTerm)? {
    guard let folded = nearDataset(data), folded.dataset.statistic.comparesValues else { return nil }
    return try folded.term(comparedWith: data, unit: try analysis.unit(near: true)) as? any ResidualTerm
  }

  /// What is known of the predictions of a model, by name of a sample of measured values.
  struct Knowledge {
    /// Covariance of the predicted values, shape [bins × bins]; none for a model that does not know its error.
    var covariances: [String: Matrix] = [:]
    /// Share of the prediction that the data learned from do not constrain; none where they do not say.
    var uncovered: [String: Double] = [:]
  }

  /// How rates compare with each sample of measured cross sections; nil where there is none.
  func measuredComparisons(
    _ samples: [(data: SampleData, rates: [Double])], _ knowledge: Knowledge
  ) throws -> [MeasuredComparison]? {
    let comparisons = try samples.compactMap { sample -> MeasuredComparison? in
      guard let folded = nearDataset(sample.data), folded.dataset.observation.isMeasured,
        let term = try residualTerm(sample.data)
      else { return nil }
      return try comparison(sample.data, sample.rates, term.renewed(with: sample.rates), folded, knowledge)
    }
    return comparisons.isEmpty ? nil : comparisons
  }

  private func comparison(
    _ data: SampleData, _ rates: [Double], _ used: any ResidualTerm, _ folded: FoldedDataset, _ knowledge: Knowledge
  ) throws -> MeasuredComparison {
    let observation = folded.dataset.observation
    let measured = try MeasuredValues(
      values: data.contents, covariance: observation.covariance, threshold: observation.threshold, sample: data.name)
    let plain = try GaussianTerm(measured)
    let predicted = try values(of: folded, rates)
    let prediction = try MeasuredPrediction(
      measured, predicted: predicted, covariance: knowledge.covariances[data.name],
      multiplicative: observation.multiplicative)
    let total = data.contents.reduce(0, +)
    var comparison = MeasuredComparison(
      sample: data.name, statistic: folded.dataset.statistic.rawValue,
      chiSquare: try used.minusTwoLogLikelihood(of: rates).value,
      plain: try plain.minusTwoLogLikelihood(of: predicted).value,
      plainOfZero: try plain.minusTwoLogLikelihood(of: predicted.map { _ in 0 }).value,
      residuals: used.residualCount, rank: used.whitening.rank, threshold: used.whitening.threshold,
      ratio: predicted.reduce(0, +) / total)
    comparison.measurement = folded.sample.position.isEmpty ? data.name : folded.sample.position
    // A plain χ² may compare values whose sum or its variance is not positive.
    comparison.normShape = try? NormShapeTerm(measured).minusTwoLogLikelihood(of: predicted).value
    comparison.hasCorrelations = prediction.hasCorrelations
    comparison.fluxPulls = try Self.fluxPulls(used, rates)
    comparison.uncovered = knowledge.uncovered[data.name]
    comparison.predictive = try prediction.agreement(
      experiments: comparison.normShape == nil ? 0 : analysis.options.pseudoExperiments,
      seed: analysis.options.dataSeed,
      threads: self.folded.threads)
    return comparison
  }

  /// The flux components that go best with rates; nil for a term without.
  private static func fluxPulls(_ term: any ResidualTerm, _ rates: [Double]) throws -> [Double]? {
    if let smeared = term as? SmearedTerm {
      return try fluxPulls(smeared.term, SmearedTerm.smeared(rates, by: smeared.smearing))
    }
    return try (term as? FluxComponentTerm)?.pulls(of: rates)
  }

  /// Predicted values of a measured dataset in 10⁻³⁸ cm² per nucleon, shape [bins].
  private func values(of folded: FoldedDataset, _ rates: [Double]) throws -> [Double] {
    let integral = try folded.fluxIntegral()
    return folded.comparable(rates).map { $0 / integral }
  }

  /// Covariances of the values that a model predicts for each measured near sample, P = E F Fᵀ Eᵀ with E the effect of
  /// its weights and F Fᵀ their posterior covariance, by name; none for a model that does not know its error.
  func covariances(of model: any CrossSectionModel) throws -> [String: Matrix] {
    let measured = folded.near.indices.filter { folded.near[$0].dataset.observation.isMeasured }
    guard let gaussian = model as? any GaussianModel, !measured.isEmpty, !gaussian.weightGroups.isEmpty else {
      return [:]
    }
    let datasets = measured.map { folded.near[$0] }
    let scales = try datasets.map { dataset in
      [Double](repeating: try 1 / dataset.fluxIntegral(), count: dataset.sample.binning.count)
    }
    var covariances: [String: Matrix] = [:]
    for (index, group) in gaussian.weightGroups.enumerated() {
      let basis = WeightBasis(model: gaussian, group: index, weights: group.count, folded: folded)
      let spread = try basis.effects(
        on: datasets, operators: measured.map { folded.nearOperators[$0] }, scales: scales
      ).multiplied(by: group.factor)
      var first = 0
      for (dataset, scale) in zip(datasets, scales) {
        var own = try Matrix((first..<first + scale.count).map { spread.row($0) })
        first += scale.count
        if let smearing = dataset.dataset.observation.smearing { own = try smearing.multiplied(by: own) }
        var sum = try own.transposed.gram()
        if let others = covariances[dataset.sample.name] {
          for i in 0..<sum.rows { for j in 0..<sum.columns { sum[i, j] += others[i, j] } }
        }
        covariances[dataset.sample.name] = sum
      }
    }
    return covariances
  }

  /// Adds what a model predicts for measured near samples with its scale and its error.
  func addAbsolute(
    _ nearRates: [[Double]], _ knowledge: Knowledge, label: String, to predictions: inout Predictions
  ) throws {
    for (index, near) in folded.near.enumerated() where near.dataset.observation.isMeasured {
      let total = nearData[index].contents.reduce(0, +)
      var prediction = Predictions.AbsolutePrediction(
        bins: try values(of: near, nearRates[index]).map { $0 / total })
      if let covariance = knowledge.covariances[near.sample.name] {
        func error(_ bins: [Int]) -> Double {
          let variance = bins.reduce(0.0) { sum, i in bins.reduce(sum) { $0 + covariance[i, $1] } }
          return max(variance, 0).squareRoot() / abs(total)
        }
        prediction.uncertainty = Predictions.Uncertainty(
          bins: (0..<covariance.rows).map { error([$0]) },
          marginals: near.sample.binning.marginals.map { $0.bins.map(error) })
      }
      predictions.samples[index].absolute = (predictions.samples[index].absolute ?? [:]).merging(
        [label: prediction]) { $1 }
    }
  }
}
