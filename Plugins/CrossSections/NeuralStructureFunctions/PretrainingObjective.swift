import NuTuneCore
import NuTuneLearning

/// Distance between the outputs of the nets and the outputs that reproduce a prior: the mean over the nodes of (n₁ −
/// n₁⁰)² + (n₂ − n₂⁰)² + Σ_j (tanh n_j − tanh n_j⁰)², where j ≥ 3 are the other outputs.
struct PretrainingObjective: TrainingObjective {
  private let passes: NetworkPasses<Float>
  private let targets: [LearnedNucleus: [Float]]
  private let nodes: Int
  private let slopes: NodeArray<Float>

  /// - Parameter targets: outputs of the prior for each neutrino sign and target, shape [outputs][nodes] each.
  init(networks: SignNetworks, inputs: [Float], targets: [LearnedNucleus: [Float]], threads: Int) {
    passes = NetworkPasses(networks, inputs: inputs, threads: threads)
    let nodes = inputs.count / networks.head.inputs
    self.nodes = nodes
    self.targets = targets.mapValues { target in
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
    slopes = NodeArray(rows: networks.head.outputs - 2, nodes: nodes)
  }

  /// Number of parameters of all nets.
  var parameterCount: Int { passes.networks.parameterCount }

  func evaluate(parameters: UnsafeBufferPointer<Float>, gradient: UnsafeMutableBufferPointer<Float>) -> Double {
    let scale = 1 / Float(nodes * targets.count)
    var loss = 0.0
    for (index, net) in passes.networks.nets.enumerated() {
      passes.forward(net: index, parameters: parameters, recording: true)
      for (part, nucleus) in net.nuclei.enumerated() {
        guard let target = targets[nucleus] else { continue }
        let (outputs, gradients) = (passes.outputs[part].all, passes.outputGradients[part].all)
        let others = UnsafeMutableBufferPointer(rebasing: outputs[(2 * nodes)...])
        VectorFunctions.tanh(UnsafeBufferPointer(others), into: others, derivative: slopes.all)
        for i in outputs.indices {
          let difference = outputs[i] - target[i]
          loss += Double(scale * difference * difference)
          gradients[i] = 2 * scale * difference * (i < 2 * nodes ? 1 : slopes.all[i - 2 * nodes])
        }
      }
      passes.backward(net: index, gradient: gradient)
    }
    return loss
  }
}
