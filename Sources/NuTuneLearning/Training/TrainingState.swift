/// The complete state of a training: a training resumed from its encoded state ends with the same bits.
public struct TrainingState<Scalar: NetworkScalar>: Sendable, Equatable {
  /// The parameters after `step` steps.
  public internal(set) var parameters: [Scalar]
  /// The optimiser's moments.
  public internal(set) var optimizer: Adam<Scalar>
  /// The last losses, oldest first, as many as the convergence criterion needs.
  public internal(set) var recentLosses: [Double]
  /// The loss history, evenly spaced in steps.
  public internal(set) var history: [LossPoint]
  /// Averaged parameters for the stopping rule; empty without one.
  public internal(set) var average: [Scalar]
  /// The best judgement so far.
  public internal(set) var best: JudgedStep?
  /// The parameters of the best judgement; empty without one.
  public internal(set) var bestParameters: [Scalar]

  /// The parameters that training would return: those of the best judgement, if there was one.
  public var chosenParameters: [Scalar] { best == nil ? parameters : bestParameters }

  /// Number of steps taken so far.
  public var step: Int { optimizer.step }

  /// Creates the state before the first step.
  public init(parameters: [Scalar], options: TrainingOptions) {
    self.parameters = parameters
    optimizer = Adam(
      parameterCount: parameters.count, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon)
    recentLosses = []
    history = []
    average = options.stopping == nil ? [] : parameters
    bestParameters = []
  }

  init(
    parameters: [Scalar], optimizer: Adam<Scalar>, recentLosses: [Double], history: [LossPoint], average: [Scalar],
    best: JudgedStep?, bestParameters: [Scalar]
  ) {
    self.parameters = parameters
    self.optimizer = optimizer
    self.recentLosses = recentLosses
    self.history = history
    self.average = average
    self.best = best
    self.bestParameters = bestParameters
  }
}

extension TrainingState {
  /// Updates the average with the current parameters; see ``StoppingRule``.
  mutating func updateAverage() {
    let weight = Scalar((StoppingRule.exponent + 1) / (Double(step) + StoppingRule.exponent))
    for i in average.indices { average[i] += weight * (parameters[i] - average[i]) }
  }

  /// Keeps these parameters if their loss on the judging data is the lowest so far.
  mutating func judge(_ candidate: [Scalar], loss: Double) {
    guard loss < best?.loss ?? .infinity else { return }
    best = JudgedStep(step: step, loss: loss)
    bestParameters = candidate
  }
}
