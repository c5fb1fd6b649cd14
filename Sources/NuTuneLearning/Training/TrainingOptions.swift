/// Options of a training.
public struct TrainingOptions: Sendable, Hashable {
  /// The times at which `onCheckpoint` is called. The choice never changes a number.
  public enum CheckpointInterval: Sendable, Hashable {
    /// Never.
    case never
    /// After every so many steps.
    case steps(Int)
    /// After the first step that ends so many seconds after the last checkpoint.
    case seconds(Double)
  }

  /// Learning rate and number of steps.
  public var schedule: CosineSchedule
  /// When training counts as converged, and whether it then ends.
  public var convergence: ConvergenceCriterion
  /// Loss at which training stops as converged, whatever the schedule; nil: no such loss.
  public var targetLoss: Double?
  /// The rule that ends training before it learns fluctuations of the data; nil: no such rule.
  public var stopping: StoppingRule?
  /// β₁ of Adam.
  public var beta1: Double
  /// β₂ of Adam.
  public var beta2: Double
  /// ε of Adam.
  public var epsilon: Double
  /// The times at which checkpoints are taken.
  public var checkpoints: CheckpointInterval
  /// Steps between progress reports, at least 1.
  public var progressInterval: Int
  /// Largest number of points of the loss history that are kept (evenly spaced in steps).
  public var historyLength: Int

  /// Creates options with the defaults with which neural-sf was trained.
  public init(
    schedule: CosineSchedule, convergence: ConvergenceCriterion, targetLoss: Double? = nil,
    stopping: StoppingRule? = nil, beta1: Double = 0.9,
    beta2: Double = 0.99, epsilon: Double = 1e-8, checkpoints: CheckpointInterval = .never,
    progressInterval: Int = 100, historyLength: Int = 1000
  ) {
    self.schedule = schedule
    self.convergence = convergence
    self.targetLoss = targetLoss
    self.stopping = stopping
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.checkpoints = checkpoints
    self.progressInterval = progressInterval
    self.historyLength = historyLength
  }

  /// Steps between two points of the loss history.
  var historyStride: Int { max(1, schedule.steps / max(1, historyLength)) }

  func check() throws(LearningError) {
    guard (0..<1).contains(beta1), (0..<1).contains(beta2), epsilon > 0, epsilon.isFinite else {
      throw LearningError.invalidOptions(
        "Adam needs 0 <= beta < 1 and epsilon > 0, found \(beta1), \(beta2), \(epsilon)")
    }
    guard progressInterval >= 1, historyLength >= 1 else {
      throw LearningError.invalidOptions("progress interval and history length must be at least 1")
    }
    switch checkpoints {
    case .steps(let steps) where steps < 1:
      throw LearningError.invalidOptions("steps between checkpoints must be at least 1, found \(steps)")
    case .seconds(let seconds) where !(seconds >= 0):
      throw LearningError.invalidOptions("seconds between checkpoints must not be negative, found \(seconds)")
    default: break
    }
  }
}
