import NuTuneCore
import NuTuneNumerics

/// `gaussian-process-sf`: the structure functions of a theory prior times exponentials of a Gaussian process, positive
/// by construction. Tuning finds the most probable functions given near-detector data, with their posterior covariance.
package struct GaussianProcessStructureFunctions: TunableModel, GaussianModel {
  let settings: Settings
  private let prior: (any StructureFunctionModel)?
  let processes: [LearnedProcess]

  /// Name, parameters and citations.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "gaussian-process-sf",
    summary:
      "Structure functions of a theory prior times exponentials of a Gaussian process of W² and Q², positive by form, "
      + "with the covariance that near-detector data leave: shapes, numbers of events or measured cross sections, of each "
      + "neutrino sign or of sums of both.",
    parameters: Settings.parameters,
    components: [
      ComponentDeclaration(
        "prior", .crossSection,
        "the structure-function model to start from, one that learns tuned on the same data first; smoothness alone without"
      )
    ],
    citations: [
      Citation(
        key: "Rasmussen:2006",
        bibtex: """
          @book{Rasmussen:2006, author = "Rasmussen, Carl Edward and Williams, Christopher K. I.", title = "{Gaussian \
          Processes for Machine Learning}", publisher = "MIT Press", year = "2006", isbn = "978-0-262-18253-9"}
          """)
    ])

  /// Creates an untuned model.
  package init(_ configuration: PluginConfiguration) throws {
    let given = configuration.components["prior"]
    if let given, !(given is any StructureFunctionModel) {
      throw NuTuneError(
        .badData, key: "prior", found: "“\(type(of: given).descriptor.name)”",
        expected: "a model with structure functions of its own, such as toy-sf")
    }
    let prior = given as? any StructureFunctionModel
    self.init(
      settings: try Settings(configuration.parameters, hasPrior: prior != nil), prior: prior, processes: [])
  }

  private init(settings: Settings, prior: (any StructureFunctionModel)?, processes: [LearnedProcess]) {
    self.settings = settings
    self.prior = prior
    self.processes = processes
  }

  /// Accepts the reactions of the prior; after tuning, those with a neutrino sign of the tuning data, and with a target of
  /// theirs if these have several.
  package func check(_ reactions: [Reaction]) throws {
    try prior?.check(reactions)
    if !processes.isEmpty { for reaction in reactions { _ = try modulations(for: reaction) } }
  }

  /// Computes W₁…W₅ per nucleon, in the scale of the prior; only after tuning.
  package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    let modulations = try modulations(for: reaction)
    return try modulations.structureFunctions(theory(modulations), of: reaction, at: points)
  }

  /// One group for each neutrino sign, and for each target if near data are of several; one for both signs, of which weights of
  /// neutrinos come first, where near data are sums of them.
  package var weightGroups: [WeightGroup] {
    processes.map { WeightGroup(name: $0.name, factor: $0.factor, hasUnitPrior: true) }
  }

  /// The numbers of the response that were fitted together with all processes.
  package var responsePosterior: ResponsePosterior? {
    let parts = processes.compactMap(\.response)
    guard let first = parts.first, parts.count == processes.count else { return nil }
    return ResponsePosterior(names: first.names, numbers: first.numbers, weights: parts.map(\.weights))
  }

  /// Computes the derivatives of W₁…W₅ at the most probable weights.
  package func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    guard let (modulations, weights) = processes[group].part(for: reaction) else { return nil }
    let own = range.clamped(to: weights)
    let functions =
      own.isEmpty
      ? []
      : try modulations.basisFunctions(
        own.lowerBound - weights.lowerBound..<own.upperBound - weights.lowerBound, theory(modulations), of: reaction,
        at: points)
    return range.map {
      own.contains($0) ? functions[$0 - own.lowerBound] : StructureFunctions(count: points.count)
    }
  }

  /// Computes what linear functionals of the structure functions change by with each weight, by sums over the grid.
  package func slopes(
    ofGroup group: Int, of functionals: [StructureFunctions], reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix? {
    let process = processes[group]
    var slopes = Matrix(rows: functionals.count, columns: process.weightCount)
    guard let (modulations, weights) = process.part(for: reaction) else { return slopes }
    let own = try modulations.slopes(of: functionals, theory(modulations), reaction: reaction, at: points)
    for i in 0..<own.rows { for j in 0..<own.columns { slopes[i, weights.lowerBound + j] = own[i, j] } }
    return slopes
  }

  /// Returns the same model with its weights displaced from the most probable ones; positive for any displacement.
  package func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel {
    guard weights.count == processes.count, zip(weights, processes).allSatisfy({ $0.count == $1.weightCount }) else {
      throw NuTuneError(
        .internalError, key: "gaussian-process-sf", found: "\(weights.map(\.count)) weights",
        expected: "\(processes.map(\.weightCount))")
    }
    return GaussianProcessStructureFunctions(
      settings: settings, prior: prior, processes: zip(processes, weights).map { $0.moved(by: $1) })
  }

  /// Finds the most probable weights and their covariance; the same for any number of threads. A model that is tuned
  /// already continues from its weights.
  package func tuned(on problem: TuningProblem) throws -> TuningResult {
    guard let learned = prior as? any TunableModel & StructureFunctionModel else { return try process(of: problem) }
    // What the prior does not describe is left to the process.
    let first = try learned.tuned(on: problem)
    let prior = try Self.structureFunctionModel(first.model)
    var result = try GaussianProcessStructureFunctions(settings: settings, prior: prior, processes: processes)
      .process(of: problem)
    let own = first.state.under(Self.priorPrefix)
    result.state.tensors += own.tensors
    result.state.card.merge(own.card) { $1 }
    result.record.verdict = "prior: \(first.record.verdict); \(result.record.verdict)"
    result.record.converged = result.record.converged && first.record.converged
    return result
  }

  private static let priorPrefix = "prior."

  /// The process around the prior as it is.
  private func process(of problem: TuningProblem) throws -> TuningResult {
    do {
      guard !problem.followsResponse else { return try profiled(problem) }
      let processes = try LearnedNucleus.together(in: problem.samples).map { nuclei in
        try LearnedProcess(
          try LearnedProcess.found(
            nuclei: nuclei,
            samples: problem.samples.filter { sample in nuclei.contains { $0.serves(sample.sample.reaction) } },
            nodes: problem.nodes, prior: prior, settings: settings,
            start: self.processes.first { $0.nuclei == nuclei }, threads: problem.threads
          ) { problem.progress(TuningProgress(step: $0, steps: 120)) })
      }
      return try result(of: processes, problem)
    } catch let error as NumericsError {
      throw NuTuneError(
        .runtime, found: "\(error)", expected: "a kernel that can be solved; try longer correlation lengths")
    }
  }

  /// The process around the prior together with the response parameters of the problem.
  private func profiled(_ problem: TuningProblem) throws -> TuningResult {
    try problem.requirePureSamples(for: "a model that is fitted with a response")
    let profile = try ResponseProfile(problem, prior: prior, settings: settings, processes: processes)
    var result = try result(of: profile.processes, profile.problem)
    result.record.response = profile.estimates
    if profile.estimates.count > 1 { result.record.correlations = profile.correlations }
    result.record.steps += profile.steps
    result.record.converged = result.record.converged && profile.trouble == nil
    result.record.verdict =
      profile.trouble ?? result.record.verdict
      + "; \(profile.estimates.keys.sorted().joined(separator: ", ")) of the response fitted in \(profile.steps) steps"
    return result
  }

  private func result(of processes: [LearnedProcess], _ problem: TuningProblem) throws -> TuningResult {
    let tuned = GaussianProcessStructureFunctions(settings: settings, prior: prior, processes: processes)
    return TuningResult(
      model: tuned,
      state: ModelState(
        tensors: processes.flatMap { $0.state().tensors },
        card: processes.reduce(into: [:]) { card, process in card.merge(process.state().card) { $1 } }),
      record: try tuned.record(of: problem))
  }

  /// True: they are profiled with the weights.
  package var fitsResponse: Bool { true }

  /// Whether its prior does, if that learns: the modulations of all components are learned together from a sum.
  package var learnsSums: Bool { (prior as? any TunableModel)?.learnsSums ?? true }

  /// Restores the tuned model from a saved state.
  package func restored(from state: ModelState) throws -> any CrossSectionModel {
    let learned = try (prior as? any TunableModel)?.restored(from: state.part(Self.priorPrefix))
    return GaussianProcessStructureFunctions(
      settings: settings, prior: try learned.map(Self.structureFunctionModel) ?? prior,
      processes: try LearnedProcess.all(in: state))
  }

  private static func structureFunctionModel(_ model: any CrossSectionModel) throws -> any StructureFunctionModel {
    guard let model = model as? any StructureFunctionModel else {
      throw NuTuneError(.internalError, key: "prior", found: "a restored model of another kind", expected: "its own")
    }
    return model
  }

  private func modulations(for reaction: Reaction) throws -> LearnedModulations {
    guard let found = processes.lazy.compactMap({ $0.part(for: reaction) }).first else {
      throw NuTuneError(
        .usage, key: "gaussian-process-sf",
        found: processes.isEmpty
          ? "a model that has not been tuned" : "the channel \(reaction.species.rawValue)\(target(of: reaction))",
        expected: "a model tuned on this channel")
    }
    return found.modulations
  }

  /// Names the target of a reaction if processes are told apart by theirs.
  private func target(of reaction: Reaction) -> String {
    processes.contains { $0.nuclei.contains { $0.target != nil } } ? " on \(reaction.target.name)" : ""
  }

  private func theory(_ modulations: LearnedModulations) -> PositiveTheory {
    PositiveTheory(
      prior: prior, separatesMassTerms: modulations.separatesMassTerms, massFunctions: settings.massFunctions)
  }
}
