import NuTuneLearning
import NuTuneNumerics

/// A net that computes the next spline of each of its points.
final class Conditioner<Scalar: NetworkScalar> {
  private let network: NeuralNetwork<Scalar>
  private let bins: Int
  private let count: Int
  private let threads: Int
  private let inputs: [Scalar]
  private let tape: NetworkTape<Scalar>?
  /// Raw numbers, shape [3K + 1][points]; during the backward pass, the gradient with respect to them.
  private let outputs: UnsafeMutableBufferPointer<Scalar>
  private let storage: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutablePointer<Double>
  private let scratchSize: Int

  /// - Parameter inputs: shape [inputs][points].
  init(_ shape: NetworkShape, bins: Int, inputs: [Scalar], recording: Bool, threads: Int) {
    network = NeuralNetwork(shape: shape)
    self.bins = bins
    self.inputs = inputs
    self.threads = threads
    count = inputs.count / shape.inputs
    tape = recording ? network.makeTape(points: count) : nil
    outputs = .allocate(capacity: shape.outputs * count)
    outputs.initialize(repeating: 0)
    storage = .allocate(capacity: max(count * SplineKnots.storage(bins: bins), 1))
    scratchSize = SplineKnots.rawCount(bins: bins) + SplineGradient.storage(bins: bins) + 64
    scratch = .allocate(capacity: threads * scratchSize)
  }

  deinit {
    outputs.deallocate()
    storage.deallocate()
    scratch.deallocate()
  }

  /// Returns the spline of a point.
  func knots(_ point: Int) -> SplineKnots {
    SplineKnots(bins: bins, at: storage + point * SplineKnots.storage(bins: bins))
  }

  /// Evaluates the net.
  func run(parameters: UnsafeBufferPointer<Scalar>) {
    inputs.withUnsafeBufferPointer {
      network.forward(parameters: parameters, inputs: $0, outputs: outputs, recording: tape, threads: threads)
    }
  }

  /// Makes the spline of each point and passes it to `body`.
  func forEachSpline(_ body: (_ point: Int, _ knots: SplineKnots) -> Void) {
    forEachPoint { point, raw, _ in
      let knots = knots(point)
      knots.set(fromRaw: raw)
      body(point, knots)
    }
  }

  /// Calls `body` to sum up the gradients with respect to each spline, and adds the gradient with respect to the net's
  /// parameters.
  func backward(
    into parameterGradient: UnsafeMutableBufferPointer<Scalar>,
    _ body: (_ point: Int, _ knots: SplineKnots, _ sums: SplineGradient) -> Void
  ) {
    guard let tape else { preconditionFailure("a pass that records") }
    let rawCount = SplineKnots.rawCount(bins: bins)
    forEachPoint { point, raw, free in
      let sums = SplineGradient(bins: bins, at: free)
      sums.clear()
      let knots = knots(point)
      body(point, knots, sums)
      sums.replace(raw: raw, of: knots)
      for i in 0..<rawCount { outputs[i * count + point] = Scalar(raw[i]) }
    }
    inputs.withUnsafeBufferPointer {
      network.backward(
        tape, inputs: $0, outputGradients: UnsafeBufferPointer(outputs), parameterGradient: parameterGradient,
        threads: threads)
    }
  }

  /// Calls `body` with the raw numbers of each point, in scratch memory, followed by more scratch memory.
  private func forEachPoint(
    _ body: (_ point: Int, _ raw: UnsafeMutablePointer<Double>, _ free: UnsafeMutablePointer<Double>) -> Void
  ) {
    let rawCount = SplineKnots.rawCount(bins: bins)
    let perPiece = 64
    Parallel.forEach((count + perPiece - 1) / perPiece, threads: threads) { piece, worker in
      let raw = scratch + worker * scratchSize
      for point in piece * perPiece..<min(count, (piece + 1) * perPiece) {
        for i in 0..<rawCount { raw[i] = Double(outputs[i * count + point]) }
        body(point, raw, raw + rawCount)
      }
    }
  }
}
