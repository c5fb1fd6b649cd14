import Foundation
import NuTuneNumerics

/// A fully connected net, evaluated on many points at once, with its gradient.
///
/// Arrays are structures of arrays: inputs [inputs][points], outputs [outputs][points]; parameters are flat as
/// `NetworkShape` describes. Results are the same bits for any number of threads.
///
///     let network = NeuralNetwork<Float>(shape: shape)
///     let tape = network.makeTape(points: points)
///     network.forward(parameters: p, inputs: x, outputs: y, recording: tape, threads: 2)
///     // dLoss/dOutputs from y …
///     network.backward(tape, inputs: x, outputGradients: dy, parameterGradient: g, threads: 2)
public struct NeuralNetwork<Scalar: NetworkScalar>: Sendable {
  /// Sizes and activation.
  public let shape: NetworkShape

  /// Creates a net of this shape; parameters are passed to each call.
  public init(shape: NetworkShape) {
    self.shape = shape
  }

  /// Makes a tape for forward and backward passes over `points` points: about 8 bytes (`Float`) per point and hidden
  /// unit.
  public func makeTape(points: Int) -> NetworkTape<Scalar> {
    NetworkTape(shape: shape, points: points)
  }

  /// Computes outputs [outputs][points] from inputs [inputs][points].
  ///
  /// - Parameters:
  ///   - parameters: [shape.parameterCount]
  ///   - inputs: [inputs][points]
  ///   - outputs: [outputs][points], overwritten.
  ///   - tape: If given, records the pass for `backward`.
  ///   - threads: Number of threads, at least 1.
  public func forward(
    parameters: UnsafeBufferPointer<Scalar>, inputs: UnsafeBufferPointer<Scalar>,
    outputs: UnsafeMutableBufferPointer<Scalar>, recording tape: NetworkTape<Scalar>? = nil, threads: Int
  ) {
    let points = inputs.count / shape.inputs
    precondition(parameters.count == shape.parameterCount, "parameters must be [parameterCount]")
    precondition(inputs.count == points * shape.inputs, "inputs must be [inputs][points]")
    precondition(outputs.count == points * shape.outputs, "outputs must be [outputs][points]")
    precondition(tape.map { $0.points == points && $0.shape == shape } ?? true, "the tape is of another net")
    precondition(threads >= 1, "at least one thread")
    guard points > 0, let parameters = parameters.baseAddress, let inputs = inputs.baseAddress,
      let outputs = outputs.baseAddress
    else { return }

    if let tape {
      tape.reserveScratch(threads: threads)
      Scalar.pack(shape, parameters, into: tape.packed)
      run(
        chunks: tape.chunks, sizes: tape.sizes, packed: tape.packed, inputs: inputs, outputs: outputs,
        tape: tape.activations, scratch: tape.scratch, threads: threads)
    } else {
      let sizes = Scalar.kernelSizes(shape)
      let packed: UnsafeMutablePointer<Scalar> = alignedZeros(sizes.packed)
      let scratch: UnsafeMutablePointer<Scalar> = alignedZeros(threads * sizes.scratch)
      defer {
        packed.deallocate()
        scratch.deallocate()
      }
      Scalar.pack(shape, parameters, into: packed)
      run(
        chunks: NetworkChunks(points: points), sizes: sizes, packed: packed, inputs: inputs, outputs: outputs,
        tape: nil, scratch: scratch, threads: threads)
    }
  }

  private func run(
    chunks: NetworkChunks, sizes: NetworkKernelSizes, packed: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>,
    outputs: UnsafeMutablePointer<Scalar>, tape: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>,
    threads: Int
  ) {
    // The forward pass treats points independently: small tasks, so that no thread waits long for another.
    let tasks = (chunks.blocks + 1) / 2
    let size = 2 * chunks.blockSize
    Parallel.forEach(tasks, threads: threads) { task, worker in
      Scalar.forward(
        NetworkForwardCall(
          shape: shape, packed: packed, inputs: inputs, stride: chunks.points, first: task * size,
          count: min(size, chunks.points - task * size), outputs: outputs, tape: tape,
          scratch: scratch + worker * sizes.scratch))
    }
  }

  /// Adds the gradient with respect to the parameters of the last forward pass recorded on `tape`.
  ///
  /// - Parameters:
  ///   - tape: The tape of that forward pass.
  ///   - inputs: [inputs][points], the inputs of that forward pass.
  ///   - outputGradients: dLoss/dOutputs, [outputs][points].
  ///   - parameterGradient: [shape.parameterCount]; the gradient is added to it.
  ///   - inputGradients: If given, receives dLoss/dInputs, [inputs][points] (slower).
  ///   - threads: Number of threads, at least 1.
  public func backward(
    _ tape: NetworkTape<Scalar>, inputs: UnsafeBufferPointer<Scalar>, outputGradients: UnsafeBufferPointer<Scalar>,
    parameterGradient: UnsafeMutableBufferPointer<Scalar>, inputGradients: UnsafeMutableBufferPointer<Scalar>? = nil,
    threads: Int
  ) {
    let points = tape.points
    precondition(tape.shape == shape, "the tape is of another net")
    precondition(inputs.count == points * shape.inputs, "inputs must be [inputs][points]")
    precondition(outputGradients.count == points * shape.outputs, "outputGradients must be [outputs][points]")
    precondition(parameterGradient.count == shape.parameterCount, "parameterGradient must be [parameterCount]")
    precondition(inputGradients.map { $0.count == inputs.count } ?? true, "inputGradients must be [inputs][points]")
    precondition(threads >= 1, "at least one thread")
    guard points > 0, let inputs = inputs.baseAddress, let outputGradients = outputGradients.baseAddress,
      let parameterGradient = parameterGradient.baseAddress
    else { return }

    tape.reserveScratch(threads: threads)
    let (chunks, sizes) = (tape.chunks, tape.sizes)
    let (packed, activations, gradients, scratch) = (tape.packed, tape.activations, tape.gradients, tape.scratch)
    Parallel.forEach(chunks.count, threads: threads) { chunk, worker in
      let range = chunks.range(chunk)
      let gradient = gradients + chunk * sizes.gradient
      memset(gradient, 0, sizes.gradient * MemoryLayout<Scalar>.stride)
      Scalar.backward(
        NetworkBackwardCall(
          shape: shape, packed: packed, inputs: inputs, stride: points, first: range.lowerBound, count: range.count,
          tape: activations, outputGradients: outputGradients, gradient: gradient,
          inputGradients: inputGradients?.baseAddress, scratch: scratch + worker * sizes.scratch))
    }
    Scalar.reduceGradient(shape, chunks: gradients, chunkCount: chunks.count, into: parameterGradient)
  }

  /// Computes outputs [outputs][points] from inputs [inputs][points], as arrays.
  public func outputs(parameters: [Scalar], inputs: [Scalar], threads: Int = 1) -> [Scalar] {
    let count = inputs.count / shape.inputs * shape.outputs
    return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      let outputs = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      parameters.withUnsafeBufferPointer { parameters in
        inputs.withUnsafeBufferPointer { inputs in
          forward(parameters: parameters, inputs: inputs, outputs: outputs, threads: threads)
        }
      }
      initialized = count
    }
  }
}
