import NuTuneCore
import NuTuneLearning

extension NeuralStructureFunctions {
  /// Computes the outputs of the prior at the nodes for each neutrino sign and target, when nets learn the ratio to it;
  /// shape [outputs][nodes] each.
  func offsets<Scalar: HeadScalar>(
    _ problem: TuningProblem, _ networks: SignNetworks
  ) throws -> [LearnedNucleus: [Scalar]]? {
    guard let prior, prior.use == .ratio else { return nil }
    return try priorOutputs(prior, problem, networks)
  }

  private func priorOutputs<Scalar: HeadScalar>(
    _ prior: TheoryPrior, _ problem: TuningProblem, _ networks: SignNetworks
  ) throws -> [LearnedNucleus: [Scalar]] {
    var outputs: [LearnedNucleus: [Scalar]] = [:]
    for nucleus in networks.nuclei {
      let served = problem.samples.lazy.compactMap { sample in
        sample.components.map(\.reaction).first(where: nucleus.serves).map { sample.reactions(like: $0) }
      }
      guard let reactions = served.first else { continue }
      outputs[nucleus] = try prior.outputs(settings.head, of: reactions, at: problem.nodes)
    }
    return outputs
  }

  /// Returns the initial parameters of a training: random; with zero outputs when the ratio to a prior is learned; or
  /// pretrained on the prior.
  func startingParameters(
    _ problem: TuningProblem, _ networks: SignNetworks, _ features: NetworkFeatures
  ) throws -> [Float] {
    var parameters: [Float] = try networks.initialParameters(seed: problem.seed)
    guard let prior else { return parameters }
    switch prior.use {
    case .ratio:
      for net in networks.nets {
        guard let last = net.shape.layers.last else { continue }
        for index in last.weights { parameters[net.parameters.lowerBound + index] = 0 }
      }
      return parameters
    case .pretrain:
      var objective = PretrainingObjective(
        networks: networks, inputs: features.inputs(at: problem.nodes),
        targets: try priorOutputs(prior, problem, networks), threads: problem.threads)
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
