import CKernels

extension Float: NetworkScalar {
  /// See `NetworkScalar`.
  public static func kernelSizes(_ shape: NetworkShape) -> NetworkKernelSizes {
    shape.withKernelShape {
      NetworkKernelSizes(
        packed: net_packed_size_f32($0), tapePerBlock: net_tape_size_f32($0), scratch: net_scratch_size_f32($0),
        gradient: net_gradient_size_f32($0))
    }
  }

  /// See `NetworkScalar`.
  public static func pack(
    _ shape: NetworkShape, _ parameters: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>
  ) {
    shape.withKernelShape { net_pack_f32($0, parameters, packed) }
  }

  /// See `NetworkScalar`.
  public static func forward(_ call: NetworkForwardCall<Float>) {
    call.shape.withKernelShape {
      net_forward_f32(
        $0, call.packed, call.inputs, call.stride, call.first, call.count, call.outputs, call.stride, call.tape,
        call.scratch)
    }
  }

  /// See `NetworkScalar`.
  public static func backward(_ call: NetworkBackwardCall<Float>) {
    call.shape.withKernelShape {
      net_backward_f32(
        $0, call.packed, call.inputs, call.stride, call.first, call.count, call.tape, call.outputGradients,
        call.stride, call.gradient, call.inputGradients, call.scratch)
    }
  }

  /// See `NetworkScalar`.
  public static func reduceGradient(
    _ shape: NetworkShape, chunks: UnsafePointer<Float>, chunkCount: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    shape.withKernelShape { net_reduce_gradient_f32($0, chunks, chunkCount, gradient) }
  }

  /// See `NetworkScalar`.
  public static func adamStep(_ call: AdamCall<Float>) {
    net_adam_f32(
      call.parameters, call.gradient, call.firstMoment, call.secondMoment, call.count, call.learningRate, call.beta1,
      call.beta2, call.epsilon, call.correction1, call.correction2)
  }

  /// See `NetworkScalar`.
  public static func vectorExp(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    net_exp_f32(x, y, count)
  }

  /// See `NetworkScalar`.
  public static func vectorTanh(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ derivative: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    net_tanh_f32(x, y, derivative, count)
  }

  /// See `NetworkScalar`.
  public static func firstNonFinite(_ values: UnsafeBufferPointer<Float>) -> Int? {
    // x − x is 0 for every finite x and NaN otherwise: a sum without branches decides the usual case.
    var poison = SIMD16<Float>.zero
    let whole = values.count / 16 * 16
    for start in stride(from: 0, to: whole, by: 16) {
      let part = UnsafeRawPointer(values.baseAddress! + start).loadUnaligned(as: SIMD16<Float>.self)
      poison += part - part
    }
    if poison == .zero, values[whole...].allSatisfy(\.isFinite) { return nil }
    return values.firstIndex { !$0.isFinite }
  }
}
