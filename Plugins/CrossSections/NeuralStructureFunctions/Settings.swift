import NuTuneCore
import NuTuneLearning

/// The parameters of `neural-sf`.
struct Settings: Sendable {
  let features: [String]
  let inputScale: Double
  let head: PositiveHead
  let floor: Double
  let priorUse: TheoryPrior.Use
  let pretrainingSteps: Int
  private let hidden: [Int]
  private let activation: Activation
  private let steps: Int
  private let learningRate: Double
  private let finalLearningRate: Double
  private let warmUp: Int
  private let secondMomentDecay: Double
  private let window: Int
  private let relativeDecrease: Double
  private let checkpointSeconds: Double
  let stopping: StoppingSettings

  static let parameters =
    [
      ParameterDeclaration(
        "network.hidden", default: .numbers([64, 64, 64]), .integers(1...4096, count: 1...12),
        "widths of the hidden layers"),
      ParameterDeclaration(
        "network.activation", default: .text("silu"), .choice(Activation.allCases.map(\.rawValue)),
        "activation of the hidden layers"),
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
        "prior_use", default: .text("ratio"), .choice(TheoryPrior.Use.allCases.map(\.rawValue)),
        "with a prior: learn the ratio to it, or start from a net that was fitted to it"),
      ParameterDeclaration(
        "training.pretraining_steps", default: .integer(2000), .integer(1...1_000_000),
        "steps of the fit to the prior (prior_use: pretrain)"),
      ParameterDeclaration(
        "training.steps", default: .integer(8000), .integer(1...10_000_000), "full-batch steps of the schedule"),
      ParameterDeclaration(
        "training.learning_rate", default: .number(1e-2), .number(1e-8...10), "learning rate of Adam at the start"),
      ParameterDeclaration(
        "training.final_learning_rate", default: .number(1e-4), .number(1e-10...10),
        "learning rate at the end of the cosine schedule"),
      ParameterDeclaration(
        "training.warm_up", default: .integer(0), .integer(0...1_000_000), "steps of linear warm-up"),
      ParameterDeclaration(
        "training.beta2", default: .number(0.99), .number(0...0.999999), "decay of Adam's second moment"),
      ParameterDeclaration(
        "training.window", default: .integer(100), .integer(1...1_000_000),
        "steps the loss is averaged over to judge convergence"),
      ParameterDeclaration(
        "training.relative_decrease", default: .number(0.02), .number(1e-9...0.999),
        "largest change of the averaged loss from one window to the next when converged"),
      ParameterDeclaration(
        "training.floor", default: .number(1e-11), .number(1e-15...1e-3),
        "share of the rate below which a bin's prediction is held up, because interpolation does not resolve it"),
      ParameterDeclaration(
        "training.checkpoint_interval", unit: "s", default: .number(5), .number(0...1e6),
        "time between checkpoints; no influence on results"),
    ] + StoppingSettings.parameters

  init(_ parameters: ParameterValues) throws {
    features = parameters.texts("network.features")
    guard !features.isEmpty, Set(features).count == features.count else {
      throw NuTuneError(
        .badData, at: parameters.location(of: "network.features"), key: "network.features",
        found: "[\(features.joined(separator: ", "))]", expected: "at least one feature, each once")
    }
    hidden = parameters.integers("network.hidden")
    activation = Activation(rawValue: parameters.text("network.activation")) ?? .silu
    inputScale = parameters.number("network.input_scale")
    head = PositiveHead(
      longitudinal: PositiveHead.Longitudinal(rawValue: parameters.text("network.longitudinal")) ?? .independent)
    steps = parameters.integer("training.steps")
    learningRate = parameters.number("training.learning_rate")
    finalLearningRate = parameters.number("training.final_learning_rate")
    warmUp = parameters.integer("training.warm_up")
    secondMomentDecay = parameters.number("training.beta2")
    window = parameters.integer("training.window")
    relativeDecrease = parameters.number("training.relative_decrease")
    floor = parameters.number("training.floor")
    priorUse = TheoryPrior.Use(rawValue: parameters.text("prior_use")) ?? .ratio
    pretrainingSteps = parameters.integer("training.pretraining_steps")
    checkpointSeconds = parameters.number("training.checkpoint_interval")
    stopping = StoppingSettings(parameters)
    do {
      _ = try shape()
      _ = try options()
    } catch {
      throw NuTuneError(.badData, found: error.description, expected: "a net and a schedule that make sense")
    }
  }

  func shape() throws(LearningError) -> NetworkShape {
    try NetworkShape(
      inputs: features.count, hiddenWidths: hidden, outputs: PositiveHead.outputs, activation: activation)
  }

  /// Returns the number of steps of pretraining, if there is one, and training together.
  func stepsInAll(_ use: TheoryPrior.Use?) -> Int { use == .pretrain ? pretrainingSteps + steps : steps }

  /// Returns the options of a pretraining.
  func pretrainingOptions() throws(LearningError) -> TrainingOptions {
    TrainingOptions(
      schedule: try CosineSchedule(initial: learningRate, final: finalLearningRate, steps: pretrainingSteps, warmUp: 0),
      convergence: try ConvergenceCriterion(window: window, relativeDecrease: relativeDecrease),
      beta2: secondMomentDecay, progressInterval: 20)
  }

  /// Returns the options of a training that stops by a rule, or by its schedule alone.
  func options(stopping rule: StoppingRule? = nil) throws(LearningError) -> TrainingOptions {
    TrainingOptions(
      schedule: try CosineSchedule(initial: learningRate, final: finalLearningRate, steps: steps, warmUp: warmUp),
      convergence: try ConvergenceCriterion(window: window, relativeDecrease: relativeDecrease), stopping: rule,
      beta2: secondMomentDecay, checkpoints: .seconds(checkpointSeconds), progressInterval: 20)
  }
}
