import NuTuneCore
import NuTuneLearning

extension NeuralStructureFunctions {
  /// Computes the outputs of the prior at the nodes for each net, when nets learn the ratio to it; shape
  /// [nets][outputs][nodes].
  func offsets<Scalar: HeadScalar>(_ problem: TuningProblem, _ nuclei: [LearnedNucleus]) throws -> [[Scalar]]? {
    guard let prior, prior.use == .ratio else { return nil }
    return try priorOutputs(prior, problem, nuclei)
  }

  private func priorOutputs<Scalar: HeadScalar>(
    _ prior: TheoryPrior, _ problem: TuningProblem, _ nuclei: [LearnedNucleus]
  ) throws -> [[Scalar]] {
    try nuclei.map { nucleus in
      guard let reaction = problem.samples.map(\.sample.reaction).first(where: nucleus.serves)
      else { throw NuTuneError(.internalError, found: "no \(nucleus.name) sample", expected: "one") }
      return try prior.outputs(settings.head, of: reaction, at: problem.nodes)
    }
  }

  /// Returns the initial parameters of a training: random; with zero outputs when the ratio to a prior is learned; or
  /// pretrained on the prior.
  func startingParameters(
    _ problem: TuningProblem, _ nuclei: [LearnedNucleus], _ features: NetworkFeatures
  ) throws -> [Float] {
    let shape = settings.shape
    var parameters: [Float] = try Self.initialParameters(shape, nuclei: nuclei, seed: problem.seed)
    guard let prior else { return parameters }
    switch prior.use {
    case .ratio:
      guard let last = shape.layers.last else { return parameters }
      for net in nuclei.indices {
        for index in last.weights { parameters[net * shape.parameterCount + index] = 0 }
      }
      return parameters
    case .pretrain:
      var objective = PretrainingObjective(
        network: NeuralNetwork(shape: shape), inputs: features.inputs(at: problem.nodes),
        targets: try priorOutputs(prior, problem, nuclei), nodes: problem.nodes.count, threads: problem.threads)
      let options = try settings.pretrainingOptions()
      let (final, _) = try Trainer(options: options).train(
        &objective, from: TrainingState<Float>(parameters: parameters, options: options),
        onProgress: {
          problem.progress(
            TuningProgress(
              step: $0.step, steps: $0.steps + settings.training.options.schedule.steps, loss: $0.loss))
        },
        onCheckpoint: { _ in })
      return final.parameters
    }
  }
}
