import CKernels

extension Double: NetworkScalar {
  /// See `NetworkScalar`.
  public static func kernelSizes(_ shape: NetworkShape) -> NetworkKernelSizes {
    shape.withKernelShape {
      NetworkKernelSizes(
        packed: net_packed_size_f64($0), tapePerBlock: net_tape_size_f64($0), scratch: net_scratch_size_f64($0),
        gradient: net_gradient_size_f64($0))
    }
  }

  /// See `NetworkScalar`.
  public static func pack(
    _ shape: NetworkShape, _ parameters: UnsafePointer<Double>, into packed: UnsafeMutablePointer<Double>
  ) {
    shape.withKernelShape { net_pack_f64($0, parameters, packed) }
  }

  /// See `NetworkScalar`.
  public static func forward(_ call: NetworkForwardCall<Double>) {
    call.shape.withKernelShape {
      net_forward_f64(
        $0, call.packed, call.inputs, call.stride, call.first, call.count, call.outputs, call.stride, call.tape,
        call.scratch)
    }
  }

  /// See `NetworkScalar`.
  public static func backward(_ call: NetworkBackwardCall<Double>) {
    call.shape.withKernelShape {
      net_backward_f64(
        $0, call.packed, call.inputs, call.stride, call.first, call.count, call.tape, call.outputGradients,
        call.stride, call.gradient, call.inputGradients, call.scratch)
    }
  }

  /// See `NetworkScalar`.
  public static func reduceGradient(
    _ shape: NetworkShape, chunks: UnsafePointer<Double>, chunkCount: Int, into gradient: UnsafeMutablePointer<Double>
  ) {
    shape.withKernelShape { net_reduce_gradient_f64($0, chunks, chunkCount, gradient) }
  }

  /// See `NetworkScalar`.
  public static func adamStep(_ call: AdamCall<Double>) {
    net_adam_f64(
      call.parameters, call.gradient, call.firstMoment, call.secondMoment, call.count, call.learningRate, call.beta1,
      call.beta2, call.epsilon, call.correction1, call.correction2)
  }

  /// See `NetworkScalar`.
  public static func vectorExp(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int) {
    net_exp_f64(x, y, count)
  }

  /// See `NetworkScalar`.
  public static func vectorTanh(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ derivative: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    net_tanh_f64(x, y, derivative, count)
  }

  /// See `NetworkScalar`.
  public static func firstNonFinite(_ values: UnsafeBufferPointer<Double>) -> Int? {
    // x − x is 0 for every finite x and NaN otherwise: a sum without branches decides the usual case.
    var poison = SIMD16<Double>.zero
    let whole = values.count / 16 * 16
    for start in stride(from: 0, to: whole, by: 16) {
      let part = UnsafeRawPointer(values.baseAddress! + start).loadUnaligned(as: SIMD16<Double>.self)
      poison += part - part
    }
    if poison == .zero, values[whole...].allSatisfy(\.isFinite) { return nil }
    return values.firstIndex { !$0.isFinite }
  }
}
