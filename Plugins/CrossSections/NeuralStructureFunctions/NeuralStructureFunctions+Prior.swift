import NuTuneCore
import NuTuneLearning

extension NeuralStructureFunctions {
  /// Computes the outputs of the prior at the nodes for each neutrino sign, when nets learn the ratio to it; shape
  /// [outputs][nodes] each.
  func offsets<Scalar: HeadScalar>(_ problem: TuningProblem) throws -> [Helicity: [Scalar]]? {
    guard let prior, prior.use == .ratio else { return nil }
    return try priorOutputs(prior, problem)
  }

  private func priorOutputs<Scalar: HeadScalar>(
    _ prior: TheoryPrior, _ problem: TuningProblem
  ) throws -> [Helicity: [Scalar]] {
    var outputs: [Helicity: [Scalar]] = [:]
    for reaction in problem.samples.map(\.sample.reaction) where outputs[reaction.species.helicity] == nil {
      outputs[reaction.species.helicity] = try prior.outputs(settings.head, of: reaction, at: problem.nodes)
    }
    return outputs
  }

  /// Returns the initial parameters of a training: random; with zero outputs when the ratio to a prior is learned; or
  /// pretrained on the prior.
  func startingParameters(
    _ problem: TuningProblem, _ networks: SignNetworks, _ features: NetworkFeatures
  ) throws -> [Float] {
    let shape = networks.shape
    var parameters: [Float] = try networks.initialParameters(seed: problem.seed)
    guard let prior else { return parameters }
    switch prior.use {
    case .ratio:
      guard let last = shape.layers.last else { return parameters }
      for net in networks.nets.indices {
        for index in last.weights { parameters[net * shape.parameterCount + index] = 0 }
      }
      return parameters
    case .pretrain:
      var objective = PretrainingObjective(
        networks: networks, inputs: features.inputs(at: problem.nodes), targets: try priorOutputs(prior, problem),
        threads: problem.threads)
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
