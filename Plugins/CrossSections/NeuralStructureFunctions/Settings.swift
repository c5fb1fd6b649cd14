import NuTuneCore
import NuTuneLearning

/// The parameters of `neural-sf`.
struct Settings: Sendable {
  let features: [String]
  let inputScale: Double
  let head: PositiveHead
  let priorUse: TheoryPrior.Use
  let pretrainingSteps: Int
  let signs: SignNetworks.Sharing
  /// The shape of a net with the outputs of one neutrino sign.
  let shape: NetworkShape
  let training: TrainingSettings
  /// Positions whose samples judge the training and are not trained on; empty for none.
  let stopOn: [String]

  static let parameters =
    [
      ParameterDeclaration(
        "network.hidden", default: .numbers([64, 64, 64]), .integers(1...4096, count: 1...12),
        "widths of the hidden layers"),
      Activation.parameter,
      ParameterDeclaration(
        "network.features", default: .texts(["psi", "w2", "q2"]), .texts(choices: NetworkFeatures.names),
        "functions of the invariants that enter the nets"),
      ParameterDeclaration(
        "network.input_scale", default: .number(3), .number(0.01...100),
        "standard deviation of the inputs over the nodes"
      ),
      ParameterDeclaration(
        "network.longitudinal", default: .text("independent"),
        .choice(PositiveHead.Longitudinal.allCases.map(\.rawValue)),
        "what the second output is: ln W_L, ln(W_L/W_T) or ln(W_T + W_L)"),
      ParameterDeclaration(
        "network.mass_functions", default: .text("fixed"),
        .choice(PositiveHead.MassFunctions.allCases.map(\.rawValue)),
        "W₄ and W₅: fixed (W₄ = 0, 2xF₅ = F₂), or learned within bounds that keep cross sections positive"),
      ParameterDeclaration(
        "network.signs", default: .text("separate"), .choice(SignNetworks.Sharing.allCases.map(\.rawValue)),
        "ν and ν̄: a net for each, or one net for both, in which ν̄ are ν and a difference that starts at zero"),
      ParameterDeclaration(
        "prior_use", default: .text("ratio"), .choice(TheoryPrior.Use.allCases.map(\.rawValue)),
        "with a prior: learn the ratio to it, or start from a net that was fitted to it"),
      ParameterDeclaration(
        "training.pretraining_steps", default: .integer(2000), .integer(1...1_000_000),
        "steps of the fit to the prior (prior_use: pretrain)"),
    ]
    + [
      ParameterDeclaration(
        "training.stop_on", default: .texts([]), .texts(choices: []),
        "near positions or measurements that are not trained on: training ends where they are described best, as "
          + "training.judging_interval and training.patience say; they count as learned from")
    ]
    + TrainingSettings.parameters(
      steps: 8000, finalLearningRate: 1e-4,
      floorMeaning:
        "share of the rate below which a bin's prediction is held up, because interpolation does not resolve it")

  init(_ parameters: ParameterValues) throws {
    features = parameters.texts("network.features")
    guard !features.isEmpty, Set(features).count == features.count else {
      throw NuTuneError(
        .badData, at: parameters.location(of: "network.features"), key: "network.features",
        found: "[\(features.joined(separator: ", "))]", expected: "at least one feature, each once")
    }
    inputScale = parameters.number("network.input_scale")
    head = PositiveHead(
      longitudinal: PositiveHead.Longitudinal(rawValue: parameters.text("network.longitudinal")) ?? .independent,
      massFunctions: PositiveHead.MassFunctions(rawValue: parameters.text("network.mass_functions")) ?? .fixed)
    signs = SignNetworks.Sharing(rawValue: parameters.text("network.signs")) ?? .separate
    stopOn = parameters.texts("training.stop_on")
    priorUse = TheoryPrior.Use(rawValue: parameters.text("prior_use")) ?? .ratio
    pretrainingSteps = parameters.integer("training.pretraining_steps")
    do throws(LearningError) {
      shape = try NetworkShape(
        inputs: features.count, hiddenWidths: parameters.integers("network.hidden"), outputs: head.outputs,
        activation: Activation(parameters))
      training = try TrainingSettings(parameters)
    } catch {
      throw NuTuneError(.badData, found: error.description, expected: "a net and a schedule that make sense")
    }
  }

  /// Returns the options of a pretraining.
  func pretrainingOptions() throws(LearningError) -> TrainingOptions {
    var options = training.options
    options.schedule = try CosineSchedule(
      initial: options.schedule.initial, final: options.schedule.final, steps: pretrainingSteps)
    options.checkpoints = .never
    return options
  }
}
