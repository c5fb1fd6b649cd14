import NuTuneCore
import NuTuneNumerics

/// `gaussian-process-sf`: the structure functions of a theory prior times 1 + a Gaussian process, tuned on near-detector
/// data in closed form; the covariance that data leave goes along.
public struct GaussianProcessStructureFunctions: TunableModel, GaussianModel {
  private let settings: Settings
  private let prior: (any StructureFunctionModel)?
  private let processes: [LearnedProcess]

  /// Name, parameters and citations.
  public static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "gaussian-process-sf",
    summary:
      "Structure functions of a theory prior times one plus a Gaussian process of W² and Q², in closed form, with "
      + "the covariance that near-detector data leave.",
    parameters: Settings.parameters,
    components: [
      ComponentDeclaration(
        "prior", .crossSection, "the structure-function model to start from; smoothness alone without")
    ],
    citations: [
      Citation(
        key: "Rasmussen:2006",
        bibtex: """
          @book{Rasmussen:2006, author = "Rasmussen, Carl Edward and Williams, Christopher K. I.", title = "{Gaussian \
          Processes for Machine Learning}", publisher = "MIT Press", year = "2006", isbn = "978-0-262-18253-9"}
          """)
    ])

  /// An untuned model.
  public init(_ configuration: PluginConfiguration) throws {
    let given = configuration.components["prior"]
    if let given, !(given is any StructureFunctionModel) || given is any TunableModel {
      throw NuTuneError(
        .badData, key: "prior", found: "“\(type(of: given).descriptor.name)”",
        expected: "a model with structure functions of its own, such as toy-sf")
    }
    let prior = given as? any StructureFunctionModel
    self.init(
      settings: Settings(configuration.parameters, hasPrior: prior != nil), prior: prior, processes: [])
  }

  private init(settings: Settings, prior: (any StructureFunctionModel)?, processes: [LearnedProcess]) {
    self.settings = settings
    self.prior = prior
    self.processes = processes
  }

  /// Serves what the prior serves; when tuned, the helicities it was tuned on.
  public func check(_ reactions: [Reaction]) throws {
    try prior?.check(reactions)
    if !processes.isEmpty { for reaction in reactions { _ = try process(for: reaction) } }
  }

  /// W₁…W₅ per nucleon, in the scale of the prior; only after tuning.
  public func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    let process = try process(for: reaction)
    return try process.structureFunctions(theory(process), of: reaction, at: points)
  }

  /// One group for each helicity.
  public var weightGroups: [WeightGroup] {
    processes.map { WeightGroup(name: $0.helicity.rawValue, factor: $0.factor) }
  }

  /// Basis functions of the modulations.
  public func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    let process = processes[group]
    guard process.helicity == reaction.species.helicity else { return nil }
    return try process.basisFunctions(range, theory(process), of: reaction, at: points)
  }

  /// Solves for mean and covariance; the same for any number of threads.
  public func tuned(on problem: TuningProblem) throws -> TuningResult {
    let helicities = Helicity.allCases.filter { helicity in
      problem.samples.contains { $0.sample.reaction.species.helicity == helicity }
    }
    do {
      let processes = try helicities.map { helicity in
        try LearnedProcess(
          helicity: helicity, samples: problem.samples.filter { $0.sample.reaction.species.helicity == helicity },
          nodes: problem.nodes, prior: prior, settings: settings, threads: problem.threads
        ) { problem.progress(TuningProgress(step: $0, steps: 120)) }
      }
      let tuned = GaussianProcessStructureFunctions(settings: settings, prior: prior, processes: processes)
      return TuningResult(
        model: tuned,
        state: ModelState(
          tensors: processes.flatMap { $0.state().tensors },
          card: processes.reduce(into: [:]) { card, process in card.merge(process.state().card) { $1 } }),
        record: TuningRecord(
          converged: processes.allSatisfy { $0.trouble == nil },
          verdict: processes.compactMap(\.trouble).first ?? "solved in closed form", steps: 1,
          loss: try tuned.deviance(problem), history: []))
    } catch let error as NumericsError {
      throw NuTuneError(
        .runtime, found: "\(error)", expected: "a kernel that can be solved; try longer correlation lengths")
    }
  }

  /// The tuned model from a saved state.
  public func restored(from state: ModelState) throws -> any CrossSectionModel {
    GaussianProcessStructureFunctions(
      settings: settings, prior: prior,
      processes: try Helicity.allCases.compactMap { try LearnedProcess(state, helicity: $0) })
  }

  private func process(for reaction: Reaction) throws -> LearnedProcess {
    guard let process = processes.first(where: { $0.helicity == reaction.species.helicity }) else {
      throw NuTuneError(
        .usage, key: "gaussian-process-sf",
        found: processes.isEmpty ? "a model that has not been tuned" : "the channel \(reaction.species.rawValue)",
        expected: "a model tuned on this channel")
    }
    return process
  }

  private func theory(_ process: LearnedProcess) -> ModulatedTheory {
    ModulatedTheory(prior: prior, separatesMassTerms: process.separatesMassTerms)
  }

  /// Multinomial deviance per event of the near data, the mean over samples.
  private func deviance(_ problem: TuningProblem) throws -> Double {
    let deviances = try problem.samples.map { sample in
      let reaction = sample.sample.reaction
      let values = LeptonTensor(reaction.species).nodeValues(
        of: try structureFunctions(of: reaction, at: problem.nodes), at: problem.nodes)
      var rates = [Double](repeating: 0, count: sample.nodeOperator.binCount)
      rates.withUnsafeMutableBufferPointer { rates in
        values.flatMap { $0 }.withUnsafeBufferPointer {
          sample.nodeOperator.apply($0, rates: rates, threads: problem.threads)
        }
      }
      return Deviance.perEvent(data: sample.probabilities, rates: rates)
    }
    return deviances.reduce(0, +) / Double(max(deviances.count, 1))
  }
}
