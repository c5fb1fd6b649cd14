/// The node operators of several samples as one whose bins follow one another.
struct JoinedOperator: NodeOperator {
  /// The operators, of the same nodes, in the order of their bins; at least one.
  let operators: [any NodeOperator]

  /// Number of nodes.
  var nodeCount: Int { operators[0].nodeCount }
  /// Number of bins of all.
  var binCount: Int { operators.reduce(0) { $0 + $1.binCount } }

  func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    forEach { $0.apply(values, rates: UnsafeMutableBufferPointer(rebasing: rates[$1]), threads: threads) }
  }

  func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    forEach { $0.apply(values, rates: UnsafeMutableBufferPointer(rebasing: rates[$1]), threads: threads) }
  }

  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {
    addTransposes(gradient, to: values) { $0.applyTranspose($1, values: $2, threads: threads) }
  }

  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    addTransposes(gradient, to: values) { $0.applyTranspose($1, values: $2, threads: threads) }
  }

  /// Every operator with the range of its bins.
  private func forEach(_ body: (any NodeOperator, Range<Int>) -> Void) {
    var first = 0
    for one in operators {
      body(one, first..<(first + one.binCount))
      first += one.binCount
    }
  }

  private func addTransposes<Value: FloatingPoint>(
    _ gradient: UnsafeBufferPointer<Double>, to values: UnsafeMutableBufferPointer<Value>,
    _ transpose: (any NodeOperator, UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Value>) -> Void
  ) {
    values.update(repeating: 0)
    var part = [Value](repeating: 0, count: values.count)
    forEach { one, bins in
      part.withUnsafeMutableBufferPointer { transpose(one, UnsafeBufferPointer(rebasing: gradient[bins]), $0) }
      for index in part.indices { values[index] += part[index] }
    }
  }
}
