import NuTuneCore
import NuTuneLearning

/// The whole chain net → structure functions → fold → terms of the likelihood, with its gradient.
///
/// The nets serve the neutrino signs and targets in the data as ``SignNetworks`` says; the parameters of all nets are one
/// flat array, after which the displacements of response parameters stand where these are fitted. The loss is the mean of the
/// samples' terms, weighted by their scales; for shapes that is half the deviance per event. The rates of a sample that is a sum
/// are those of all its components, each from the outputs for its neutrino sign.
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
    var components: [ComponentTerm]
    let weight: Double
    /// From node values to the derivatives of the rates with respect to response parameters; empty for none.
    var slopes: [any NodeOperator] = []
    let term: any LikelihoodTerm

    var isSum: Bool { components.count > 1 }
  }

  private struct ComponentTerm {
    let place: SignNetworks.Place
    var nodeOperator: any NodeOperator
    let coefficients: NodeCoefficients<Scalar>
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
    if problem.followsResponse { try problem.requirePureSamples(for: "a model that is fitted with a response") }
    samples = try zip(problem.samples, problem.sampleWeights).map { sample, weight in
      let components = try sample.components.map { component in
        let species = component.reaction.species
        guard let place = networks.place(of: component.reaction) else {
          throw NuTuneError(
            .internalError, found: "no net for \(species.rawValue)", expected: "one for each helicity and target")
        }
        return ComponentTerm(
          place: place, nodeOperator: component.nodeOperator,
          coefficients: NodeCoefficients(
            species: species, nodes: problem.nodes, massFunctions: head.massFunctions))
      }
      return SampleTerm(components: components, weight: weight, term: try sample.likelihoodTerm())
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
    let sums = rates(of: samples.map { $0.isSum ? $0.components : [] }, parameters)
    for net in passes.networks.nets.indices {
      activate(net: net, parameters: parameters, recording: true)
      for (sample, sum) in zip(samples, sums) {
        for (index, component) in sample.components.enumerated() where component.place.net == net {
          let value = try evaluate(sample, component, sum: sum, &byResponse)
          if index == 0 { loss += value }
        }
      }
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
      (moved.components[0].nodeOperator, moved.slopes) = (operators.operation, operators.slopes)
      return moved
    }
  }

  /// Computes predicted rates, kept positive, shape [samples][bins].
  func rates(parameters: UnsafeBufferPointer<Scalar>) -> [[Double]] {
    // A response that the detector refuses ends the training when it is evaluated.
    let samples = (try? samples(at: displacements(parameters))) ?? samples
    return rates(of: samples.map(\.components), parameters).map { positive.hold($0) }
  }

  /// Computes the rates of samples with some components, shape [samples][bins]; empty without a component.
  private func rates(of samples: [[ComponentTerm]], _ parameters: UnsafeBufferPointer<Scalar>) -> [[Double]] {
    var rates = [[Double]](repeating: [], count: samples.count)
    let used = Set(samples.joined().map(\.place.net))
    for net in passes.networks.nets.indices where used.contains(net) {
      activate(net: net, parameters: parameters, recording: false)
      for (index, components) in samples.enumerated() {
        for component in components where component.place.net == net {
          let own = self.rates(component)
          rates[index] = rates[index].isEmpty ? own : zip(rates[index], own).map { $0 + $1 }
        }
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

  /// Computes the rates of one component from the outputs of its net, directly from the fold.
  private func rates(_ component: ComponentTerm) -> [Double] {
    head.nodeValues(of: passes.outputs[component.place.part], component.coefficients, into: values)
    return applied(component.nodeOperator)
  }

  /// Applies an operator to the node values of the latest component.
  private func applied(_ operation: any NodeOperator) -> [Double] {
    var rates = [Double](repeating: 0, count: operation.binCount)
    rates.withUnsafeMutableBufferPointer {
      Scalar.apply(operation, UnsafeBufferPointer(values.all), rates: $0, threads: threads)
    }
    return rates
  }

  /// Returns the loss of one sample, and adds its gradients with respect to the outputs for one of its components and to the
  /// response parameters.
  ///
  /// - Parameters:
  ///   - sample: the sample.
  ///   - component: the component.
  ///   - sum: rates of the sample if it is a sum; empty where the component is all of it.
  ///   - byResponse: derivatives with respect to the response parameters.
  private func evaluate(
    _ sample: SampleTerm, _ component: ComponentTerm, sum: [Double], _ byResponse: inout [Double]
  ) throws -> Double {
    let rates = sum.isEmpty ? rates(component) : sum
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
      Scalar.applyTranspose(component.nodeOperator, $0, values: values.all, threads: threads)
    }
    let part = component.place.part
    head.addGradient(
      by: values, outputs: passes.outputs[part], slopes: slopes[part], component.coefficients,
      into: passes.outputGradients[part])
    return sample.weight * loss
  }
}

/// The nets are trained in single precision. The trainer calls the objective through a protocol of another module, and for
/// one precision the compiler specialises everything below.
extension DevianceObjective: TrainingObjective, RateObjective where Scalar == Float {}
