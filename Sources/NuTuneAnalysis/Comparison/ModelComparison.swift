import NuTuneCore
import NuTuneFolding
import NuTuneStatistics
import NuTuneResults

/// Figures of merit of tuned models next to the truth.
public struct ModelComparison: Sendable {
  package let analysis: Analysis
  let nearData: [SampleData]
  let farData: [SampleData]
  private let quadratures = SliceQuadratures()

  /// Compares models with the data of an analysis.
  public init(_ analysis: Analysis, nearData: [SampleData], farData: [SampleData]) {
    self.analysis = analysis
    self.nearData = nearData
    self.farData = farData
  }

  var folded: ForwardModel { analysis.folded }

  /// tv between near and far shapes under the truth, for the first far sample that has a near one in the same bins.
  package func nearFarDistance() throws -> Double? {
    for (far, farData) in zip(folded.far, farData) {
      for (near, nearData) in zip(folded.near, nearData)
      where near.sample.binning == far.sample.binning && near.dataset.experiment == far.dataset.experiment {
        return try FiguresOfMerit.totalVariation(nearData.reference, farData.reference)
      }
    }
    return nil
  }

  /// Data and truth of all samples and slices, models still missing.
  package func predictions() throws -> Predictions {
    var predictions = try samplesAndSlices()
    let sums = try nearSums() + farSums()
    predictions.sums = sums.isEmpty ? nil : sums
    return predictions
  }

  private func samplesAndSlices() throws -> Predictions {
    let samples = zip(folded.near + folded.far, nearData + farData).map { folded, data in
      var sample = Predictions.SamplePrediction(
        name: folded.sample.name, title: title(of: folded), binning: folded.sample.binning,
        events: data.events, data: data.probabilities, truth: data.truth, errors: folded.errors(of: data), models: [:])
      if folded.dataset.observation.isMeasured { sample.total = data.contents.reduce(0, +) }
      return sample
    }
    guard let truthModel = analysis.truthModel else {
      return Predictions(samples: samples, slices: [], learningCurves: [:])
    }
    let slices = try analysis.options.sliceEnergies.compactMap { energy -> Predictions.SlicePrediction? in
      let rates = try slice(truthModel, energy)
      // Bins that no lepton of this energy can reach have nothing to compare.
      guard rates.contains(where: { $0 > 0 }) else { return nil }
      return Predictions.SlicePrediction(
        energy: energy, binning: folded.near[0].sample.binning.lepton, truth: try normalized(rates, "slices.energies"),
        models: [:])
    }
    return Predictions(samples: samples, slices: slices, learningCurves: [:])
  }

  /// Figures of merit of one model; its distributions are added to the predictions.
  package func results(
    of model: any CrossSectionModel, _ responses: ModelResponses, record: TuningRecord?, seconds: Double,
    fit: OscillationResults?, label: String, into predictions: inout Predictions
  ) throws -> ModelResults {
    let nearRates = responses.nearRates()
    let farRates = try responses.farRates(analysis.oscillation)
    let comparable = zip(folded.near, nearRates).map { $0.comparable($1) }
    for (index, rates) in (comparable + farRates).enumerated() {
      predictions.samples[index].models[label] = try normalized(rates.map { max($0, 0) }, label)
    }
    try addSums(of: responses, nearRates, farRates, label: label, to: &predictions)
    let learned = folded.near.indices.filter { analysis.options.learns(label, from: folded.near[$0].dataset) }
    let others = folded.near.indices.filter { !learned.contains($0) }
    let learnedFrom = measured(learned, nearRates)
    let knowledge = Knowledge(
      spreads: try spreads(of: model),
      uncovered: record == nil ? [:] : try uncoveredShares(of: model, others, by: learned), learned: learnedFrom)
    try addAbsolute(nearRates, knowledge, label: label, to: &predictions)
    var near = try agreement(learnedFrom, knowledge, weighted: true)
    let quality = try record.map { try goodnessOfFit(learnedFrom, $0) }
    near.goodnessOfFit = quality?.fit
    let elsewhere = others.isEmpty ? nil : try agreement(measured(others, nearRates), knowledge, weighted: false)
    var slices: [ModelResults.Slice] = []
    for (index, energy) in predictions.slices.map(\.energy).enumerated() {
      let probabilities = try normalized(try slice(model, energy), label)
      predictions.slices[index].models[label] = probabilities
      slices.append(
        ModelResults.Slice(
          energy: energy, tv: try FiguresOfMerit.totalVariation(probabilities, predictions.slices[index].truth ?? [])))
    }
    if let record {
      predictions.learningCurves[label] = Predictions.LearningCurve(
        step: record.history.map(\.step), loss: record.history.map(\.loss))
    }
    let support = try support(of: model, label)
    return ModelResults(
      near: near, elsewhere: elsewhere, far: try farAgreement(of: model, responses, nearRates, farRates, label),
      slices: slices, support: support?.support,
      training: record.map {
        ModelResults.Training(
          converged: $0.converged, verdict: $0.verdict, steps: $0.steps, loss: $0.loss, seconds: seconds,
          parameters: $0.parameters, correlations: $0.correlations,
          response: $0.response(besideTruthOf: folded.near), logEvidence: $0.logEvidence)
      }, oscillation: fit,
      warnings: [quality?.warning].compactMap { $0 } + (record.map(boundWarnings) ?? []) + (support?.warnings ?? [])
        + (record == nil ? [] : correlationWarnings(of: others, besides: learned)))
  }

  /// One sentence for every fitted parameter at an end of its range.
  private func boundWarnings(_ record: TuningRecord) -> [String] {
    let ofTheory = (record.parameters ?? [:]).map { (name: $0, bound: $1.bound, unit: $1.unit) }
    let ofResponse = (record.response ?? [:]).map { (name: $0, bound: $1.bound, unit: "") }
    return (ofTheory + ofResponse).sorted { $0.name < $1.name }.compactMap { name, bound, unit in
      bound.map {
        "the fit of \(name) ends at \($0)\(unit.isEmpty ? "" : " \(unit)"), an end of its range: its "
          + "error and correlations are those of a fit that could go on, and the data may want a value beyond"
      }
    }
  }

  /// Agreement with the far samples; nil without any.
  private func farAgreement(
    of model: any CrossSectionModel, _ responses: ModelResponses, _ nearRates: [[Double]], _ farRates: [[Double]],
    _ label: String
  ) throws -> ModelResults.Far? {
    guard !farRates.isEmpty else { return nil }
    return ModelResults.Far(
      tv: try mean(Array(zip(farData, farRates))) { try FiguresOfMerit.totalVariation($0.reference, $1) },
      rateRatio: try rateRatio(nearRates, farRates, label),
      deviance: try zip(farData, farRates).reduce(0) { sum, pair in
        let counts = pair.0.reference.map { $0 * (pair.0.events ?? 1) }
        return try sum + FiguresOfMerit.deviance(counts: counts, probabilities: pair.1)
      }, samples: try farSamples(responses, farRates), ratios: try farRatios(of: model, farRates))
  }

  /// Agreement with the data of some near samples.
  ///
  /// - Parameter weighted: whether χ² of measured values counts as often as in what models minimise.
  private func agreement(
    _ samples: [(data: SampleData, rates: [Double])], _ knowledge: Knowledge, weighted: Bool
  ) throws -> ModelResults.Near {
    ModelResults.Near(
      tv: try mean(samples) { data, rates in
        let predicted = nearDataset(data)?.comparable(rates).map { max($0, 0) } ?? rates
        return try FiguresOfMerit.totalVariation(data.reference.map { max($0, 0) }, predicted)
      },
      deviance: try vectors(samples).reduce(0) { try $0 + deviance($1, weighted: weighted) },
      rateRatio: try measuredRatio(samples),
      bins: samples.reduce(0) { $0 + $1.rates.count }, samples: samples.map(\.data.name),
      measured: try measuredComparisons(samples, knowledge, weighted: weighted),
      together: try jointComparisons(samples, weighted: weighted))
  }

  /// Predicted over measured cross section of all bins, the mean over samples; nil where nothing was measured.
  private func measuredRatio(_ samples: [(data: SampleData, rates: [Double])]) throws -> Double? {
    let ratios = try samples.compactMap { sample -> Double? in
      guard let folded = nearDataset(sample.data), folded.dataset.observation.isMeasured else { return nil }
      return folded.comparable(sample.rates).reduce(0, +) / (try folded.fluxIntegral())
        / sample.data.contents.reduce(0, +)
    }
    return ratios.isEmpty ? nil : ratios.reduce(0, +) / Double(ratios.count)
  }

  /// FD/ND rate relative to the true FD/ND rate, the mean over the samples of a channel and horn mode: a model's scale
  /// is arbitrary, and its own for ν and ν̄.
  private func rateRatio(_ nearRates: [[Double]], _ farRates: [[Double]], _ label: String) throws -> Double {
    guard let truth = analysis.truth else { return 1 }
    let (trueNear, trueFar) = (truth.nearRates(), try truth.farRates(analysis.oscillation))
    let ratios = zip(folded.far.indices, folded.far).compactMap { far, sample -> Double? in
      guard let near = nearPartners(of: sample, label).first else { return nil }
      let ratio = farRates[far].reduce(0, +) / nearRates[near].reduce(0, +)
      return ratio / (trueFar[far].reduce(0, +) / trueNear[near].reduce(0, +))
    }
    return ratios.isEmpty ? 1 : ratios.reduce(0, +) / Double(ratios.count)
  }

  /// Rates at one neutrino energy in the bins of the first near sample.
  private func slice(_ model: any CrossSectionModel, _ energy: Double) throws -> [Double] {
    let sample = folded.near[0].sample
    let quadrature = try quadratures.quadrature(at: energy) {
      try BinQuadrature(
        binning: sample.binning, species: sample.reaction.species, energy: energy, threads: folded.threads)
    }
    return try DirectFold.slice(of: model, reaction: sample.reaction, quadrature: quadrature, threads: folded.threads)
  }

  func normalized(_ rates: [Double], _ key: String) throws -> [Double] {
    let total = rates.reduce(0, +)
    guard total.isFinite, total > 0 else {
      throw NuTuneError(.runtime, key: key, found: "a total rate of \(total)", expected: "a positive, finite rate")
    }
    return rates.map { $0 / total }
  }

  private func mean(
    _ samples: [(SampleData, [Double])], _ value: (SampleData, [Double]) throws -> Double
  ) rethrows -> Double {
    let values = try samples.map { try value($0, $1) }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// Indices of the near samples of a far sample's channel, horn mode and experiment that the model of a label learns from.
  func nearPartners(of far: FoldedDataset, _ label: String) -> [Int] {
    folded.near.indices.filter {
      let near = folded.near[$0].dataset
      return near.sample.reaction == far.sample.reaction && near.sample.mode == far.sample.mode
        && near.experiment == far.dataset.experiment && analysis.options.learns(label, from: near)
    }
  }

  private func title(of folded: FoldedDataset) -> String {
    "\(folded.title), \(transition(of: folded)) CC, \(folded.sample.mode.uppercased())"
  }

  /// What happens on the way, `ν_μ → ν_e`; the species alone where it comes from all flavours of the beam.
  func transition(of folded: FoldedDataset) -> String {
    let species = folded.sample.reaction.species
    let initial = folded.dataset.initial.flatMap { flavor in
      NeutrinoSpecies.allCases.first { $0.flavor == flavor && $0.helicity == species.helicity }
    }
    return (initial.map { "\($0.symbol) → " } ?? "") + species.symbol
  }
}
