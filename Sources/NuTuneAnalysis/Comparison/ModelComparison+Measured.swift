import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// What is known of the predictions of a model, by name of a sample of measured values.
  struct Knowledge {
    /// Covariance of the predicted values, shape [bins × bins]; none for a model that does not know its error.
    var covariances: [String: Matrix] = [:]
    /// Share of the prediction that the data learned from do not constrain; none where they do not say.
    var uncovered: [String: Double] = [:]
  }

  /// How rates compare with each sample of measured cross sections; nil where there is none.
  func measuredComparisons(_ samples: [NearSample], _ knowledge: Knowledge) throws -> [MeasuredComparison]? {
    var found: [String: MeasuredComparison] = [:]
    for vector in vectors(samples) where nearDataset(vector[0].data)?.dataset.observation.isMeasured ?? false {
      let folded = vector.compactMap { nearDataset($0.data) }
      guard let whole = try residualTerm(vector) else { continue }
      let rates = vector.flatMap(\.rates)
      let shared = vector.count > 1 ? try Self.fluxPulls(whole.renewed(with: rates), rates) : nil
      for (index, sample) in vector.enumerated() {
        let own =
          vector.count == 1
          ? whole : try MeasuredVector(folded).part(index).term(comparedWith: [sample.data]) { 1 }
        found[sample.data.name] = try comparison(sample, own, sharing: shared, folded[index], knowledge)
      }
    }
    return found.isEmpty ? nil : samples.compactMap { found[$0.data.name] }
  }

  private func comparison(
    _ sample: NearSample, _ term: any ResidualTerm, sharing pulls: [Double]?, _ folded: FoldedDataset,
    _ knowledge: Knowledge
  ) throws -> MeasuredComparison {
    let (data, rates) = sample
    let used = try term.renewed(with: rates)
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
      chiSquare: try pulls.map { try Self.chiSquare(term, rates, flux: $0) }
        ?? used.minusTwoLogLikelihood(of: rates).value,
      plain: try plain.minusTwoLogLikelihood(of: predicted).value,
      plainOfZero: try plain.minusTwoLogLikelihood(of: predicted.map { _ in 0 }).value,
      residuals: used.residualCount, rank: used.whitening.rank, threshold: used.whitening.threshold,
      ratio: predicted.reduce(0, +) / total)
    comparison.measurement = folded.measurement
    // A plain χ² may compare values whose sum or its variance is not positive.
    comparison.normShape = try? NormShapeTerm(measured).minusTwoLogLikelihood(of: predicted).value
    comparison.hasCorrelations = prediction.hasCorrelations
    comparison.fluxPulls = try pulls ?? Self.fluxPulls(used, rates)
    comparison.uncovered = knowledge.uncovered[data.name]
    comparison.predictive = try prediction.agreement(
      experiments: comparison.normShape == nil ? 0 : analysis.options.pseudoExperiments,
      seed: analysis.options.dataSeed,
      threads: self.folded.threads)
    return comparison
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
