import NuTuneCore
import NuTuneLearning

/// Forward and backward passes of the nets for all neutrino signs over the nodes of a problem, one net at a time, in
/// memory that all steps of a training use.
final class NetworkPasses<Scalar: HeadScalar> {
  let networks: SignNetworks
  /// Outputs of the last forward pass, shape [parts][outputs of a head][nodes]; those of a neutrino sign are the part
  /// at its place.
  let outputs: [NodeArray<Scalar>]
  /// Gradient with respect to ``outputs``, of the same shape.
  let outputGradients: [NodeArray<Scalar>]

  private let network: NeuralNetwork<Scalar>
  private let inputs: [Scalar]
  private let threads: Int
  private let tape: NetworkTape<Scalar>
  private let allOutputs: NodeArray<Scalar>
  private let allGradients: NodeArray<Scalar>

  /// - Parameter inputs: Inputs of the nets, shape [features][nodes].
  init(_ networks: SignNetworks, inputs: [Scalar], threads: Int) {
    self.networks = networks
    self.inputs = inputs
    self.threads = threads
    let nodes = inputs.count / networks.shape.inputs
    network = NeuralNetwork(shape: networks.shape)
    tape = network.makeTape(points: nodes)
    allOutputs = NodeArray(rows: networks.shape.outputs, nodes: nodes)
    allGradients = NodeArray(rows: networks.shape.outputs, nodes: nodes)
    outputs = allOutputs.parts(networks.parts)
    outputGradients = allGradients.parts(networks.parts)
  }

  /// Computes ``outputs`` of one net from the parameters of all nets.
  ///
  /// - Parameter recording: Whether a backward pass follows, for which ``outputGradients`` is set to zero.
  func forward(net: Int, parameters: UnsafeBufferPointer<Scalar>, recording: Bool) {
    inputs.withUnsafeBufferPointer { inputs in
      network.forward(
        parameters: UnsafeBufferPointer(rebasing: parameters[range(net)]), inputs: inputs, outputs: allOutputs.all,
        recording: recording ? tape : nil, threads: threads)
    }
    let first = outputs[0].all
    for part in outputs.dropFirst().map(\.all) {
      for i in first.indices { part[i] += first[i] }
    }
    if recording { allGradients.all.update(repeating: 0) }
  }

  /// Adds to the gradient with respect to the parameters of all nets, given ``outputGradients`` of the last recorded
  /// forward pass, which was of this net.
  func backward(net: Int, gradient: UnsafeMutableBufferPointer<Scalar>) {
    let first = outputGradients[0].all
    for part in outputGradients.dropFirst().map(\.all) {
      for i in first.indices { first[i] += part[i] }
    }
    inputs.withUnsafeBufferPointer { inputs in
      network.backward(
        tape, inputs: inputs, outputGradients: UnsafeBufferPointer(allGradients.all),
        parameterGradient: UnsafeMutableBufferPointer(rebasing: gradient[range(net)]), threads: threads)
    }
  }

  private func range(_ net: Int) -> Range<Int> {
    net * networks.shape.parameterCount..<(net + 1) * networks.shape.parameterCount
  }
}
