import NuTuneCore

/// A collapsed fold table as operator for tuning: from node values on the active nodes to bins.
public struct CollapsedFold: NodeOperator {
  private let single: RunLengthFold<Float>
  private let double: RunLengthFold<Double>

  /// Number of nodes.
  public var nodeCount: Int { single.nodes }
  /// Number of bins.
  public var binCount: Int { single.rows }

  /// Creates an operator from runs on a set of nodes.
  public init(_ runs: NodeRuns, nodes: ActiveNodes) throws {
    let starts = try runs.start.map { try nodes.position(of: Int($0)) }
    do {
      single = try RunLengthFold(
        nodes: nodes.count, rowRunOffsets: runs.binOffsets, runStart: starts, runLength: runs.length,
        coefficientsA: runs.a, coefficientsB: runs.b, coefficientsC: runs.c)
      double = try RunLengthFold(
        nodes: nodes.count, rowRunOffsets: runs.binOffsets, runStart: starts, runLength: runs.length,
        coefficientsA: runs.a, coefficientsB: runs.b, coefficientsC: runs.c)
    } catch let failure {
      throw NuTuneError(.internalError, key: "fold", found: "\(failure)", expected: "runs inside the active nodes")
    }
  }

  /// Computes rates from node values, shape [3][nodes].
  public func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    let parts = split(values)
    single.apply(a: parts.a, b: parts.b, c: parts.c, result: rates, threads: threads)
  }

  /// Computes rates from node values, shape [3][nodes].
  public func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    let parts = split(values)
    double.apply(a: parts.a, b: parts.b, c: parts.c, result: rates, threads: threads)
  }

  /// Computes the gradient with respect to node values.
  public func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {
    let parts = split(values)
    single.applyTranspose(gradient, a: parts.a, b: parts.b, c: parts.c, threads: threads)
  }

  /// Computes the gradient with respect to node values.
  public func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    let parts = split(values)
    double.applyTranspose(gradient, a: parts.a, b: parts.b, c: parts.c, threads: threads)
  }

  private func split<Scalar>(
    _ values: UnsafeBufferPointer<Scalar>
  ) -> (a: UnsafeBufferPointer<Scalar>, b: UnsafeBufferPointer<Scalar>, c: UnsafeBufferPointer<Scalar>) {
    let n = nodeCount
    return (
      UnsafeBufferPointer(rebasing: values[0..<n]), UnsafeBufferPointer(rebasing: values[n..<2 * n]),
      UnsafeBufferPointer(rebasing: values[2 * n..<3 * n])
    )
  }

  private func split<Scalar>(
    _ values: UnsafeMutableBufferPointer<Scalar>
  ) -> (
    a: UnsafeMutableBufferPointer<Scalar>, b: UnsafeMutableBufferPointer<Scalar>, c: UnsafeMutableBufferPointer<Scalar>
  ) {
    let n = nodeCount
    return (
      UnsafeMutableBufferPointer(rebasing: values[0..<n]), UnsafeMutableBufferPointer(rebasing: values[n..<2 * n]),
      UnsafeMutableBufferPointer(rebasing: values[2 * n..<3 * n])
    )
  }
}
