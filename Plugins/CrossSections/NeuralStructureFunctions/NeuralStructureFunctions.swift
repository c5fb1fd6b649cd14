import NuTuneCore
import NuTuneLearning

/// `neural-sf`: nets for the independent structure functions, trained on near-detector data.
///
/// One lepton mass determines three functions per neutrino sign, so there is one net with three outputs for neutrinos
/// and one for antineutrinos, for each target if there are several; see ``PositiveHead``. With `network.signs: shared`
/// one net of a target serves both signs; see ``SignNetworks``. Electrons and muons of one sign together see all five,
/// for which nets have five outputs (`network.mass_functions: bounded`). The scale is learned from data that have one,
/// numbers of events or measured cross sections; tuned on shapes, cross sections are in arbitrary units.
package struct NeuralStructureFunctions: TunableModel, StructureFunctionModel {
  let settings: Settings
  let prior: TheoryPrior?
  private let tuned: TunedNetworks?

  /// Name, parameters and citations.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "neural-sf",
    summary: "Fully connected nets for the independent structure functions, positive by construction, tuned on the "
      + "near-detector distribution.",
    parameters: Settings.parameters,
    components: [
      ComponentDeclaration("prior", .crossSection, "a structure-function model to learn the ratio to, or to start from")
    ],
    citations: [
      Citation(
        key: "Hackett:2024xnq",
        bibtex: """
          @article{Hackett:2024xnq, author = "Hackett, Daniel C. and Isaacson, Joshua and Li, Shirley Weishi and \
          Tame-Narvaez, Karla and Wagman, Michael L.", title = "{Machine Learning Neutrino-Nucleus Cross Sections}", \
          eprint = "2412.16303", archivePrefix = "arXiv", primaryClass = "hep-ph", year = "2024"}
          """)
    ])

  /// Creates an untuned model.
  package init(_ configuration: PluginConfiguration) throws {
    let settings = try Settings(configuration.parameters)
    let prior = try configuration.components["prior"].map { given in
      guard let model = given as? any StructureFunctionModel, !(given is any TunableModel) else {
        throw NuTuneError(
          .badData, key: "prior", found: "“\(type(of: given).descriptor.name)”",
          expected: "a model with structure functions of its own, such as toy-sf")
      }
      return TheoryPrior(model: model, use: settings.priorUse, steps: settings.pretrainingSteps)
    }
    if prior == nil, configuration.parameters.isGiven("prior_use") {
      throw NuTuneError(
        .badData, key: "prior_use", found: "“\(settings.priorUse.rawValue)” without a prior",
        expected: "a prior beside it")
    }
    self.init(settings: settings, prior: prior, tuned: nil)
  }

  private init(settings: Settings, prior: TheoryPrior?, tuned: TunedNetworks?) {
    self.settings = settings
    self.prior = prior
    self.tuned = tuned
  }

  /// Accepts the reactions of the prior; after tuning, those with a neutrino sign of the tuning data.
  package func check(_ reactions: [Reaction]) throws {
    try prior?.model.check(reactions)
    if let tuned { for reaction in reactions { _ = try tuned.place(of: reaction) } }
  }

  /// Computes W₁…W₅ in arbitrary units per nucleon; only after tuning.
  package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    guard let tuned else {
      throw NuTuneError(.usage, key: "neural-sf", found: "a model that has not been tuned", expected: "a tuned model")
    }
    var outputs = try tuned.outputs(for: reaction, at: points)
    if let prior, prior.use == .ratio {
      let offsets: [Float] = try prior.outputs(settings.head, of: reaction, at: points)
      for i in offsets.indices { outputs[i] += offsets[i] }
    }
    return settings.head.structureFunctions(outputs, at: points)
  }

  /// Trains on near-detector data; deterministic for a seed and any number of threads.
  package func tuned(on problem: TuningProblem) throws -> TuningResult {
    let signNetworks = try signNetworks(for: problem)
    let features = NetworkFeatures(
      features: settings.features, scale: settings.inputScale, standardizedOver: problem.nodes)
    let (parameters, record) = try settings.training.train(
      on: problem, stopOn: settings.stopOn, stepsBefore: prior?.use == .pretrain ? settings.pretrainingSteps : 0,
      objective: { problem in
        try DevianceObjective<Float>(
          problem: problem, networks: signNetworks, head: settings.head, features: features,
          offsets: try offsets(problem, signNetworks), floor: settings.training.floor,
          assumedEvents: settings.training.stopping.assumedEvents)
      },
      start: {
        try startingParameters(problem, signNetworks, features) + problem.startingResponse.map { Float($0) }
      })
    let ofNets = Array(parameters.prefix(signNetworks.parameterCount))
    let tuned = TunedNetworks(networks: signNetworks, parameters: ofNets, features: features)
    let model = NeuralStructureFunctions(settings: settings, prior: prior, tuned: tuned)
    var result = TuningResult(model: model, state: tuned.state, record: record)
    if problem.followsResponse {
      let response = TrainedResponse(problem, assumedEvents: settings.training.stopping.assumedEvents)
      result.record.response = try response.estimates(
        parameters.dropFirst(ofNets.count).map { Double($0) }, problem, nodeValues: try model.nodeValues(problem))
    }
    return result
  }

  /// True: they are trained with the nets.
  package var fitsResponse: Bool { true }

  /// True: the nets of all components are trained on the sum.
  package var learnsSums: Bool { true }

  /// Computes a, b, c at the nodes of a problem for each of its samples, shape [samples][3 · nodes].
  private func nodeValues(_ problem: TuningProblem) throws -> [[Double]] {
    try problem.samples.map { sample in
      var sum = [Double](repeating: 0, count: 3 * problem.nodes.count)
      for (reaction, share) in sample.reactions {
        let functions = try structureFunctions(of: reaction, at: problem.nodes)
        let values = LeptonTensor(reaction.species).nodeValues(of: functions, at: problem.nodes).flatMap { $0 }
        for index in sum.indices { sum[index] += share * values[index] }
      }
      return sum
    }
  }

  /// Restores the tuned model from a saved state.
  package func restored(from state: ModelState) throws -> any CrossSectionModel {
    NeuralStructureFunctions(
      settings: settings, prior: prior, tuned: try TunedNetworks(state, settings: settings))
  }

  /// Computes the loss of the whole chain net → fold → deviance and its gradient, in double precision, at given
  /// parameters of all nets (nil: random ones, like the start of a training without a prior); for checks of the
  /// gradient.
  package func deviance(
    on problem: TuningProblem, parameters: [Double]? = nil
  ) throws -> (loss: Double, gradient: [Double], parameters: [Double]) {
    try evaluated(on: problem, parameters: parameters)
  }

  /// Computes the gradient of ``deviance(on:parameters:)`` in single precision, as trainings do.
  package func singlePrecisionGradient(on problem: TuningProblem, parameters: [Double]) throws -> [Float] {
    try evaluated(on: problem, parameters: parameters.map { Float($0) }).gradient
  }

  private func evaluated<Scalar: HeadScalar>(
    on problem: TuningProblem, parameters: [Scalar]?
  ) throws -> (loss: Double, gradient: [Scalar], parameters: [Scalar]) {
    let networks = try signNetworks(for: problem)
    let objective = try DevianceObjective<Scalar>(
      problem: problem, networks: networks, head: settings.head,
      features: NetworkFeatures(
        features: settings.features, scale: settings.inputScale, standardizedOver: problem.nodes),
      offsets: try offsets(problem, networks), floor: settings.training.floor,
      assumedEvents: settings.training.stopping.assumedEvents)
    let parameters =
      try parameters ?? networks.initialParameters(seed: problem.seed) + problem.startingResponse.map { Scalar($0) }
    var gradient = [Scalar](repeating: 0, count: objective.parameterCount)
    let loss = try parameters.withUnsafeBufferPointer { parameters in
      try gradient.withUnsafeMutableBufferPointer { try objective.evaluate(parameters: parameters, gradient: $0) }
    }
    return (loss, gradient, parameters)
  }

  /// Returns the nets for the neutrino signs and targets of a problem. Electron and muon samples of one sign share their
  /// outputs: W₄ = 0 and 2xF₅ = F₂, by default, or five functions leave nothing else that depends on the lepton but its
  /// mass.
  private func signNetworks(for problem: TuningProblem) throws -> SignNetworks {
    let nuclei = LearnedNucleus.all(of: problem.reactions)
    return try SignNetworks(settings.signs, nuclei: nuclei, head: settings.shape)
  }
}
