import NuTuneCore
import NuTuneLearning

/// The whole chain net → structure functions → fold → terms of the likelihood, with its gradient.
///
/// There is one net for each neutrino sign (and target, if there are several) in the data; the parameters of all nets are one flat array. The loss is the
/// mean of the samples' terms, weighted by their scales; for shapes that is half the deviance per event.
struct DevianceObjective<Scalar: HeadScalar> {
  /// Number of parameters of all nets.
  let parameterCount: Int

  private let network: NeuralNetwork<Scalar>
  private let head: PositiveHead
  private let inputs: [Scalar]
  /// Offsets that are added to the outputs of each net, shape [nets][outputs][nodes]; nil adds nothing.
  private let offsets: [[Scalar]]?
  private let tapes: [NetworkTape<Scalar>]
  private let samples: [SampleTerm]
  private let positive: PositiveRates
  private let threads: Int
  private let nodeCount: Int
  private let outputs: NodeArray<Scalar>
  private let slopes: NodeArray<Scalar>
  private let outputGradients: NodeArray<Scalar>
  private let values: NodeArray<Scalar>

  private struct SampleTerm {
    let net: Int
    let weight: Double
    let nodeOperator: any NodeOperator
    let coefficients: NodeCoefficients<Scalar>
    let term: any LikelihoodTerm
  }

  init(
    problem: TuningProblem, nuclei: [LearnedNucleus], network: NeuralNetwork<Scalar>, head: PositiveHead,
    features: NetworkFeatures, offsets: [[Scalar]]?, floor: Double
  ) throws {
    self.network = network
    self.offsets = offsets
    self.head = head
    positive = PositiveRates(floor: floor)
    threads = problem.threads
    nodeCount = problem.nodes.count
    parameterCount = nuclei.count * network.shape.parameterCount
    inputs = features.inputs(at: problem.nodes)
    tapes = nuclei.map { _ in network.makeTape(points: problem.nodes.count) }
    outputs = NodeArray(rows: head.outputs, nodes: nodeCount)
    slopes = NodeArray(rows: head.tangents, nodes: nodeCount)
    outputGradients = NodeArray(rows: head.outputs, nodes: nodeCount)
    values = NodeArray(rows: 3, nodes: nodeCount)

    samples = try zip(problem.samples, problem.sampleWeights).map { sample, weight in
      let species = sample.sample.reaction.species
      guard let net = nuclei.firstIndex(where: { $0.serves(sample.sample.reaction) }) else {
        throw NuTuneError(
          .internalError, found: "no net for \(species.rawValue)", expected: "one for each helicity and target")
      }
      return SampleTerm(
        net: net, weight: weight, nodeOperator: sample.nodeOperator,
        coefficients: NodeCoefficients(
          species: species, nodes: problem.nodes, massFunctions: head.massFunctions),
        term: try sample.likelihoodTerm())
    }
  }

  /// Returns the loss, and adds its gradient to `gradient`.
  func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double {
    let perNet = network.shape.parameterCount
    var loss = 0.0
    for (net, tape) in tapes.enumerated() {
      let range = net * perNet..<(net + 1) * perNet
      inputs.withUnsafeBufferPointer { inputs in
        network.forward(
          parameters: UnsafeBufferPointer(rebasing: parameters[range]), inputs: inputs, outputs: outputs.all,
          recording: tape, threads: threads)
      }
      if let offset = offsets?[net] { for i in offset.indices { outputs.all[i] += offset[i] } }
      head.activate(outputs.all, slopes: slopes.all)
      outputGradients.all.update(repeating: 0)
      for sample in samples where sample.net == net { loss += try evaluate(sample) }
      inputs.withUnsafeBufferPointer { inputs in
        network.backward(
          tape, inputs: inputs, outputGradients: UnsafeBufferPointer(outputGradients.all),
          parameterGradient: UnsafeMutableBufferPointer(rebasing: gradient[range]), threads: threads)
      }
    }
    return loss
  }

  /// Computes predicted rates, kept positive, shape [samples][bins].
  func rates(parameters: UnsafeBufferPointer<Scalar>) -> [[Double]] {
    let perNet = network.shape.parameterCount
    var rates = [[Double]](repeating: [], count: samples.count)
    for net in tapes.indices {
      inputs.withUnsafeBufferPointer { inputs in
        network.forward(
          parameters: UnsafeBufferPointer(rebasing: parameters[net * perNet..<(net + 1) * perNet]), inputs: inputs,
          outputs: outputs.all, threads: threads)
      }
      if let offset = offsets?[net] { for i in offset.indices { outputs.all[i] += offset[i] } }
      head.activate(outputs.all, slopes: slopes.all)
      for (index, sample) in samples.enumerated() where sample.net == net {
        rates[index] = positive.hold(self.rates(sample))
      }
    }
    return rates
  }

  /// Computes the rates of one sample from the outputs of its net, directly from the fold.
  private func rates(_ sample: SampleTerm) -> [Double] {
    head.nodeValues(of: outputs, sample.coefficients, into: values)
    var rates = [Double](repeating: 0, count: sample.nodeOperator.binCount)
    rates.withUnsafeMutableBufferPointer {
      Scalar.apply(sample.nodeOperator, UnsafeBufferPointer(values.all), rates: $0, threads: threads)
    }
    return rates
  }

  /// Returns the loss of one sample, and adds its gradient with respect to the net's outputs.
  private func evaluate(_ sample: SampleTerm) throws -> Double {
    let rates = rates(sample)
    let held = positive.hold(rates)
    var byHeld = rates
    let loss = try held.withUnsafeBufferPointer { held in
      try byHeld.withUnsafeMutableBufferPointer { try sample.term.evaluate(rates: held, gradient: $0) }
    }
    let gradient = positive.gradient(at: rates, byHeld: byHeld).map { sample.weight * $0 }
    gradient.withUnsafeBufferPointer {
      Scalar.applyTranspose(sample.nodeOperator, $0, values: values.all, threads: threads)
    }
    head.addGradient(by: values, outputs: outputs, slopes: slopes, sample.coefficients, into: outputGradients)
    return sample.weight * loss
  }
}

/// The nets are trained in single precision. The trainer calls the objective through a protocol of another module, and for
/// one precision the compiler specialises everything below.
extension DevianceObjective: TrainingObjective, RateObjective where Scalar == Float {}
