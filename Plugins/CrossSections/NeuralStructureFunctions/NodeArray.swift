/// Rows of numbers at every node, in one block of memory that a training step reuses.
final class NodeArray<Scalar: HeadScalar> {
  /// All elements, shape [rows][nodes].
  let all: UnsafeMutableBufferPointer<Scalar>
  private let nodes: Int

  /// Creates an array of zeros.
  init(rows: Int, nodes: Int) {
    self.nodes = nodes
    all = .allocate(capacity: rows * nodes)
    all.initialize(repeating: 0)
  }

  /// One row, shape [nodes].
  subscript(row: Int) -> UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(rebasing: all[row * nodes..<(row + 1) * nodes])
  }

  deinit { all.deallocate() }
}
