/// Rows of numbers at every node, in one block of memory that a training step reuses.
final class NodeArray<Scalar: HeadScalar> {
  /// All elements, shape [rows][nodes].
  let all: UnsafeMutableBufferPointer<Scalar>
  private let nodes: Int
  /// The array whose memory this one is a part of.
  private let whole: NodeArray?

  /// Creates an array of zeros.
  init(rows: Int, nodes: Int) {
    self.nodes = nodes
    whole = nil
    all = .allocate(capacity: rows * nodes)
    all.initialize(repeating: 0)
  }

  /// Makes one of `count` equal parts of another array, which shares its memory.
  private init(part: Int, of count: Int, in whole: NodeArray) {
    let size = whole.all.count / count
    nodes = whole.nodes
    self.whole = whole
    all = UnsafeMutableBufferPointer(rebasing: whole.all[part * size..<(part + 1) * size])
  }

  /// Returns the rows in some number of equal parts, shape [parts], which share the memory of this array.
  func parts(_ count: Int) -> [NodeArray] {
    (0..<count).map { NodeArray(part: $0, of: count, in: self) }
  }

  /// One row, shape [nodes].
  subscript(row: Int) -> UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(rebasing: all[row * nodes..<(row + 1) * nodes])
  }

  deinit { if whole == nil { all.deallocate() } }
}
