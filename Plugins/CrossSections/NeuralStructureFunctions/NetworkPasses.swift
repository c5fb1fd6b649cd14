import NuTuneCore
import NuTuneLearning

/// Forward and backward passes of the nets for all neutrino signs and targets over the nodes of a problem, one net at a
/// time, in memory that all steps of a training use.
final class NetworkPasses<Scalar: HeadScalar> {
  let networks: SignNetworks
  /// Outputs of the last forward pass, shape [parts][outputs of a head][nodes]; those of a neutrino sign are the part
  /// at its place. A net of fewer parts leaves the last ones alone.
  let outputs: [NodeArray<Scalar>]
  /// Gradient with respect to ``outputs``, of the same shape.
  let outputGradients: [NodeArray<Scalar>]

  private let inputs: [Scalar]
  private let threads: Int
  private let nodes: Int
  /// One for all nets of a shape.
  private let tapes: [NetworkShape: NetworkTape<Scalar>]
  private let allOutputs: NodeArray<Scalar>
  private let allGradients: NodeArray<Scalar>

  /// - Parameter inputs: Inputs of the nets, shape [features][nodes].
  init(_ networks: SignNetworks, inputs: [Scalar], threads: Int) {
    self.networks = networks
    self.inputs = inputs
    self.threads = threads
    let nodes = inputs.count / networks.head.inputs
    self.nodes = nodes
    tapes = Dictionary(
      uniqueKeysWithValues: Set(networks.nets.map(\.shape)).map { shape in
        (shape, NeuralNetwork<Scalar>(shape: shape).makeTape(points: nodes))
      })
    let parts = networks.parts
    allOutputs = NodeArray(rows: networks.head.outputs * parts, nodes: nodes)
    allGradients = NodeArray(rows: networks.head.outputs * parts, nodes: nodes)
    outputs = allOutputs.parts(parts)
    outputGradients = allGradients.parts(parts)
  }

  /// Computes ``outputs`` of one net from the parameters of all nets.
  ///
  /// - Parameter recording: Whether a backward pass follows, for which ``outputGradients`` is set to zero.
  func forward(net: Int, parameters: UnsafeBufferPointer<Scalar>, recording: Bool) {
    let net = networks.nets[net]
    inputs.withUnsafeBufferPointer { inputs in
      NeuralNetwork(shape: net.shape).forward(
        parameters: UnsafeBufferPointer(rebasing: parameters[net.parameters]), inputs: inputs,
        outputs: rows(of: net, in: allOutputs), recording: recording ? tapes[net.shape] : nil, threads: threads)
    }
    let first = outputs[0].all
    for part in outputs.prefix(net.nuclei.count).dropFirst().map(\.all) {
      for i in first.indices { part[i] += first[i] }
    }
    if recording { allGradients.all.update(repeating: 0) }
  }

  /// Adds to the gradient with respect to the parameters of all nets, given ``outputGradients`` of the last recorded
  /// forward pass, which was of this net.
  func backward(net: Int, gradient: UnsafeMutableBufferPointer<Scalar>) {
    let net = networks.nets[net]
    guard let tape = tapes[net.shape] else { return }
    let first = outputGradients[0].all
    for part in outputGradients.prefix(net.nuclei.count).dropFirst().map(\.all) {
      for i in first.indices { first[i] += part[i] }
    }
    inputs.withUnsafeBufferPointer { inputs in
      NeuralNetwork(shape: net.shape).backward(
        tape, inputs: inputs, outputGradients: UnsafeBufferPointer(rows(of: net, in: allGradients)),
        parameterGradient: UnsafeMutableBufferPointer(rebasing: gradient[net.parameters]), threads: threads)
    }
  }

  /// The rows of an array that are outputs of a net.
  private func rows(of net: SignNetworks.Net, in array: NodeArray<Scalar>) -> UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(rebasing: array.all[..<(net.shape.outputs * nodes)])
  }
}
