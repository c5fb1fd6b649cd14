import NuTuneCore

/// Settings of a training that a user may change: the parameters `training.steps`, `training.learning_rate`,
/// `training.final_learning_rate`, `training.warm_up`, `training.beta2`, `training.window`,
/// `training.relative_decrease`, `training.floor` and `training.checkpoint_interval`, and those of `StoppingSettings`.
///
/// Every model that learns by steps along a gradient has them under the same names and with the same ranges.
public struct TrainingSettings: Sendable, Hashable {
  /// Options of the training, without a stopping rule: the rule depends on the data.
  public let options: TrainingOptions
  /// Share of the rate with which a model keeps the predictions of bins above zero.
  public let floor: Double
  /// Settings of the stopping rule.
  public let stopping: StoppingSettings

  /// Declares the settings, for the parameters of a plugin.
  ///
  /// - Parameters:
  ///   - steps: Default number of steps of the schedule.
  ///   - finalLearningRate: Default learning rate at the end of the schedule.
  ///   - floorMeaning: What the model does with `training.floor`, in one line.
  /// - Returns: The declarations, in the order in which they are shown.
  public static func parameters(
    steps: Int, finalLearningRate: Double, floorMeaning: String
  ) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "training.steps", default: .integer(steps), .integer(1...10_000_000), "full-batch steps of the schedule"),
      ParameterDeclaration(
        "training.learning_rate", default: .number(1e-2), .number(1e-8...10), "learning rate of Adam at the start"),
      ParameterDeclaration(
        "training.final_learning_rate", default: .number(finalLearningRate), .number(1e-10...10),
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
      ParameterDeclaration("training.floor", default: .number(1e-11), .number(1e-15...1e-3), floorMeaning),
      ParameterDeclaration(
        "training.checkpoint_interval", unit: "s", default: .number(5), .number(0...1e6),
        "time between checkpoints; no influence on results"),
    ] + StoppingSettings.parameters
  }

  /// Reads the settings from a plugin's parameters.
  ///
  /// - Parameter parameters: Values of all declared parameters, of which others are ignored.
  /// - Throws: `LearningError.invalidOptions` if the values make no schedule, such as a final learning rate above the
  ///   one at the start.
  public init(_ parameters: ParameterValues) throws(LearningError) {
    options = TrainingOptions(
      schedule: try CosineSchedule(
        initial: parameters.number("training.learning_rate"),
        final: parameters.number("training.final_learning_rate"), steps: parameters.integer("training.steps"),
        warmUp: parameters.integer("training.warm_up")),
      convergence: try ConvergenceCriterion(
        window: parameters.integer("training.window"),
        relativeDecrease: parameters.number("training.relative_decrease")),
      beta2: parameters.number("training.beta2"),
      checkpoints: .seconds(parameters.number("training.checkpoint_interval")), progressInterval: 20)
    floor = parameters.number("training.floor")
    stopping = StoppingSettings(parameters)
  }
}
