import CKernels

/// The precisions in which a net is computed: `Float` and `Double`.
///
/// The requirements are the entry points of the kernels; use `NeuralNetwork` and `Adam` instead of calling them.
public protocol NetworkScalar: BinaryFloatingPoint, SIMDScalar, Sendable, Codable {
  /// Returns the sizes of the kernels' buffers for one net on one set of points.
  static func kernelSizes(_ shape: NetworkShape) -> NetworkKernelSizes
  /// Copies flat parameters into the layout of the kernels.
  static func pack(_ shape: NetworkShape, _ parameters: UnsafePointer<Self>, into packed: UnsafeMutablePointer<Self>)
  /// Computes the outputs of a range of points.
  static func forward(_ call: NetworkForwardCall<Self>)
  /// Computes the gradient of a range of points.
  static func backward(_ call: NetworkBackwardCall<Self>)
  /// Adds the chunks' gradients to the flat gradient, in the order of the chunks.
  static func reduceGradient(
    _ shape: NetworkShape, chunks: UnsafePointer<Self>, chunkCount: Int, into gradient: UnsafeMutablePointer<Self>)
  /// Takes one Adam step over `count` parameters.
  static func adamStep(_ call: AdamCall<Self>)
  /// Computes eˣ of `count` values.
  static func vectorExp(_ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ count: Int)
  /// Computes tanh x and its derivative, of `count` values.
  static func vectorTanh(
    _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ derivative: UnsafeMutablePointer<Self>, _ count: Int)
  /// Returns the index of the first value that is infinite or not a number.
  static func firstNonFinite(_ values: UnsafeBufferPointer<Self>) -> Int?
}

extension NetworkShape {
  func withKernelShape<Result>(_ body: (UnsafePointer<net_shape>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: hiddenWidths.count) { widths in
      for (index, width) in hiddenWidths.enumerated() { widths.initializeElement(at: index, to: Int32(width)) }
      var shape = net_shape(
        inputs: Int32(inputs), outputs: Int32(outputs), hiddenLayers: Int32(hiddenWidths.count),
        activation: activation == .silu ? Int32(NET_SILU) : Int32(NET_TANH), hiddenWidths: widths.baseAddress)
      return withUnsafePointer(to: &shape, body)
    }
  }
}
