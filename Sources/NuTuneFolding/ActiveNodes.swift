import NuTuneCore

/// The nodes that at least one fold of a problem touches: one interval in each row of the grid, so that runs of
/// neighbouring nodes stay runs. Models are evaluated at these nodes only.
public struct ActiveNodes: Sendable {
  /// The grid of the nodes.
  public let grid: NodeGrid
  /// Indices in the grid, ascending, shape [count].
  public let gridIndices: [Int]
  private let positions: [Int32]

  /// Number of active nodes.
  public var count: Int { gridIndices.count }

  /// Finds the nodes touched by some collapsed folds of one grid.
  public init(grid: NodeGrid, touchedBy folds: [NodeRuns]) {
    self.init(grid: grid) { touch in
      for fold in folds {
        for (start, length) in zip(fold.start, fold.length) { touch(Int(start), Int(length)) }
      }
    }
  }

  /// Finds the nodes touched by some tables of one grid, in any of their cells.
  public init(grid: NodeGrid, touchedBy tables: [FoldTable]) {
    self.init(grid: grid) { touch in
      for block in tables.lazy.flatMap(\.blocks) {
        for (run, start) in block.runStart.enumerated() {
          touch(Int(start), Int(block.runOffset[run + 1] - block.runOffset[run]))
        }
      }
    }
  }

  /// Collects the nodes of all runs that are passed to `touch`.
  private init(grid: NodeGrid, runs: (_ touch: (_ start: Int, _ length: Int) -> Void) -> Void) {
    var first = [Int](repeating: .max, count: grid.tCount)
    var last = [Int](repeating: -1, count: grid.tCount)
    runs { start, length in
      let row = start / grid.uCount
      first[row] = min(first[row], start % grid.uCount)
      last[row] = max(last[row], start % grid.uCount + length - 1)
    }
    var indices: [Int] = []
    var positions = [Int32](repeating: -1, count: grid.count)
    for row in 0..<grid.tCount where last[row] >= 0 {
      for column in first[row]...last[row] {
        positions[row * grid.uCount + column] = Int32(indices.count)
        indices.append(row * grid.uCount + column)
      }
    }
    self.grid = grid
    gridIndices = indices
    self.positions = positions
  }

  /// The invariants at the active nodes.
  public func invariants() -> InvariantPoints {
    let all = grid.invariants()
    return InvariantPoints(omega: gridIndices.map { all.omega[$0] }, q2: gridIndices.map { all.q2[$0] })
  }

  /// Returns the position of a grid node among the active ones.
  func position(of gridIndex: Int) throws -> Int32 {
    let position = positions[gridIndex]
    guard position >= 0 else {
      throw NuTuneError(.internalError, key: "fold", found: "node \(gridIndex)", expected: "an active node")
    }
    return position
  }
}
