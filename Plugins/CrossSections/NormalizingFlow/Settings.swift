import NuTuneCore
import NuTuneLearning

/// The parameters of `normalizing-flow`.
struct Settings: Sendable {
  let shape: FlowShape
  let forward: Double
  let resolution: QuadratureResolution
  private let schedule: TrainingOptions
  let stopping: StoppingSettings
  let floor: Double

  static let parameters =
    [
      ParameterDeclaration(
        "spline.bins", default: .numbers([12, 6, 8]), .integers(2...256, count: 3...3),
        "bins of the splines along E_ν, E_l and cosθ"),
      ParameterDeclaration(
        "spline.forward", default: .number(20), .number(1e-3...1e6),
        "how much room the coordinate behind cosθ, ln(1 + forward·(1 − cosθ)/2), makes for forward leptons"),
      ParameterDeclaration(
        "network.hidden", default: .numbers([32, 32]), .integers(1...4096, count: 1...12),
        "widths of the hidden layers of the nets that shape the splines along E_l and cosθ"),
      ParameterDeclaration(
        "network.activation", default: .text("silu"), .choice(Activation.allCases.map(\.rawValue)),
        "activation of the hidden layers"),
      ParameterDeclaration(
        "network.input_scale", default: .number(1), .number(0.01...100), "inputs of the nets lie within ± this"),
      ParameterDeclaration(
        "quadrature.merged_cells", default: .integer(4), .integer(1...1000),
        "E_ν cells of the study that make one during training"),
      ParameterDeclaration(
        "quadrature.points_energy", default: .integer(1), .integer(1...32),
        "quadrature points in each of these during training"),
      ParameterDeclaration(
        "quadrature.points_lepton", default: .integer(4), .integer(1...32),
        "least number of quadrature points along the first observable of a bin during training"),
      ParameterDeclaration(
        "quadrature.points_angle", default: .integer(4), .integer(1...32),
        "least number of quadrature points along the second observable of a bin during training"),
      ParameterDeclaration(
        "quadrature.accuracy", default: .number(1e-2), .number(1e-6...0.5),
        "relative error above which a bin gets more points during training; bins of one row that have the same points "
          + "share what the nets say of them, so a tighter one costs more than its points"),
      ParameterDeclaration(
        "training.steps", default: .integer(3000), .integer(1...10_000_000), "full-batch steps of the schedule"),
      ParameterDeclaration(
        "training.learning_rate", default: .number(1e-2), .number(1e-8...10), "learning rate of Adam at the start"),
      ParameterDeclaration(
        "training.final_learning_rate", default: .number(3e-5), .number(1e-10...10),
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
        "share of the rate that is added to each bin, because some are reached between quadrature points only"),
      ParameterDeclaration(
        "training.checkpoint_interval", unit: "s", default: .number(5), .number(0...1e6),
        "time between checkpoints; no influence on results"),
    ] + StoppingSettings.parameters

  init(_ parameters: ParameterValues) throws {
    forward = parameters.number("spline.forward")
    resolution = QuadratureResolution(
      mergedCells: parameters.integer("quadrature.merged_cells"),
      energyPoints: parameters.integer("quadrature.points_energy"),
      firstPoints: parameters.integer("quadrature.points_lepton"),
      secondPoints: parameters.integer("quadrature.points_angle"),
      accuracy: parameters.number("quadrature.accuracy"))
    floor = parameters.number("training.floor")
    stopping = StoppingSettings(parameters)
    do throws(LearningError) {
      shape = try FlowShape(
        bins: parameters.integers("spline.bins"), hidden: parameters.integers("network.hidden"),
        activation: Activation(rawValue: parameters.text("network.activation")) ?? .silu,
        inputScale: parameters.number("network.input_scale"))
      schedule = TrainingOptions(
        schedule: try CosineSchedule(
          initial: parameters.number("training.learning_rate"),
          final: parameters.number("training.final_learning_rate"), steps: parameters.integer("training.steps"),
          warmUp: parameters.integer("training.warm_up")),
        convergence: try ConvergenceCriterion(
          window: parameters.integer("training.window"),
          relativeDecrease: parameters.number("training.relative_decrease")),
        beta2: parameters.number("training.beta2"),
        checkpoints: .seconds(parameters.number("training.checkpoint_interval")), progressInterval: 20)
    } catch {
      throw NuTuneError(.badData, found: error.description, expected: "nets and a schedule that make sense")
    }
  }

  /// Returns the options of a training that stops by a rule, or by its schedule alone.
  func options(stopping rule: StoppingRule?) -> TrainingOptions {
    var options = schedule
    options.stopping = rule
    return options
  }
}
