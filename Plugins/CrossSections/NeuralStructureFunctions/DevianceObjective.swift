import NuTuneCore
import NuTuneLearning

/// The whole chain net → structure functions → fold → terms of the likelihood, with its gradient.
///
/// The nets serve the neutrino signs and targets in the data as ``SignNetworks`` says; the parameters of all nets are one
/// flat array, after which the displacements of response parameters stand where these are fitted. The loss is the mean of the
/// samples' terms, weighted by their scales; for shapes that is half the deviance per event.
struct DevianceObjective<Scalar: HeadScalar> {
  private let passes: NetworkPasses<Scalar>
  private let head: PositiveHead
  /// Offsets that are added to the outputs for each neutrino sign and target, shape [outputs][nodes] each; nil adds
  /// nothing.
  private let offsets: [LearnedNucleus: [Scalar]]?
  private let samples: [SampleTerm]
  /// Response parameters that are trained with the nets; nil for none.
  private let response: TrainedResponse?
  private let positive: PositiveRates
  private let threads: Int
  /// Slopes of the activated outputs, shape [parts][tangents][nodes].
  private let slopes: [NodeArray<Scalar>]
  private let values: NodeArray<Scalar>

  private struct SampleTerm {
    let place: SignNetworks.Place
    let weight: Double
    var nodeOperator: any NodeOperator
    /// From node values to the derivatives of the rates with respect to response parameters; empty for none.
    var slopes: [any NodeOperator] = []
    let coefficients: NodeCoefficients<Scalar>
    let term: any LikelihoodTerm
  }

  init(
    problem: TuningProblem, networks: SignNetworks, head: PositiveHead, features: NetworkFeatures,
    offsets: [LearnedNucleus: [Scalar]]?, floor: Double, assumedEvents: Double
  ) throws {
    passes = NetworkPasses(networks, inputs: features.inputs(at: problem.nodes), threads: problem.threads)
    self.offsets = offsets
    self.head = head
    positive = PositiveRates(floor: floor)
    threads = problem.threads
    slopes = NodeArray(rows: networks.parts * head.tangents, nodes: problem.nodes.count).parts(networks.parts)
    values = NodeArray(rows: 3, nodes: problem.nodes.count)

    response =
      problem.followsResponse ? TrainedResponse(problem, assumedEvents: assumedEvents) : nil
    samples = try zip(problem.samples, problem.sampleWeights).map { sample, weight in
      let species = sample.sample.reaction.species
      guard let place = networks.place(of: sample.sample.reaction) else {
        throw NuTuneError(
          .internalError, found: "no net for \(species.rawValue)", expected: "one for each helicity and target")
      }
      return SampleTerm(
        place: place, weight: weight, nodeOperator: sample.nodeOperator,
        coefficients: NodeCoefficients(
          species: species, nodes: problem.nodes, massFunctions: head.massFunctions),
        term: try sample.likelihoodTerm())
    }
  }

  /// Number of parameters of all nets and of the response.
  var parameterCount: Int { passes.networks.parameterCount + (response?.parameters.count ?? 0) }

  /// Returns the loss, and adds its gradient to `gradient`.
  func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double {
    let displacements = displacements(parameters)
    let samples = try samples(at: displacements)
    var loss = response?.penalty(displacements) ?? 0
    var byResponse = response?.penaltySlopes(displacements) ?? []
    for net in passes.networks.nets.indices {
      activate(net: net, parameters: parameters, recording: true)
      for sample in samples where sample.place.net == net { loss += try evaluate(sample, &byResponse) }
      passes.backward(net: net, gradient: gradient)
    }
    for (index, slope) in byResponse.enumerated() { gradient[passes.networks.parameterCount + index] += Scalar(slope) }
    return loss
  }

  /// Displacements of the response parameters, behind the parameters of the nets.
  private func displacements(_ parameters: UnsafeBufferPointer<Scalar>) -> [Double] {
    (response?.parameters.indices ?? 0..<0).map { Double(parameters[passes.networks.parameterCount + $0]) }
  }

  /// The samples with their operators at some displacements.
  private func samples(at displacements: [Double]) throws -> [SampleTerm] {
    guard let response else { return samples }
    return try zip(samples, response.operators(at: displacements)).map { sample, operators in
      guard let operators else { return sample }
      var moved = sample
      (moved.nodeOperator, moved.slopes) = (operators.operation, operators.slopes)
      return moved
    }
  }

  /// Computes predicted rates, kept positive, shape [samples][bins].
  func rates(parameters: UnsafeBufferPointer<Scalar>) -> [[Double]] {
    // A response that the detector refuses ends the training when it is evaluated.
    let samples = (try? samples(at: displacements(parameters))) ?? samples
    var rates = [[Double]](repeating: [], count: samples.count)
    for net in passes.networks.nets.indices {
      activate(net: net, parameters: parameters, recording: false)
      for (index, sample) in samples.enumerated() where sample.place.net == net {
        rates[index] = positive.hold(self.rates(sample))
      }
    }
    return rates
  }

  /// Computes the outputs of one net, activated, and their slopes.
  private func activate(net: Int, parameters: UnsafeBufferPointer<Scalar>, recording: Bool) {
    passes.forward(net: net, parameters: parameters, recording: recording)
    for (part, nucleus) in passes.networks.nets[net].nuclei.enumerated() {
      let outputs = passes.outputs[part].all
      if let offset = offsets?[nucleus] { for i in offset.indices { outputs[i] += offset[i] } }
      head.activate(outputs, slopes: slopes[part].all)
    }
  }

  /// Computes the rates of one sample from the outputs of its net, directly from the fold.
  private func rates(_ sample: SampleTerm) -> [Double] {
    head.nodeValues(of: passes.outputs[sample.place.part], sample.coefficients, into: values)
    return applied(sample.nodeOperator)
  }

  /// Applies an operator to the node values of the latest sample.
  private func applied(_ operation: any NodeOperator) -> [Double] {
    var rates = [Double](repeating: 0, count: operation.binCount)
    rates.withUnsafeMutableBufferPointer {
      Scalar.apply(operation, UnsafeBufferPointer(values.all), rates: $0, threads: threads)
    }
    return rates
  }

  /// Returns the loss of one sample, and adds its gradients with respect to the net's outputs and to the response
  /// parameters.
  private func evaluate(_ sample: SampleTerm, _ byResponse: inout [Double]) throws -> Double {
    let rates = rates(sample)
    let held = positive.hold(rates)
    var byHeld = rates
    let loss = try held.withUnsafeBufferPointer { held in
      try byHeld.withUnsafeMutableBufferPointer { try sample.term.evaluate(rates: held, gradient: $0) }
    }
    let gradient = positive.gradient(at: rates, byHeld: byHeld).map { sample.weight * $0 }
    for (index, slope) in sample.slopes.enumerated() {
      byResponse[index] += zip(gradient, applied(slope)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    gradient.withUnsafeBufferPointer {
      Scalar.applyTranspose(sample.nodeOperator, $0, values: values.all, threads: threads)
    }
    let part = sample.place.part
    head.addGradient(
      by: values, outputs: passes.outputs[part], slopes: slopes[part], sample.coefficients,
      into: passes.outputGradients[part])
    return sample.weight * loss
  }
}

/// The nets are trained in single precision. The trainer calls the objective through a protocol of another module, and for
/// one precision the compiler specialises everything below.
extension DevianceObjective: TrainingObjective, RateObjective where Scalar == Float {}
