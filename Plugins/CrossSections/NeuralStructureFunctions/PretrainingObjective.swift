import NuTuneCore
import NuTuneLearning

/// Distance between the outputs of the nets and the outputs that reproduce a prior: the mean over the nodes of (n₁ −
/// n₁⁰)² + (n₂ − n₂⁰)² + Σ_j (tanh n_j − tanh n_j⁰)², where j ≥ 3 are the other outputs.
struct PretrainingObjective: TrainingObjective {
  let parameterCount: Int
  private let network: NeuralNetwork<Float>
  private let inputs: [Float]
  private let targets: [[Float]]
  private let tape: NetworkTape<Float>
  private let nodes: Int
  private let threads: Int
  private let outputs: NodeArray<Float>
  private let gradients: NodeArray<Float>
  private let slopes: NodeArray<Float>

  /// - Parameter targets: outputs of the prior for each net, shape [nets][outputs][nodes].
  init(network: NeuralNetwork<Float>, inputs: [Float], targets: [[Float]], nodes: Int, threads: Int) {
    self.network = network
    self.inputs = inputs
    self.nodes = nodes
    self.threads = threads
    self.targets = targets.map { target in
      var target = target
      target.withUnsafeMutableBufferPointer { target in
        let others = UnsafeMutableBufferPointer(rebasing: target[(2 * nodes)...])
        var slopes = [Float](repeating: 0, count: others.count)
        slopes.withUnsafeMutableBufferPointer {
          VectorFunctions.tanh(UnsafeBufferPointer(others), into: others, derivative: $0)
        }
      }
      return target
    }
    parameterCount = targets.count * network.shape.parameterCount
    tape = network.makeTape(points: nodes)
    let rows = network.shape.outputs
    outputs = NodeArray(rows: rows, nodes: nodes)
    gradients = NodeArray(rows: rows, nodes: nodes)
    slopes = NodeArray(rows: rows - 2, nodes: nodes)
  }

  func evaluate(parameters: UnsafeBufferPointer<Float>, gradient: UnsafeMutableBufferPointer<Float>) -> Double {
    let perNet = network.shape.parameterCount
    var loss = 0.0
    for (net, target) in targets.enumerated() {
      let range = net * perNet..<(net + 1) * perNet
      inputs.withUnsafeBufferPointer { inputs in
        network.forward(
          parameters: UnsafeBufferPointer(rebasing: parameters[range]), inputs: inputs, outputs: outputs.all,
          recording: tape, threads: threads)
        let others = UnsafeMutableBufferPointer(rebasing: outputs.all[(2 * nodes)...])
        VectorFunctions.tanh(UnsafeBufferPointer(others), into: others, derivative: slopes.all)
        let scale = 1 / Float(nodes * targets.count)
        for i in outputs.all.indices {
          let difference = outputs.all[i] - target[i]
          loss += Double(scale * difference * difference)
          gradients.all[i] = 2 * scale * difference * (i < 2 * nodes ? 1 : slopes.all[i - 2 * nodes])
        }
        network.backward(
          tape, inputs: inputs, outputGradients: UnsafeBufferPointer(gradients.all),
          parameterGradient: UnsafeMutableBufferPointer(rebasing: gradient[range]), threads: threads)
      }
    }
    return loss
  }
}
