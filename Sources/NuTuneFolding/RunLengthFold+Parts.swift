import CKernels
import NuTuneNumerics

extension RunLengthFold {
  /// Probabilities that divide every bin in parts, by node, shape [groups][parts][nodes]; each row belongs to a group.
  ///
  /// y[bin, part] = Σ_runs Σ_i p[group of bin, part, start+i] ( cA[i] a[start+i] + cB[i] b[start+i] + cC[i] c[start+i] ).
  struct Parts: Sendable {
    /// Number of parts.
    let count: Int
    /// Number of nodes.
    let nodes: Int
    /// The probabilities, one group after the other.
    let probabilities: [Scalar]
    /// Group of each row; empty for a single group.
    let groups: [Int]

    /// Creates parts from the probabilities of each group, shape [groups][parts][nodes].
    ///
    /// - Parameter groups: group of each row of the fold; empty for a single group.
    init(_ probabilities: [[[Double]]], groups: [Int]) {
      count = probabilities[0].count
      nodes = probabilities[0].first?.count ?? 0
      self.groups = groups
      self.probabilities = probabilities.flatMap { $0.flatMap { $0.map { Scalar($0) } } }
      precondition(self.probabilities.count == probabilities.count * count * nodes)
    }

    /// Calls `body` with stretches of pieces whose rows are of one group, and where its probabilities begin.
    func forEachStretch(
      of pieces: UnsafePointer<fold_piece>, in range: Range<Int>, _ body: (_ pieces: Range<Int>, _ start: Int) -> Void
    ) {
      guard !groups.isEmpty else { return body(range, 0) }
      var begin = range.lowerBound
      while begin < range.upperBound {
        let group = groups[Int(pieces[begin].row)]
        var end = begin + 1
        while end < range.upperBound, groups[Int(pieces[end].row)] == group { end += 1 }
        body(begin..<end, group * count * nodes)
        begin = end
      }
    }

    /// Creates parts from numbers one part after the other, shape [parts][nodes].
    init(_ values: [Double], count: Int) {
      self.count = count
      groups = []
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
            parts.forEachStretch(of: pieces, in: rowTasks[task]) { range, start in
              Scalar.foldApplyParts(
                pieces + range.lowerBound, range.count, coefficients, (a, b, c),
                (probabilities + start, parts.count, parts.nodes), y)
            }
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
            parts.forEachStretch(of: pieces, in: task.pieces) { range, start in
              Scalar.foldTransposeParts(
                pieces + range.lowerBound, range.count, coefficients,
                (probabilities + start, parts.count, parts.nodes), g, (a, b, c))
            }
          }
        }
      }
    }
  }
}
