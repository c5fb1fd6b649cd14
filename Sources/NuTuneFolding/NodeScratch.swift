/// Scratch space that sums (a, b, c) contributions on the grid, and remembers the touched nodes of each row of t.
struct NodeScratch {
  private let grid: NodeGrid
  private var sums: [SIMD4<Double>]
  private var first: [Int]
  private var last: [Int]
  private var rows: Range<Int>?

  init(grid: NodeGrid) {
    self.grid = grid
    sums = [SIMD4<Double>](repeating: .zero, count: grid.count)
    first = [Int](repeating: .max, count: grid.tCount)
    last = [Int](repeating: -1, count: grid.tCount)
  }

  /// Spreads a contribution at fractional grid position (t, u) over its 4 × 4 nodes.
  @inline(__always)
  mutating func add(t: Double, u: Double, _ value: SIMD4<Double>) {
    let onT = NodeGrid.stencil(t, count: grid.tCount)
    let onU = NodeGrid.stencil(u, count: grid.uCount)
    sums.withUnsafeMutableBufferPointer { sums in
      for i in 0..<4 {
        let scaled = value * onT.weights[i]
        let base = (onT.start + i) * grid.uCount + onU.start
        for j in 0..<4 { sums[base + j] += scaled * onU.weights[j] }
      }
    }
    for row in onT.start..<onT.start + 4 { touch(row, onU.start, onU.start + 3) }
  }

  /// Adds contributions to a run of nodes that starts at `start`.
  @inline(__always)
  mutating func add(start: Int, count: Int, _ value: (Int) -> SIMD4<Double>) {
    let row = start / grid.uCount
    for i in 0..<count { sums[start + i] += value(i) }
    touch(row, start % grid.uCount, start % grid.uCount + count - 1)
  }

  @inline(__always)
  private mutating func touch(_ row: Int, _ low: Int, _ high: Int) {
    first[row] = min(first[row], low)
    last[row] = max(last[row], high)
    guard let known = rows else {
      rows = row..<row + 1
      return
    }
    if !known.contains(row) { rows = min(known.lowerBound, row)..<max(known.upperBound, row + 1) }
  }

  /// Passes the sums to `body`, one run per row of t, and starts again from zero.
  mutating func drain(_ body: (_ start: Int, _ triples: ArraySlice<SIMD4<Double>>) -> Void) {
    for row in rows ?? 0..<0 where last[row] >= 0 {
      let range = row * grid.uCount + first[row]..<row * grid.uCount + last[row] + 1
      body(range.lowerBound, sums[range])
      for node in range { sums[node] = .zero }
      first[row] = .max
      last[row] = -1
    }
    rows = nil
  }
}
