import Foundation

/// Minimises an objective with Adam along a cosine schedule.
///
///     let trainer = try Trainer(options: options)
///     let start = TrainingState(parameters: shape.initialParameters(using: &generator), options: options)
///     let result = try trainer.train(&objective, from: start)
///
/// The time of day determines when checkpoints are taken, but no number.
public struct Trainer: Sendable {
  /// The options of every run.
  public let options: TrainingOptions

  /// - Throws: `LearningError.invalidOptions` if the options make no sense.
  public init(options: TrainingOptions) throws(LearningError) {
    try options.check()
    self.options = options
  }

  /// Progress of a training, for display.
  public struct Progress: Sendable {
    /// Number of steps taken.
    public let step: Int
    /// Number of steps of the schedule.
    public let steps: Int
    /// The loss before the latest step.
    public let loss: Double
  }

  /// Trains from a state (fresh or decoded from a checkpoint) to the end.
  ///
  /// - Parameters:
  ///   - objective: The loss to be minimised.
  ///   - state: The initial state.
  ///   - onProgress: Called every `options.progressInterval` steps and after the last.
  ///   - onCheckpoint: Called according to `options.checkpoints`; an error that it throws ends the training.
  /// - Returns: The final state, whose `chosenParameters` are the result, and the record of all steps.
  /// - Throws: `LearningError.nonFiniteLoss` or `.nonFiniteGradient` with the step; `LearningError.invalidState` if the
  ///   state does not fit objective and options; errors of the objective.
  public func train<Objective: TrainingObjective>(
    _ objective: inout Objective, from state: TrainingState<Objective.Scalar>,
    onProgress: (Progress) -> Void = { _ in }, onCheckpoint: (TrainingState<Objective.Scalar>) throws -> Void = { _ in }
  ) throws -> (state: TrainingState<Objective.Scalar>, record: TrainingRecord) {
    try check(state, parameterCount: objective.parameterCount)
    var state = state
    let gradient: UnsafeMutablePointer<Objective.Scalar> = alignedZeros(objective.parameterCount)
    defer { gradient.deallocate() }
    let gradientBuffer = UnsafeMutableBufferPointer(start: gradient, count: objective.parameterCount)

    let clock = ContinuousClock()
    var lastCheckpoint = clock.now
    while true {
      if let outcome = verdict(state) {
        let loss = try evaluate(&objective, state.chosenParameters, state.step, gradientBuffer)
        let record = TrainingRecord(
          outcome: outcome, steps: state.step, finalLoss: loss, initialLoss: state.history.first?.loss,
          history: state.history + [LossPoint(step: state.step, loss: loss)], best: state.best)
        return (state, record)
      }
      let step = state.step
      let loss = try evaluate(&objective, state.parameters, state.step, gradientBuffer)
      if step % options.historyStride == 0 { state.history.append(LossPoint(step: step, loss: loss)) }
      if state.recentLosses.count == options.convergence.memory { state.recentLosses.removeFirst() }
      state.recentLosses.append(loss)
      state.optimizer.update(
        &state.parameters, gradient: UnsafeBufferPointer(gradientBuffer),
        learningRate: options.schedule.learningRate(step: step))
      try judge(&objective, &state)

      if state.step % options.progressInterval == 0 || state.step == options.schedule.steps {
        onProgress(Progress(step: state.step, steps: options.schedule.steps, loss: loss))
      }
      switch options.checkpoints {
      case .steps(let interval) where state.step % interval == 0:
        try onCheckpoint(state)
      case .seconds(let interval) where clock.now - lastCheckpoint >= .seconds(interval):
        try onCheckpoint(state)
        lastCheckpoint = clock.now
      default: break
      }
    }
  }

  /// Judges the averaged parameters if a judgement is due; at the end also the last parameters.
  private func judge<Objective: TrainingObjective>(
    _ objective: inout Objective, _ state: inout TrainingState<Objective.Scalar>
  ) throws {
    guard let rule = options.stopping else { return }
    state.updateAverage()
    let ends = state.step == options.schedule.steps || verdict(state) != nil
    guard state.step % rule.interval == 0 || ends else { return }
    // The last steps have a low learning rate: they may be better than an average that remembers earlier ones.
    for candidate in ends ? [state.average, state.parameters] : [state.average] {
      let loss = try candidate.withUnsafeBufferPointer { try objective.judge(parameters: $0) }
      guard loss.isFinite else { throw LearningError.nonFiniteLoss(step: state.step, loss: loss) }
      state.judge(candidate, loss: loss)
    }
  }

  private func evaluate<Objective: TrainingObjective>(
    _ objective: inout Objective, _ parameters: [Objective.Scalar], _ step: Int,
    _ gradient: UnsafeMutableBufferPointer<Objective.Scalar>
  ) throws -> Double {
    _ = UnsafeMutableRawBufferPointer(gradient).initializeMemory(as: UInt8.self, repeating: 0)
    let loss = try parameters.withUnsafeBufferPointer { parameters in
      try objective.evaluate(parameters: parameters, gradient: gradient)
    }
    guard loss.isFinite else { throw LearningError.nonFiniteLoss(step: step, loss: loss) }
    if let component = Objective.Scalar.firstNonFinite(UnsafeBufferPointer(gradient)) {
      throw LearningError.nonFiniteGradient(step: step, component: component)
    }
    return loss
  }

  /// Returns how training ends in this state, or nil if it goes on; depends on state and options only.
  private func verdict<Scalar>(_ state: TrainingState<Scalar>) -> TrainingRecord.Outcome? {
    if let target = options.targetLoss, let loss = state.recentLosses.last, loss <= target {
      return .converged(reason: "the loss reached the target \(target)")
    }
    if let reason = options.stopping?.reason(step: state.step, best: state.best) { return .converged(reason: reason) }
    let atEnd = state.step >= options.schedule.steps
    guard atEnd || options.convergence.stopsEarly, state.step > 0 else { return nil }
    if atEnd, let reason = options.stopping?.reason(step: state.step, best: state.best, atEnd: true) {
      return .converged(reason: reason)
    }
    let rate = options.schedule.learningRate(step: state.step - 1)
    if !atEnd && rate > 2 * options.schedule.final { return nil }
    let objection = options.convergence.objection(
      losses: state.recentLosses, learningRate: rate, finalLearningRate: options.schedule.final)
    if let objection { return atEnd ? .notConverged(reason: objection) : nil }
    let criterion = options.convergence
    return .converged(
      reason: "the smoothed loss changed by less than a fraction \(criterion.relativeDecrease) over the last "
        + "\(criterion.window) steps")
  }

  private func check<Scalar>(_ state: TrainingState<Scalar>, parameterCount: Int) throws(LearningError) {
    guard state.parameters.count == parameterCount, state.optimizer.firstMoment.count == parameterCount,
      state.optimizer.secondMoment.count == parameterCount
    else {
      throw LearningError.invalidState("\(state.parameters.count) parameters, the objective has \(parameterCount)")
    }
    let optimizer = state.optimizer
    guard optimizer.beta1 == options.beta1, optimizer.beta2 == options.beta2, optimizer.epsilon == options.epsilon
    else {
      throw LearningError.invalidState("the state was made with other settings of Adam")
    }
    guard state.step >= 0, state.step <= options.schedule.steps else {
      throw LearningError.invalidState("step \(state.step) of a schedule of \(options.schedule.steps)")
    }
    guard state.average.count == (options.stopping == nil ? 0 : parameterCount) else {
      throw LearningError.invalidState("the state was made with another stopping rule")
    }
    guard state.recentLosses.count == min(state.step, options.convergence.memory) else {
      throw LearningError.invalidState("the state was made with another convergence window")
    }
  }
}
