import CKernels
import NuTuneCore
import NuTuneLearning

/// The precisions in which structure functions are learned: single for training, double to check the gradient.
protocol HeadScalar: NetworkScalar {
  static func exponentials(_ values: UnsafeMutableBufferPointer<Self>)
  static func hyperbolicTangents(
    _ values: UnsafeMutableBufferPointer<Self>, derivatives: UnsafeMutableBufferPointer<Self>)
  static func apply(
    _ operation: any NodeOperator, _ values: UnsafeBufferPointer<Self>, rates: UnsafeMutableBufferPointer<Double>,
    threads: Int)
  static func applyTranspose(
    _ operation: any NodeOperator, _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Self>,
    threads: Int)
}

extension Float: HeadScalar {
  static func exponentials(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    net_exp_f32(base, base, values.count)
  }

  static func hyperbolicTangents(
    _ values: UnsafeMutableBufferPointer<Float>, derivatives: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = values.baseAddress, let slope = derivatives.baseAddress else { return }
    net_tanh_f32(base, base, slope, values.count)
  }

  static func apply(
    _ operation: any NodeOperator, _ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>,
    threads: Int
  ) {
    operation.apply(values, rates: rates, threads: threads)
  }

  static func applyTranspose(
    _ operation: any NodeOperator, _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>,
    threads: Int
  ) {
    operation.applyTranspose(gradient, values: values, threads: threads)
  }
}

extension Double: HeadScalar {
  static func exponentials(_ values: UnsafeMutableBufferPointer<Double>) {
    guard let base = values.baseAddress else { return }
    net_exp_f64(base, base, values.count)
  }

  static func hyperbolicTangents(
    _ values: UnsafeMutableBufferPointer<Double>, derivatives: UnsafeMutableBufferPointer<Double>
  ) {
    guard let base = values.baseAddress, let slope = derivatives.baseAddress else { return }
    net_tanh_f64(base, base, slope, values.count)
  }

  static func apply(
    _ operation: any NodeOperator, _ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>,
    threads: Int
  ) {
    operation.apply(values, rates: rates, threads: threads)
  }

  static func applyTranspose(
    _ operation: any NodeOperator, _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>,
    threads: Int
  ) {
    operation.applyTranspose(gradient, values: values, threads: threads)
  }
}
