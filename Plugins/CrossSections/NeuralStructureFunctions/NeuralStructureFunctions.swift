import NuTuneCore
import NuTuneLearning
import NuTuneNumerics

/// `neural-sf`: nets for the independent structure functions, trained on near-detector data.
///
/// One lepton mass determines three functions per neutrino sign, so there is one net with three outputs for neutrinos
/// and one for antineutrinos, and for each target if there are several; see ``PositiveHead``. Electrons and muons of one sign together see all five, for which
/// nets have five outputs (`network.mass_functions: bounded`); leptons of a sign share a net, because nothing else
/// depends on the lepton but its mass. The scale is learned from data that have one, numbers of
/// events or measured cross sections; tuned on shapes, cross sections are in arbitrary units.
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

  /// Accepts the reactions of the prior; after tuning, those with a neutrino sign of the tuning data, and with a target of
  /// theirs if these have several.
  package func check(_ reactions: [Reaction]) throws {
    try prior?.model.check(reactions)
    if let tuned { for reaction in reactions { _ = try tuned.parameters(for: reaction) } }
  }

  /// Computes W₁…W₅ in arbitrary units per nucleon; only after tuning.
  package func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    guard let tuned else {
      throw NuTuneError(.usage, key: "neural-sf", found: "a model that has not been tuned", expected: "a tuned model")
    }
    let network = NeuralNetwork<Float>(shape: settings.shape)
    var outputs = network.outputs(
      parameters: try tuned.parameters(for: reaction), inputs: tuned.features.inputs(at: points))
    if let prior, prior.use == .ratio {
      let offsets: [Float] = try prior.outputs(settings.head, of: reaction, at: points)
      for i in offsets.indices { outputs[i] += offsets[i] }
    }
    return settings.head.structureFunctions(outputs, at: points)
  }

  /// Trains on near-detector data; deterministic for a seed and any number of threads.
  package func tuned(on problem: TuningProblem) throws -> TuningResult {
    let nuclei = LearnedNucleus.all(of: problem.samples.map(\.sample.reaction))
    let features = NetworkFeatures(
      features: settings.features, scale: settings.inputScale, standardizedOver: problem.nodes)
    let (parameters, record) = try settings.training.train(
      on: problem, stepsBefore: prior?.use == .pretrain ? settings.pretrainingSteps : 0,
      objective: { problem in
        try DevianceObjective<Float>(
          problem: problem, nuclei: nuclei, network: NeuralNetwork(shape: settings.shape),
          head: settings.head, features: features, offsets: try offsets(problem, nuclei),
          floor: settings.training.floor)
      },
      start: { try startingParameters(problem, nuclei, features) })
    let networks = TunedNetworks(nuclei: nuclei, parameters: parameters, features: features)
    return TuningResult(
      model: NeuralStructureFunctions(settings: settings, prior: prior, tuned: networks),
      state: networks.state(shape: settings.shape), record: record)
  }

  /// Restores the tuned model from a saved state.
  package func restored(from state: ModelState) throws -> any CrossSectionModel {
    NeuralStructureFunctions(
      settings: settings, prior: prior,
      tuned: try TunedNetworks(state, shape: settings.shape, features: settings.features))
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
    let nuclei = LearnedNucleus.all(of: problem.samples.map(\.sample.reaction))
    let objective = try DevianceObjective<Scalar>(
      problem: problem, nuclei: nuclei, network: NeuralNetwork(shape: settings.shape), head: settings.head,
      features: NetworkFeatures(
        features: settings.features, scale: settings.inputScale, standardizedOver: problem.nodes),
      offsets: try offsets(problem, nuclei), floor: settings.training.floor)
    let parameters =
      try parameters ?? Self.initialParameters(settings.shape, nuclei: nuclei, seed: problem.seed)
    var gradient = [Scalar](repeating: 0, count: objective.parameterCount)
    let loss = try parameters.withUnsafeBufferPointer { parameters in
      try gradient.withUnsafeMutableBufferPointer { try objective.evaluate(parameters: parameters, gradient: $0) }
    }
    return (loss, gradient, parameters)
  }

  /// Draws the nets' parameters before training, one neutrino sign after the other, each from its own random stream.
  /// Outputs for W₄ and W₅ start at zero, and the others start as they do without them.
  static func initialParameters<Scalar: HeadScalar>(
    _ shape: NetworkShape, nuclei: [LearnedNucleus], seed: UInt64
  ) throws -> [Scalar] {
    try nuclei.flatMap { nucleus -> [Scalar] in
      let stream = try RandomStream(seed: seed, purpose: "neural-sf.\(nucleus.name)", member: 0)
      var parameters = shape.initialParameters(Scalar.self) { stream.gaussian() }
      if let last = shape.layers.last {
        for index in last.weights.dropFirst(PositiveHead.masslessOutputs * last.inputs) { parameters[index] = 0 }
      }
      return parameters
    }
  }
}
