import CKernels
import Foundation

/// The record of a forward pass for the backward pass over the same points, and work space for both.
///
/// Make it once with `NeuralNetwork.makeTape(points:)` and use it for every step, for one pass at a time.
public final class NetworkTape<Scalar: NetworkScalar> {
  /// Number of points for which it was made.
  public let points: Int

  let shape: NetworkShape
  let sizes: NetworkKernelSizes
  let chunks: NetworkChunks
  let packed: UnsafeMutablePointer<Scalar>
  let activations: UnsafeMutablePointer<Scalar>
  let gradients: UnsafeMutablePointer<Scalar>
  private(set) var scratch: UnsafeMutablePointer<Scalar>
  private var scratchThreads: Int

  init(shape: NetworkShape, points: Int) {
    self.points = points
    self.shape = shape
    sizes = Scalar.kernelSizes(shape)
    chunks = NetworkChunks(points: points)
    packed = alignedZeros(sizes.packed)
    activations = alignedZeros(chunks.blocks * sizes.tapePerBlock)
    gradients = alignedZeros(chunks.count * sizes.gradient)
    scratch = alignedZeros(sizes.scratch)
    scratchThreads = 1
  }

  deinit {
    for buffer in [packed, activations, gradients, scratch] { buffer.deallocate() }
  }

  func reserveScratch(threads: Int) {
    guard threads > scratchThreads else { return }
    scratch.deallocate()
    scratch = alignedZeros(threads * sizes.scratch)
    scratchThreads = threads
  }
}

/// Allocates `count` zero elements, aligned to cache lines as the kernels require; at least one line.
func alignedZeros<Scalar: NetworkScalar>(_ count: Int) -> UnsafeMutablePointer<Scalar> {
  let capacity = max(count, 64)
  let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Scalar>.stride, alignment: 64)
  memset(raw, 0, capacity * MemoryLayout<Scalar>.stride)
  return raw.bindMemory(to: Scalar.self, capacity: capacity)
}
