import NuTuneCore

/// An operator times a number: that of a flux that is as many times as strong.
package struct ScaledOperator: NodeOperator {
  let whole: any NodeOperator
  let factor: Double

  /// An operator whose rates are those of another times a factor.
  package init(_ whole: any NodeOperator, times factor: Double) { (self.whole, self.factor) = (whole, factor) }

  package var nodeCount: Int { whole.nodeCount }
  package var binCount: Int { whole.binCount }

  package func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    whole.apply(values, rates: rates, threads: threads)
    for bin in rates.indices { rates[bin] *= factor }
  }

  package func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    whole.apply(values, rates: rates, threads: threads)
    for bin in rates.indices { rates[bin] *= factor }
  }

  package func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {
    gradient.map { factor * $0 }.withUnsafeBufferPointer {
      whole.applyTranspose($0, values: values, threads: threads)
    }
  }

  package func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    gradient.map { factor * $0 }.withUnsafeBufferPointer {
      whole.applyTranspose($0, values: values, threads: threads)
    }
  }
}
