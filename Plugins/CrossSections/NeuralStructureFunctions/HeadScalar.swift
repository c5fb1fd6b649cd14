import NuTuneCore
import NuTuneLearning

/// The precisions in which structure functions are computed: single for training, double to check the gradient.
protocol HeadScalar: NetworkScalar {
  static func apply(
    _ operation: any NodeOperator, _ values: UnsafeBufferPointer<Self>, rates: UnsafeMutableBufferPointer<Double>,
    threads: Int)
  static func applyTranspose(
    _ operation: any NodeOperator, _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Self>,
    threads: Int)
}

extension Float: HeadScalar {
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
