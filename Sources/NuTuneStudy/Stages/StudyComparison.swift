import NuTuneCore
import NuTuneFolding
import NuTuneInference

/// Figures of merit of tuned models next to the truth.
struct StudyComparison {
  let study: StudyConfiguration
  let assembly: StudyAssembly
  let folded: FoldedStudy
  let truth: ModelResponses
  let nearData: [SampleData]
  let farData: [SampleData]

  /// tv between near and far shapes under the truth, for the first far sample that has a near one in the same bins.
  func nearFarDistance() throws -> Double? {
    for (far, farData) in zip(folded.far, farData) {
      for (near, nearData) in zip(folded.near, nearData) where near.sample.binning == far.sample.binning {
        return try FiguresOfMerit.totalVariation(nearData.truth, farData.truth)
      }
    }
    return nil
  }

  /// Data and truth of all samples and slices, models still missing.
  func predictions() throws -> Predictions {
    let samples = zip(folded.near + folded.far, nearData + farData).map { folded, data in
      Predictions.SamplePrediction(
        name: folded.sample.name, title: title(of: folded.sample), binning: folded.sample.binning,
        events: data.events, data: data.probabilities, truth: data.truth, models: [:])
    }
    let slices = try sliceEnergies.map { energy in
      Predictions.SlicePrediction(
        energy: energy, binning: folded.near[0].sample.binning, truth: try slice(assembly.truth, energy), models: [:])
    }
    return Predictions(samples: samples, slices: slices, learningCurves: [:])
  }

  /// Figures of merit of one model; its distributions are added to the predictions.
  func results(
    of model: any CrossSectionModel, _ responses: ModelResponses, record: TuningRecord?, seconds: Double,
    fit: OscillationResults?, label: String, into predictions: inout Predictions
  ) throws -> ModelResults {
    let nearRates = responses.nearRates()
    let farRates = try responses.farRates(assembly.oscillation)
    for (index, rates) in (nearRates + farRates).enumerated() {
      predictions.samples[index].models[label] = try normalized(rates, label)
    }
    let near = ModelResults.Near(
      tv: try mean(zip(nearData, nearRates)) { try FiguresOfMerit.totalVariation($0.truth, $1) },
      deviance: try zip(nearData, nearRates).reduce(0) { sum, pair in
        let counts = pair.0.probabilities.map { $0 * (pair.0.events ?? 1) }
        return try sum + FiguresOfMerit.deviance(counts: counts, probabilities: pair.1)
      }, bins: nearRates.joined().count)
    let far =
      farRates.isEmpty
      ? nil
      : ModelResults.Far(
        tv: try mean(zip(farData, farRates)) { try FiguresOfMerit.totalVariation($0.truth, $1) },
        rateRatio: try rateRatio(nearRates, farRates),
        deviance: try zip(farData, farRates).reduce(0) { sum, pair in
          let counts = pair.0.truth.map { $0 * (pair.0.events ?? 1) }
          return try sum + FiguresOfMerit.deviance(counts: counts, probabilities: pair.1)
        })
    var slices: [ModelResults.Slice] = []
    for (index, energy) in sliceEnergies.enumerated() {
      let probabilities = try normalized(try slice(model, energy), label)
      predictions.slices[index].models[label] = probabilities
      slices.append(
        ModelResults.Slice(
          energy: energy, tv: try FiguresOfMerit.totalVariation(probabilities, predictions.slices[index].truth)))
    }
    if let record {
      predictions.learningCurves[label] = Predictions.LearningCurve(
        step: record.history.map(\.step), loss: record.history.map(\.loss))
    }
    let support = try support(of: model)
    return ModelResults(
      near: near, far: far, slices: slices, support: support?.support,
      training: record.map {
        ModelResults.Training(
          converged: $0.converged, verdict: $0.verdict, steps: $0.steps, loss: $0.loss, seconds: seconds)
      }, oscillation: fit, warnings: support?.warnings ?? [])
  }

  /// FD/ND rate relative to the true FD/ND rate, the mean over the samples of a channel and horn mode: a model's scale
  /// is arbitrary, and its own for ν and ν̄.
  private func rateRatio(_ nearRates: [[Double]], _ farRates: [[Double]]) throws -> Double {
    let (trueNear, trueFar) = (truth.nearRates(), try truth.farRates(assembly.oscillation))
    let ratios = zip(folded.far.indices, folded.far).compactMap { far, sample -> Double? in
      guard let near = nearPartner(of: sample) else { return nil }
      let ratio = farRates[far].reduce(0, +) / nearRates[near].reduce(0, +)
      return ratio / (trueFar[far].reduce(0, +) / trueNear[near].reduce(0, +))
    }
    return ratios.isEmpty ? 1 : ratios.reduce(0, +) / Double(ratios.count)
  }

  private var sliceEnergies: [Double] { study.slices.numbers("energies") }

  private func slice(_ model: any CrossSectionModel, _ energy: Double) throws -> [Double] {
    let sample = folded.near[0].sample
    return try normalized(
      try DirectFold.slice(of: model, reaction: sample.reaction, binning: sample.binning, energy: energy),
      "slices.energies")
  }

  private func normalized(_ rates: [Double], _ key: String) throws -> [Double] {
    let total = rates.reduce(0, +)
    guard total.isFinite, total > 0 else {
      throw NuTuneError(.runtime, key: key, found: "a total rate of \(total)", expected: "a positive, finite rate")
    }
    return rates.map { $0 / total }
  }

  private func mean(
    _ samples: Zip2Sequence<[SampleData], [[Double]]>, _ value: (SampleData, [Double]) throws -> Double
  ) rethrows -> Double {
    let values = try samples.map { try value($0, $1) }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// Index of the near sample of a far sample's channel and horn mode.
  func nearPartner(of far: FoldedStudy.FoldedSample) -> Int? {
    folded.near.firstIndex { $0.sample.reaction == far.sample.reaction && $0.sample.mode == far.sample.mode }
  }

  private func title(of sample: Sample) -> String {
    let site = sample.site == .near ? "near detector" : "far detector"
    return "\(study.experiment.title) \(site), \(sample.reaction.species.symbol) CC, \(sample.mode.uppercased())"
  }
}
