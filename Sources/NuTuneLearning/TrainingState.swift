/// All that training needs to go on: encode it, and training resumed from it ends with the same bits.
public struct TrainingState<Scalar: NetworkScalar>: Sendable, Equatable {
  /// The parameters after `step` steps.
  public internal(set) var parameters: [Scalar]
  /// The optimiser's moments.
  public internal(set) var optimizer: Adam<Scalar>
  /// The last losses, oldest first, as far as the convergence criterion looks back.
  public internal(set) var recentLosses: [Double]
  /// The loss history, evenly spaced in steps.
  public internal(set) var history: [LossPoint]
  /// Averaged parameters, which a stopping rule judges; empty without one.
  public internal(set) var average: [Scalar]
  /// The best judgement so far.
  public internal(set) var best: JudgedStep?
  /// The parameters of the best judgement; empty without one.
  public internal(set) var bestParameters: [Scalar]

  /// What training would return: the parameters of the best judgement, where there was one.
  public var chosenParameters: [Scalar] { best == nil ? parameters : bestParameters }

  /// Steps taken so far.
  public var step: Int { optimizer.step }

  /// Training that has not begun.
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
  /// Lets the average follow the parameters; see ``StoppingRule``.
  mutating func updateAverage() {
    let weight = Scalar((StoppingRule.exponent + 1) / (Double(step) + StoppingRule.exponent))
    for i in average.indices { average[i] += weight * (parameters[i] - average[i]) }
  }

  /// Keeps these parameters if the judging data say that they are the best so far.
  mutating func judge(_ candidate: [Scalar], loss: Double) {
    guard loss < best?.loss ?? .infinity else { return }
    best = JudgedStep(step: step, loss: loss)
    bestParameters = candidate
  }
}
