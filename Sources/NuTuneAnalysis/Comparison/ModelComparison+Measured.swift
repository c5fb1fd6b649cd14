import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneResults

extension ModelComparison {
  /// What is known of the predictions of a model, by name of a sample of measured values.
  struct Knowledge {
    /// Effect of each group of weights in the directions of its posterior, E F with E the effect of the weights on the predicted
    /// values and F Fᵀ their covariance, shape [bins × directions] each; none for a model that does not know its error.
    var spreads: [String: [Matrix]] = [:]
    /// Share of the prediction that the data learned from do not constrain; none where they do not say.
    var uncovered: [String: Double] = [:]
    /// What the model learned from, or was asked to.
    var learned: [NearSample] = []

    /// Covariance of the predicted values of a sample, P = E F Fᵀ Eᵀ, shape [bins × bins]; nil for a model that does not
    /// know its error.
    func covariance(of sample: String) throws -> Matrix? { try spreads[sample].map(ModelComparison.covariance) }
  }

  /// How rates compare with each sample of measured cross sections, with the errors that were published; nil where there is none.
  ///
  /// - Parameter weighted: whether the model minimised χ² of these samples with their weights, which flux pulls follow.
  func measuredComparisons(
    _ samples: [NearSample], _ knowledge: Knowledge, weighted: Bool
  ) throws -> [MeasuredComparison]? {
    var found: [String: MeasuredComparison] = [:]
    for vector in vectors(samples) where nearDataset(vector[0].data)?.dataset.observation.isMeasured ?? false {
      let folded = vector.compactMap { nearDataset($0.data) }
      guard let whole = try publishedChiSquare(vector, weighted: weighted) else { continue }
      for (index, sample) in vector.enumerated() {
        var (term, chiSquare) = (whole.term, whole.value)
        if vector.count > 1 {
          term = try MeasuredVector(folded.map(\.asPublished)).part(index).term(comparedWith: [sample.data]) { 1 }
            .renewed(with: sample.rates)
          chiSquare = try Self.chiSquare(term, sample.rates, flux: whole.fluxPulls ?? [])
        }
        var comparison = try comparison(sample, term, chiSquare: chiSquare, folded[index], knowledge)
        comparison.fluxPulls = whole.fluxPulls
        let weight = weighted ? folded[index].dataset.weight : 1
        comparison.weight = weight == 1 ? nil : weight
        found[sample.data.name] = comparison
      }
    }
    return found.isEmpty ? nil : samples.compactMap { found[$0.data.name] }
  }

  private func comparison(
    _ sample: NearSample, _ term: any ResidualTerm, chiSquare: Double, _ folded: FoldedDataset, _ knowledge: Knowledge
  ) throws -> MeasuredComparison {
    let (data, rates) = sample
    let observation = folded.dataset.observation
    let measured = try MeasuredValues(
      values: data.contents, covariance: observation.covariance, threshold: observation.threshold, sample: data.name)
    let plain = try GaussianTerm(measured)
    let predicted = try values(of: folded, rates)
    let prediction = try MeasuredPrediction(
      measured, predicted: predicted, covariance: try knowledge.covariance(of: data.name),
      multiplicative: observation.multiplicative)
    let total = data.contents.reduce(0, +)
    var comparison = MeasuredComparison(
      sample: data.name, statistic: folded.dataset.statistic.rawValue,
      chiSquare: chiSquare,
      plain: try plain.minusTwoLogLikelihood(of: predicted).value,
      plainOfZero: try plain.minusTwoLogLikelihood(of: predicted.map { _ in 0 }).value,
      residuals: term.residualCount, rank: term.whitening.rank, threshold: term.whitening.threshold,
      ratio: predicted.reduce(0, +) / total)
    comparison.measurement = folded.measurement
    // A plain χ² may compare values whose sum or its variance is not positive.
    comparison.normShape = try? NormShapeTerm(measured).minusTwoLogLikelihood(of: predicted).value
    comparison.hasCorrelations = prediction.hasCorrelations
    comparison.uncovered = knowledge.uncovered[data.name]
    let experiments = comparison.normShape == nil ? 0 : analysis.options.pseudoExperiments
    comparison.predictive = try prediction.agreement(
      experiments: experiments, seed: analysis.options.dataSeed, threads: self.folded.threads)
    comparison.givenLearned = try comparisonGivenLearned(prediction, folded, knowledge, experiments: experiments)
    return comparison
  }

  /// The comparison of a part of a measurement given the misfit of those parts of it that the model learned from; nil where there
  /// are none.
  private func comparisonGivenLearned(
    _ prediction: MeasuredPrediction, _ folded: FoldedDataset, _ knowledge: Knowledge, experiments: Int
  ) throws -> ConditionalComparison? {
    guard let part = folded.dataset.part else { return nil }
    let known = knowledge.learned.compactMap { sample in nearDataset(sample.data).map { (sample: sample, folded: $0) } }
      .filter { $0.folded.dataset.part?.measurement == part.measurement }
    guard !known.isEmpty, !known.contains(where: { $0.sample.data.name == folded.sample.name }) else { return nil }
    let whole = MeasuredVector.observation(of: [folded.dataset] + known.map(\.folded.dataset))
    let errors = try ConditionalErrors(
      whole.covariance, ofFirst: prediction.predicted.count, threshold: whole.threshold)
    let misfit = try known.flatMap { sample, other in
      zip(sample.data.contents, try values(of: other, sample.rates)).map { $0 - $1 }
    }
    let shift = try errors.transfer.multiplied(by: misfit)
    // The error of the prediction moves the misfit of what was learned as well: E_H − A E_L instead of E_H.
    let spreads = try knowledge.spreads[folded.sample.name]?.enumerated().map { group, own in
      let learned = known.compactMap { knowledge.spreads[$0.folded.sample.name]?[group] }
      let carried = try errors.transfer.multiplied(by: Matrix(learned.flatMap { one in (0..<one.rows).map(one.row) }))
      return try Matrix(
        rows: own.rows, columns: own.columns, elements: zip(own.elements, carried.elements).map { $0 - $1 })
    }
    // What is given may leave a bin without an error.
    guard
      let data = try? MeasuredValues(
        values: prediction.measured.values, covariance: errors.covariance, threshold: prediction.measured.threshold,
        sample: prediction.measured.sample),
      let given = try? MeasuredPrediction(
        data, predicted: zip(prediction.predicted, shift).map { $0 + $1 },
        covariance: try spreads.map(Self.covariance))
    else { return nil }
    var agreement = try given.agreement(
      experiments: experiments, seed: analysis.options.dataSeed, threads: self.folded.threads)
    let determinant = try? prediction.logDeterminant(of: errors.covariance)
    agreement.logScore = agreement.logScore.flatMap { score in determinant.map { score - 0.5 * $0 } }
    return ConditionalComparison(
      samples: known.map(\.folded.sample.name), measurements: known.compactMap(\.folded.measurement),
      ratio: given.predicted.reduce(0, +) / data.values.reduce(0, +), predictive: agreement)
  }

  /// Predicted values of a measured dataset in 10⁻³⁸ cm² per nucleon, shape [bins].
  private func values(of folded: FoldedDataset, _ rates: [Double]) throws -> [Double] {
    let integral = try folded.fluxIntegral()
    return folded.comparable(rates).map { $0 / integral }
  }

  /// Effects of the posterior directions of a model on the values that it predicts for each measured near sample, one for each
  /// group of weights, by name (``Knowledge/spreads``); none for a model that does not know its error.
  func spreads(of model: any CrossSectionModel) throws -> [String: [Matrix]] {
    let measured = folded.near.indices.filter { folded.near[$0].dataset.observation.isMeasured }
    guard let gaussian = model as? any GaussianModel, !measured.isEmpty, !gaussian.weightGroups.isEmpty else {
      return [:]
    }
    let datasets = measured.map { folded.near[$0] }
    let scales = try datasets.map { dataset in
      [Double](repeating: try 1 / dataset.fluxIntegral(), count: dataset.sample.binning.count)
    }
    var spreads: [String: [Matrix]] = [:]
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
        spreads[dataset.sample.name, default: []].append(own)
      }
    }
    return spreads
  }

  /// Σ S Sᵀ of the effects S of each group of weights, shape [bins × bins].
  fileprivate static func covariance(_ spreads: [Matrix]) throws -> Matrix {
    try spreads.dropFirst().reduce(spreads[0].transposed.gram()) { sum, spread in
      var sum = sum
      let next = try spread.transposed.gram()
      for i in 0..<sum.rows { for j in 0..<sum.columns { sum[i, j] += next[i, j] } }
      return sum
    }
  }

  /// Adds what a model predicts for measured near samples with its scale and its error.
  func addAbsolute(
    _ nearRates: [[Double]], _ knowledge: Knowledge, label: String, to predictions: inout Predictions
  ) throws {
    for (index, near) in folded.near.enumerated() where near.dataset.observation.isMeasured {
      let total = nearData[index].contents.reduce(0, +)
      var prediction = Predictions.AbsolutePrediction(
        bins: try values(of: near, nearRates[index]).map { $0 / total })
      if let covariance = try knowledge.covariance(of: near.sample.name) {
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
