import NuTuneCore
import NuTuneFolding
import NuTuneStatistics

extension Analysis {
  /// What a model is tuned on: the near datasets that it learns from, with their data; those without an event teach nothing.
  public func tuningProblem(
    for label: String, on data: [SampleData], in folded: ForwardModel, seed: UInt64? = nil,
    checkpoint: any CheckpointStore = NoCheckpoint(), progress: @escaping @Sendable (TuningProgress) -> Void = { _ in }
  ) throws -> TuningProblem {
    let nonempty = Set(zip(folded.near, data).filter { $0.1.events != 0 }.map(\.0.dataset.measuredAs))
    func isUsed(_ near: FoldedDataset) -> Bool {
      // The shape of no event says nothing; that there is none does.
      options.learns(label, from: near.dataset)
        && !(near.dataset.statistic == .shape && !nonempty.contains(near.dataset.measuredAs))
    }
    try options.checkWholeSums(of: label, in: folded.near)
    let data = zip(folded.near, data).filter { isUsed($0.0) }.map(\.1)
    guard !data.isEmpty else {
      throw NuTuneError(
        .runtime, key: "near.events", found: "no event drawn in any near sample that “\(label)” learns from",
        expected: "more events")
    }
    let folded = folded.keepingNear(isUsed)
    let response = try folded.responseParameters(options.hadronicNuisances)
    var problem = TuningProblem(
      nodes: folded.nodes.invariants(),
      samples: try vectors(of: folded.near, data, for: label).map { vector in
        let samples = vector.map { measured in
          let first = measured.components[0]
          var sample = TuningSample(
            sample: folded.near[first].dataset.measuredSample, probabilities: measured.data.probabilities,
            events: measured.data.events, nodeOperator: folded.nearOperators[first],
            quadrature: folded.nearQuadrature(folded.near[first]))
          sample.others = measured.components.dropFirst().map {
            TuningSample.Component(
              reaction: folded.near[$0].sample.reaction, nodeOperator: folded.nearOperators[$0])
          }
          sample.composition = folded.near[first].dataset.composition.map { ($0.target, $0.share) }
          sample.responseVariation = folded.responseVariation(of: first, response)
          return sample
        }
        let near = vector.map { (folded: folded.near[$0.components[0]], data: $0.data) }
        let term = try term(comparing: near)
        guard samples.count > 1 else {
          var sample = samples[0]
          sample.term = term
          return sample
        }
        let whole = SampleData.joining(near.map(\.data), named: samples[0].sample.name)
        return try TuningSample.joining(
          samples, values: whole.contents, events: term == nil ? whole.events : nil, term: term)
      }, seed: seed ?? options.networkSeed(of: label), threads: folded.threads, checkpoint: checkpoint,
      progress: progress)
    problem.responseParameters = response
    return problem
  }

  /// Near samples that a model learns from in vectors of data, ``MeasuredVector/indices(of:)``, with the places of the components
  /// of each; what ends a training is compared for itself.
  private func vectors(
    of near: [FoldedDataset], _ data: [SampleData], for label: String
  ) -> [[(components: [Int], data: SampleData)]] {
    let judging = options.judging[label] ?? []
    let samples = MeasuredVector.samples(of: near).map { components in
      (
        components: components,
        data: near[components[0]].dataset.isComponent
          ? SampleData.sum(components.map { data[$0] }, named: near[components[0]].dataset.measuredAs)
          : data[components[0]]
      )
    }
    return MeasuredVector.indices(of: samples.map { near[$0.components[0]] }).flatMap { vector in
      [false, true].map { ends in
        vector.map { samples[$0] }.filter { judging.contains(near[$0.components[0]].sample.position) == ends }
      }.filter { !$0.isEmpty }
    }
  }

  /// The term that compares rates with near data of one vector; nil for the shape of counts.
  func term(comparing near: [(folded: FoldedDataset, data: SampleData)]) throws -> (any LikelihoodTerm)? {
    guard near.count > 1, near[0].folded.dataset.statistic.comparesValues else {
      return try near[0].folded.term(comparedWith: near[0].data, unit: unit(near: true))
    }
    return try near[0].folded.naming {
      try MeasuredVector(near.map(\.folded)).term(comparedWith: near.map(\.data)) { try unit(near: true) }
    }
  }

  /// Tunes a model on near data and prepares it for a fit.
  ///
  /// - Parameters:
  ///   - model: the model as it is before; one that does not learn stays as it is.
  ///   - label: of the model, which decides what it learns from and its seed.
  ///   - near: the near data.
  ///   - folded: the forward model with the fluxes that the model believes in.
  ///   - seed: of the random numbers that it starts to learn from; that of the options when nil.
  ///   - requiresConvergence: whether a training that misses its criterion is a runtime error.
  public func tuned(
    _ model: any CrossSectionModel, label: String, on near: [SampleData], in folded: ForwardModel, seed: UInt64? = nil,
    requiresConvergence: Bool = false
  ) throws -> TunedModel {
    func tuned(_ folded: ForwardModel) throws -> (any CrossSectionModel, TuningResult?) {
      guard let tunable = model as? any TunableModel else { return (model, nil) }
      let problem = try tuningProblem(for: label, on: near, in: folded, seed: seed)
      if tunable.comparesShapesOnly, let sample = problem.samples.first(where: { $0.term != nil }) {
        throw NuTuneError(
          .badData, key: sample.sample.name,
          found: "numbers or measured values for “\(label)”, which learns shapes only",
          expected: "the statistic “shape”, or a model with a scale")
      }
      let result = try tunable.tunedRenewing(on: problem)
      if requiresConvergence, !result.record.converged {
        throw NuTuneError(
          .runtime, key: "models", found: result.record.verdict, expected: "a training that converges")
      }
      return (result.model, result)
    }
    let (fitted, result) = try tuned(folded)
    var ready = try prepared(
      fitted, result?.record, on: near, in: folded,
      retuned: model is any TunableModel ? { folded, _ in try tuned(folded).0 } : nil)
    ready.state = result?.state
    return ready
  }

  /// Prepares a model that is tuned already for a fit.
  ///
  /// - Parameters:
  ///   - model: the tuned model.
  ///   - record: how its tuning went.
  ///   - near: the near data, which fix its scale.
  ///   - folded: the forward model with the fluxes that the model believes in.
  ///   - retuned: tunes it again with a shifted flux, for a component (from 1); nil for a model that near data do not
  ///     change.
  public func prepared(
    _ model: any CrossSectionModel, _ record: TuningRecord?, on near: [SampleData], in folded: ForwardModel,
    retuned: ((_ folded: ForwardModel, _ component: Int) throws -> any CrossSectionModel)? = nil
  ) throws -> TunedModel {
    let responses = try ModelResponses(of: model, in: folded.responding(as: record))
    return TunedModel(
      model: model, responses: responses, modes: try posteriorModes(of: model, responses),
      nuisances: options.fitted.isEmpty || folded.far.isEmpty
        ? nil
        : try NuisanceParameters(
          options.nuisance, of: model, responses, backgrounds: options.backgrounds, retuned: retuned),
      record: record, scales: comparesNumbers ? try nearScales(of: responses, near) : [:])
  }

  /// The posterior modes of a tuned model; nil when the model does not know its uncertainty, or nothing integrates them out.
  public func posteriorModes(of model: any CrossSectionModel, _ responses: ModelResponses) throws -> PosteriorModes? {
    guard let gaussian = model as? any GaussianModel, options.marginalizes, !responses.far.isEmpty else { return nil }
    return try PosteriorModes(
      of: gaussian, mean: responses, events: options.far.number ?? 1, fixesScale: comparesNumbers)
  }

  /// The true cross section as a fit uses it, with the fluxes of a forward model.
  ///
  /// - Parameters:
  ///   - folded: the forward model with the fluxes that the fit believes in; that of the analysis when nil.
  ///   - near: the near data, which fix its scale; the truth's own when nil.
  public func preparedTruth(in folded: ForwardModel? = nil, on near: [SampleData]? = nil) throws -> TunedModel {
    let truth = try closureTruth()
    guard let truthModel else { preconditionFailure("rates of a truth without the truth") }
    let responses = folded.map { truth.under($0) } ?? truth
    let prepared = TunedModel(
      model: truthModel, responses: responses,
      nuisances: try NuisanceParameters(
        options.nuisance, of: truthModel, responses, backgrounds: options.backgrounds, retuned: nil),
      scales: comparesNumbers ? truth.nearScales(responses) : [:])
    return try near.map { try scaled(prepared, on: $0) } ?? prepared
  }
}

// MARK: - Fit
