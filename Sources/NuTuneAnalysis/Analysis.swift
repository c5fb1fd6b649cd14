import NuTuneCore
import NuTuneFolding

/// A closure analysis: a true cross section makes the data of some datasets, models are tuned on the near ones, predict the
/// far ones, and oscillation parameters are fitted with each.
///
/// A run of a study, a member of an ensemble and a pseudo-experiment of a coverage are sequences of the same few steps:
/// ``nearData(of:member:)``, ``tuned(_:label:on:in:seed:requiresConvergence:)``, ``farData(of:member:sampling:)``,
/// ``fit(_:_:treatment:scan:)``. Every step is a pure function; a random number depends on seeds and names alone.
public struct Analysis: Sendable {
  /// What is done.
  public var options: AnalysisOptions
  /// The cross section that makes the data.
  public var truthModel: any CrossSectionModel
  /// The oscillation model with the parameters that make the data.
  public var oscillation: any OscillationModel
  /// The forward model with the fluxes that models believe in.
  public var folded: ForwardModel
  /// The true rates.
  public var truth: ModelResponses

  /// Folds the datasets and the truth.
  public init(
    _ datasets: [Dataset], _ settings: FoldSettings, over energies: ClosedRange<Double>,
    truth: any CrossSectionModel, oscillation: any OscillationModel, options: AnalysisOptions, threads: Int
  ) throws {
    self.options = options
    truthModel = truth
    self.oscillation = oscillation
    folded = try ForwardModel(datasets, settings, over: energies, oscillation: oscillation, threads: threads)
    self.truth = try ModelResponses(of: truth, in: folded)
  }

  /// The same analysis with another number of threads.
  public func onThreads(_ threads: Int) -> Analysis {
    var copy = self
    copy.folded.threads = threads
    copy.truth = truth.under(copy.folded)
    return copy
  }
}

// MARK: - Data

extension Analysis {
  /// Near-detector data made by a cross section.
  ///
  /// - Parameters:
  ///   - responses: of the cross section, with the fluxes that make the data.
  ///   - member: number of the pseudo-experiment; 0 for the data of the study. Data without fluctuations would be those of
  ///     every pseudo-experiment, so there they get Poisson ones.
  public func nearData(of responses: ModelResponses, member: Int = 0) throws -> [SampleData] {
    let sampling = member > 0 && options.near.sampling == .asimov ? .poisson : options.near.sampling
    return try DataSimulation(
      events: options.near.number, method: sampling, seed: options.dataSeed, member: member
    ).data(of: folded.near, rates: responses.nearRates(), purpose: "near")
  }

  /// Far-detector data made by a cross section at the true oscillation parameters.
  ///
  /// - Parameters:
  ///   - responses: of the cross section, with the fluxes that make the data.
  ///   - member: number of the pseudo-experiment; 0 for the data of the study.
  ///   - sampling: how they are drawn; as the options say when nil.
  public func farData(of responses: ModelResponses, member: Int = 0, sampling: SamplingMethod? = nil) throws
    -> [SampleData]
  {
    try DataSimulation(
      events: options.far.number, method: sampling ?? options.far.sampling, seed: options.dataSeed, member: member
    ).data(of: folded.far, rates: try responses.farRates(oscillation), purpose: "far")
  }
}

// MARK: - Tuning

extension Analysis {
  /// What a model is tuned on: the near datasets that it learns from, with their data; those without an event teach nothing.
  public func tuningProblem(
    for label: String, on data: [SampleData], in folded: ForwardModel, seed: UInt64? = nil,
    checkpoint: any CheckpointStore = NoCheckpoint(), progress: @escaping @Sendable (TuningProgress) -> Void = { _ in }
  ) throws -> TuningProblem {
    let empty = Set(data.filter { $0.events == 0 }.map(\.name))
    func isUsed(_ sample: Sample) -> Bool { options.learns(label, from: sample) && !empty.contains(sample.name) }
    let data = zip(folded.near, data).filter { isUsed($0.0.sample) }.map(\.1)
    guard !data.isEmpty else {
      throw NuTuneError(
        .runtime, key: "near.events", found: "no event drawn in any near sample that “\(label)” learns from",
        expected: "more events")
    }
    let folded = folded.keepingNear(isUsed)
    return TuningProblem(
      nodes: folded.nodes.invariants(),
      samples: zip(folded.near.indices, data).map {
        TuningSample(
          sample: folded.near[$0].sample, probabilities: $1.probabilities, events: $1.events,
          nodeOperator: folded.nearOperators[$0], quadrature: folded.nearQuadrature(folded.near[$0]))
      }, seed: seed ?? options.networkSeed(of: label), threads: folded.threads, checkpoint: checkpoint,
      progress: progress)
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
    func tuned(_ folded: ForwardModel) throws -> (any CrossSectionModel, TuningRecord?) {
      guard let tunable = model as? any TunableModel else { return (model, nil) }
      let result = try tunable.tuned(on: try tuningProblem(for: label, on: near, in: folded, seed: seed))
      if requiresConvergence, !result.record.converged {
        throw NuTuneError(
          .runtime, key: "models", found: result.record.verdict, expected: "a training that converges")
      }
      return (result.model, result.record)
    }
    let (fitted, record) = try tuned(folded)
    return try prepared(
      fitted, record, in: folded, retuned: model is any TunableModel ? { folded, _ in try tuned(folded).0 } : nil)
  }

  /// Prepares a model that is tuned already for a fit.
  ///
  /// - Parameters:
  ///   - model: the tuned model.
  ///   - record: how its tuning went.
  ///   - folded: the forward model with the fluxes that the model believes in.
  ///   - retuned: tunes it again with a shifted flux, for a component (from 1); nil for a model that near data do not
  ///     change.
  public func prepared(
    _ model: any CrossSectionModel, _ record: TuningRecord?, in folded: ForwardModel,
    retuned: ((_ folded: ForwardModel, _ component: Int) throws -> any CrossSectionModel)? = nil
  ) throws -> TunedModel {
    let responses = try ModelResponses(of: model, in: folded)
    return TunedModel(
      model: model, responses: responses, modes: try posteriorModes(of: model, responses),
      nuisances: options.fitted.isEmpty || folded.far.isEmpty
        ? nil : try NuisanceParameters(options.nuisance, of: model, responses, retuned: retuned),
      record: record)
  }

  /// The posterior modes of a tuned model; nil when the model does not know its uncertainty, or nothing integrates them out.
  public func posteriorModes(of model: any CrossSectionModel, _ responses: ModelResponses) throws -> PosteriorModes? {
    guard let gaussian = model as? any GaussianModel, options.marginalizes, !responses.far.isEmpty else { return nil }
    return try PosteriorModes(of: gaussian, mean: responses, events: options.far.number ?? 1)
  }

  /// The true cross section as a fit uses it, with the fluxes of a forward model.
  public func preparedTruth(in folded: ForwardModel? = nil) throws -> TunedModel {
    let responses = folded.map { truth.under($0) } ?? truth
    return TunedModel(
      model: truthModel, responses: responses,
      nuisances: try NuisanceParameters(options.nuisance, of: truthModel, responses, retuned: nil))
  }
}

// MARK: - Fit

extension Analysis {
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
  ) -> OscillationFit {
    OscillationFit(
      names: options.fitted, oscillation: oscillation, responses: model.responses,
      modes: treatment == .marginal ? model.modes : nil, counts: data.map(\.contents), scan: scan ?? options.scan,
      nuisances: model.nuisances, priors: options.priors, questions: scan == nil ? options.questions : [],
      feldmanCousins: options.feldmanCousins)
  }
}
