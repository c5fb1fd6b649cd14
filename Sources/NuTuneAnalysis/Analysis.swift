import NuTuneCore
import NuTuneFolding
import NuTuneStatistics

/// An analysis of some datasets: models are tuned on the near ones, predict the far ones, and oscillation parameters are
/// fitted with each. In a closure test a true cross section makes the data.
///
/// A run of a study, a member of an ensemble and a pseudo-experiment of a coverage are sequences of the same few steps:
/// ``nearData(of:member:)``, ``tuned(_:label:on:in:seed:requiresConvergence:)``, ``farData(of:member:sampling:)``,
/// ``fit(_:_:treatment:scan:)``. Every step is a pure function; a random number depends on seeds and names alone.
public struct Analysis: Sendable {
  /// What is done.
  public var options: AnalysisOptions
  /// The cross section that makes the data; nil where all of them were measured.
  public var truthModel: (any CrossSectionModel)?
  /// The oscillation model with the parameters that make the data.
  public var oscillation: any OscillationModel
  /// The forward model with the fluxes that models believe in.
  public var folded: ForwardModel
  /// The true rates; nil without a truth.
  public var truth: ModelResponses?

  /// Folds the datasets and the truth.
  ///
  /// - Throws: `NuTuneError` when a dataset says something that cannot be, or has no data without a truth.
  public init(
    _ datasets: [Dataset], _ settings: FoldSettings, over energies: ClosedRange<Double>,
    truth: (any CrossSectionModel)?, oscillation: any OscillationModel, options: AnalysisOptions, threads: Int
  ) throws {
    self.options = options
    truthModel = truth
    self.oscillation = oscillation
    try Self.check(datasets, hasTruth: truth != nil)
    try Self.check(options.backgrounds, of: datasets)
    try NormUncertainty.check(options.nuisance.norms, of: datasets)
    folded = try ForwardModel(datasets, settings, over: energies, oscillation: oscillation, threads: threads)
    self.truth = try truth.map { [folded] in try ModelResponses(of: $0, in: folded.withTrueResponses()) }
    try giveEvents()
  }

  /// Refuses datasets that say something that cannot be, alone or together.
  private static func check(_ datasets: [Dataset], hasTruth: Bool) throws {
    for (index, dataset) in datasets.enumerated() {
      try dataset.check(hasTruth: hasTruth)
      guard !datasets[..<index].contains(where: { $0.sample.name == dataset.sample.name }) else {
        throw NuTuneError(
          .badData, at: dataset.place, key: dataset.sample.name, found: "two datasets of this name",
          expected: "names that differ, in position for instance: random numbers and files belong to them")
      }
      try dataset.check(partsBeside: datasets[..<index])
      if let first = datasets[..<index].first(where: { $0.measuredAs == dataset.measuredAs }) {
        try dataset.check(beside: first)
      }
    }
  }

  /// Sets the exposures of far components from their numbers of events, and the number of far events from both.
  private mutating func giveEvents() throws {
    let given = folded.far.filter { $0.dataset.events != nil }
    guard let first = given.first else { return }
    guard given.count == folded.far.count else {
      throw NuTuneError(
        .badData, at: first.place, key: first.sample.name, found: "events of some far samples",
        expected: "events of all, or of none")
    }
    let truth = try closureTruth()
    let rates = try truth.farRates(options.eventsAt ?? oscillation).map { $0.reduce(0, +) }
    let groups = folded.far.map { [$0.dataset.measuredAs, $0.dataset.eventsOf] }
    for index in rates.indices {
      let sharing = rates.indices.filter { $0 == index || !groups[index][1].isEmpty && groups[$0] == groups[index] }
      let (events, rate) = (folded.far[index].dataset.events ?? 0, sharing.reduce(0) { $0 + rates[$1] })
      guard rate > 0 else {
        throw NuTuneError(
          .badData, at: folded.far[index].place, key: folded.far[index].sample.name,
          found: "\(events) events where the truth has no rate", expected: "a component that the beam makes")
      }
      folded.far[index] = folded.far[index].exposed(events / rate)
    }
    self.truth = truth.under(try folded.withTrueResponses())
    options.far.number = Self.simulatedRate(folded.far, try truth.farRates(oscillation))
  }

  /// The same analysis with another number of threads.
  public func onThreads(_ threads: Int) -> Analysis {
    var copy = self
    copy.folded.threads = threads
    copy.truth = truth?.under(copy.folded)
    return copy
  }

  /// The true rates, for what only a closure test does.
  ///
  /// - Throws: `NuTuneError` without a truth.
  public func closureTruth() throws -> ModelResponses {
    guard let truth else {
      throw NuTuneError(
        .badData, key: "truth", found: "no truth, because the data are measured",
        expected: "`truth: {model: …}`, from which data can be drawn")
    }
    return truth
  }
}

// MARK: - Data

extension Analysis {
  /// Whether a fit needs the scale of models: it compares numbers of far events with rates, or the shape of a sum of
  /// components or with backgrounds, whose shares depend on it.
  package var comparesNumbers: Bool {
    !options.backgrounds.isEmpty
      || folded.far.contains { $0.dataset.statistic == .poisson || $0.dataset.measuredAs != $0.sample.name }
  }

  /// Near data over the near rates of a model, for each neutrino sign and experiment, of all datasets with events that are
  /// learned from.
  func nearScales(of responses: ModelResponses, _ near: [SampleData]) throws -> [NearGroup: Double] {
    let rates = responses.nearRates()
    return try responses.folded.nearScales { index in
      let (dataset, data) = (responses.folded.near[index].dataset, near[index])
      let unit = dataset.observation.isSimulated ? try unit(near: true) : 1
      return (
        data.events.map { $0 / unit } ?? dataset.exposure * (data.rate ?? 0),
        dataset.exposure * rates[index].reduce(0, +)
      )
    }
  }

  /// The same model with the scale that near data give it, where a fit compares numbers.
  public func scaled(_ model: TunedModel, on near: [SampleData]) throws -> TunedModel {
    guard comparesNumbers else { return model }
    var copy = model
    copy.scales = try nearScales(of: model.responses, near)
    return copy
  }

  /// The terms of a fit with a model, one for each far sample, and the datasets that each sample is a sum of; a sample that
  /// is only predicted adds nothing.
  func fitTerms(_ model: TunedModel, _ data: [SampleData]) throws -> (terms: [CountTerm], sums: SampleSums) {
    let names = folded.far.map(\.dataset.measuredAs)
    let factors = try zip(folded.far, data).map { far, data in
      try factor(far, data, model, inSum: isSum(far.dataset.measuredAs))
    }
    let sums = SampleSums(measuredAs: names, factors: factors.map { $0 ?? 1 }, backgrounds: options.backgrounds)
    return (
      try zip(sums.samples, sums.backgrounds).map { parts, backgrounds in
        let first = parts[0].component
        guard folded.far[first].dataset.roles.contains(.fit) else {
          return try CountTerm(counts: data[first].contents.map { _ in 0 })
        }
        guard parts.count > 1 || !backgrounds.isEmpty else {
          return try CountTerm(counts: data[first].contents, normalization: factors[first])
        }
        var counts = [Double](repeating: 0, count: data[first].contents.count)
        let others = (data[first].backgrounds ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        for contents in parts.map({ data[$0.component].contents }) + others {
          for bin in counts.indices { counts[bin] += contents[bin] }
        }
        return try CountTerm(
          counts: counts, normalization: folded.far[first].dataset.statistic == .poisson ? 1 : nil)
      }, sums
    )
  }

  /// Events for a rate of one of a far dataset with a model; nil for the shape of one that is measured as it is.
  private func factor(_ far: FoldedDataset, _ data: SampleData, _ model: TunedModel, inSum: Bool) throws -> Double? {
    guard far.dataset.roles.contains(.fit), far.dataset.statistic == .poisson || inSum else { return nil }
    guard data.events != nil else {
      throw NuTuneError(
        .badData, at: far.place, key: far.sample.name, found: "infinitely many events whose number is compared",
        expected: "a number of far events, or their shape")
    }
    let group = far.dataset.nearGroup
    guard let scale = model.scales[group] ?? (folded.near.isEmpty ? 1 : nil) else {
      let place = group.experiment.isEmpty ? "" : " at \(group.experiment)"
      throw NuTuneError(
        .badData, at: far.place, key: far.sample.name,
        found: "no near events of \(group.helicity.rawValue)s\(place), which would fix the scale of far ones",
        expected: "near events of the same neutrino sign\(place.isEmpty ? "" : " and experiment"), or shapes")
    }
    return (far.dataset.observation.isSimulated ? try unit(near: false) : 1) * far.exposure * scale
  }

  /// The rate of all simulated datasets together, of rates of shape [datasets][bins].
  static func simulatedRate(_ datasets: [FoldedDataset], _ rates: [[Double]]) -> Double {
    zip(datasets, rates).reduce(0) {
      $1.0.dataset.observation.isSimulated ? $0 + $1.0.exposure * $1.1.reduce(0, +) : $0
    }
  }

  /// Events for a rate of one and an exposure of one, of the simulated datasets of a site.
  ///
  /// The number of events of a study is that of all its datasets together under the truth; what models predict is in the
  /// same unit.
  func unit(near: Bool) throws -> Double {
    guard let truth else { return 1 }
    let total = Self.simulatedRate(
      near ? folded.near : folded.far, near ? truth.nearRates() : try truth.farRates(oscillation))
    return ((near ? options.near.number : options.far.number) ?? 1) / total
  }

  /// What a fit does with a model's posterior modes.
  public enum Treatment: Sendable {
    /// Integrates them out.
    case marginal
    /// Holds the model at its posterior mean.
    case atPosteriorMean
  }

  /// The oscillation fit of far data with one model.
  public func fit(
    _ model: TunedModel, _ data: [SampleData], treatment: Treatment = .marginal, scan: ScanSettings? = nil
  ) throws -> OscillationFit {
    let (terms, sums) = try fitTerms(model, data)
    return OscillationFit(
      names: options.fitted, oscillation: oscillation, responses: model.responses,
      modes: treatment == .marginal ? model.modes : nil, terms: terms, sums: sums, scan: scan ?? options.scan,
      nuisances: model.nuisances, priors: options.priors, questions: scan == nil ? options.questions : [],
      feldmanCousins: options.feldmanCousins)
  }
}
