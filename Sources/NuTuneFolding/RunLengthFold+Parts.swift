import CKernels
import NuTuneNumerics

extension RunLengthFold {
  /// Probabilities that divide every bin in parts, by node, shape [parts][nodes].
  ///
  /// y[bin, part] = Σ_runs Σ_i p[part, start+i] ( cA[i] a[start+i] + cB[i] b[start+i] + cC[i] c[start+i] ).
  struct Parts: Sendable {
    /// Number of parts.
    let count: Int
    /// Number of nodes.
    let nodes: Int
    /// The probabilities, one part after the other.
    let probabilities: [Scalar]

    /// Creates parts from rows of equal length.
    init(_ rows: [[Double]]) {
      count = rows.count
      nodes = rows.first?.count ?? 0
      probabilities = rows.flatMap { $0.map { Scalar($0) } }
      precondition(probabilities.count == count * nodes)
    }

    /// Creates parts from numbers one part after the other, shape [parts][nodes].
    init(_ values: [Double], count: Int) {
      self.count = count
      nodes = values.count / count
      probabilities = values.map { Scalar($0) }
      precondition(probabilities.count == count * nodes)
    }
  }

  /// Computes bins in parts from node values: `result`, shape [rows][parts], is overwritten. a, b, c: [nodes].
  func apply(
    _ parts: Parts, a: UnsafeBufferPointer<Scalar>, b: UnsafeBufferPointer<Scalar>, c: UnsafeBufferPointer<Scalar>,
    result: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    precondition(a.count == nodes && b.count == nodes && c.count == nodes, "node arrays must be [nodes]")
    precondition(parts.nodes == nodes && result.count == rows * parts.count, "the result must be [rows][parts]")
    for row in result.indices { result[row] = 0 }
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let y = result.baseAddress else {
      return
    }
    pieces.withUnsafeBufferPointer { pieces in
      coefficients.withUnsafeBufferPointer { coefficients in
        parts.probabilities.withUnsafeBufferPointer { probabilities in
          guard let pieces = pieces.baseAddress, let coefficients = coefficients.baseAddress,
            let probabilities = probabilities.baseAddress
          else { return }
          Parallel.forEach(rowTasks.count, threads: threads) { task, _ in
            let range = rowTasks[task]
            Scalar.foldApplyParts(
              pieces + range.lowerBound, range.count, coefficients, (a, b, c),
              (probabilities, parts.count, parts.nodes), y)
          }
        }
      }
    }
  }

  /// Applies the transpose: gradients with respect to the node values, all [nodes], overwritten, from `g` =
  /// dLoss/dBins, shape [rows][parts].
  func applyTranspose(
    _ parts: Parts, _ g: UnsafeBufferPointer<Double>, a: UnsafeMutableBufferPointer<Scalar>,
    b: UnsafeMutableBufferPointer<Scalar>, c: UnsafeMutableBufferPointer<Scalar>, threads: Int
  ) {
    precondition(a.count == nodes && b.count == nodes && c.count == nodes, "node arrays must be [nodes]")
    precondition(parts.nodes == nodes && g.count == rows * parts.count, "g must be [rows][parts]")
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
    nodePieces.withUnsafeBufferPointer { pieces in
      coefficients.withUnsafeBufferPointer { coefficients in
        parts.probabilities.withUnsafeBufferPointer { probabilities in
          Parallel.forEach(nodeTasks.count, threads: threads) { number, _ in
            let task = nodeTasks[number]
            for part in [a, b, c] {
              (part + task.nodes.lowerBound).update(repeating: 0, count: task.nodes.count)
            }
            guard let pieces = pieces.baseAddress, let coefficients = coefficients.baseAddress,
              let probabilities = probabilities.baseAddress, let g = g.baseAddress
            else { return }
            Scalar.foldTransposeParts(
              pieces + task.pieces.lowerBound, task.pieces.count, coefficients,
              (probabilities, parts.count, parts.nodes), g, (a, b, c))
          }
        }
      }
    }
  }
}
