import NuTuneCore
import NuTuneFolding
import NuTuneLearning

/// Net → node physics → fold → deviance, and back.
///
/// Physics of a node, n the net's outputs: T = e^{n₁}, L = e^{n₂}, S = T + L, W = k T tanh n₃;
/// a = f_a S, b = f_b (S + W/2), c = f_c (T + 0.3 W).
final class SyntheticObjective: TrainingObjective {
  let problem: SyntheticProblem
  let network: NeuralNetwork<Float>
  let tape: NetworkTape<Float>
  let fold: RunLengthFold<Float>
  let deviance: ShapeTerm
  let threads: Int
  private let nodes = SyntheticProblem.nodes
  private let outputs: UnsafeMutableBufferPointer<Float>
  private let slopes: UnsafeMutableBufferPointer<Float>
  private let values: UnsafeMutableBufferPointer<Float>
  private let valueGradients: UnsafeMutableBufferPointer<Float>
  private let bins: UnsafeMutableBufferPointer<Double>
  private let binGradients: UnsafeMutableBufferPointer<Double>

  init(problem: SyntheticProblem, threads: Int) throws {
    self.problem = problem
    self.threads = threads
    network = NeuralNetwork(shape: problem.shape)
    tape = network.makeTape(points: nodes)
    fold = try problem.fold()
    deviance = try ShapeTerm(data: problem.data)
    func zeros(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
      buffer.initialize(repeating: 0)
      return buffer
    }
    outputs = zeros(3 * nodes)
    slopes = zeros(nodes)
    values = zeros(3 * nodes)
    valueGradients = zeros(3 * nodes)
    bins = .allocate(capacity: SyntheticProblem.bins)
    bins.initialize(repeating: 0)
    binGradients = .allocate(capacity: SyntheticProblem.bins)
    binGradients.initialize(repeating: 0)
  }

  deinit {
    for buffer in [outputs, slopes, values, valueGradients] { buffer.deallocate() }
    bins.deallocate()
    binGradients.deallocate()
  }

  var parameterCount: Int { problem.shape.parameterCount }

  func evaluate(
    parameters: UnsafeBufferPointer<Float>, gradient: UnsafeMutableBufferPointer<Float>
  ) throws -> Double {
    try problem.inputs.withUnsafeBufferPointer { inputs in
      network.forward(parameters: parameters, inputs: inputs, outputs: outputs, recording: tape, threads: threads)
      nodePhysics()
      fold.apply(a: part(values, 0), b: part(values, 1), c: part(values, 2), result: bins, threads: threads)
      let loss = try deviance.evaluate(rates: UnsafeBufferPointer(bins), gradient: binGradients)
      fold.applyTranspose(
        UnsafeBufferPointer(binGradients), a: mutablePart(valueGradients, 0), b: mutablePart(valueGradients, 1),
        c: mutablePart(valueGradients, 2), threads: threads)
      nodePhysicsBackward()
      network.backward(
        tape, inputs: inputs, outputGradients: UnsafeBufferPointer(outputs), parameterGradient: gradient,
        threads: threads)
      return loss
    }
  }

  private func part(_ buffer: UnsafeMutableBufferPointer<Float>, _ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(mutablePart(buffer, index))
  }

  private func mutablePart(
    _ buffer: UnsafeMutableBufferPointer<Float>, _ index: Int
  ) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: buffer[index * nodes..<(index + 1) * nodes])
  }

  /// Leaves T, L, tanh n₃ in `outputs`.
  private func nodePhysics() {
    VectorFunctions.exp(part(outputs, 0), into: mutablePart(outputs, 0))
    VectorFunctions.exp(part(outputs, 1), into: mutablePart(outputs, 1))
    VectorFunctions.tanh(part(outputs, 2), into: mutablePart(outputs, 2), derivative: slopes)
    problem.factors.withUnsafeBufferPointer { factors in
      guard let f = factors.baseAddress, let n = outputs.baseAddress, let v = values.baseAddress else { return }
      let count = nodes
      for i in 0..<count {
        let transverse = n[i]
        let sum = transverse + n[count + i]
        let third = f[3 * count + i] * transverse * n[2 * count + i]
        v[i] = f[i] * sum
        v[count + i] = f[count + i] * (sum + 0.5 * third)
        v[2 * count + i] = f[2 * count + i] * (transverse + 0.3 * third)
      }
    }
  }

  /// Turns `valueGradients` into dLoss/dn in `outputs`.
  private func nodePhysicsBackward() {
    problem.factors.withUnsafeBufferPointer { factors in
      guard let f = factors.baseAddress, let n = outputs.baseAddress, let g = valueGradients.baseAddress,
        let d = slopes.baseAddress
      else { return }
      let count = nodes
      for i in 0..<count {
        let (transverse, longitudinal, angle) = (n[i], n[count + i], n[2 * count + i])
        let (ga, gb, gc) = (f[i] * g[i], f[count + i] * g[count + i], f[2 * count + i] * g[2 * count + i])
        let k = f[3 * count + i]
        let gSum = ga + gb
        let gThird = 0.5 * gb + 0.3 * gc
        n[i] = (gSum + gc + gThird * k * angle) * transverse
        n[count + i] = gSum * longitudinal
        n[2 * count + i] = gThird * k * transverse * d[i]
      }
    }
  }
}
