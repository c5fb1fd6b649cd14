import CKernels
import NuTuneNumerics

/// A sparse linear map from node values to bins whose nonzeros come in runs of neighbouring nodes.
///
/// y[bin] = Σ_runs Σ_i ( cA[i] a[start+i] + cB[i] b[start+i] + cC[i] c[start+i] ), and its transpose
/// dA[start+i] = Σ_bins g[bin] cA[i] (likewise B, C). Coefficients and node values have the precision `Scalar`; bins
/// are summed in double precision. Results are the same bits for any number of threads: a bin belongs to one task, and
/// in the transpose a node belongs to one task, which adds the bins in ascending order.
public struct RunLengthFold<Scalar: FoldScalar>: Sendable {
  /// Number of bins.
  public let rows: Int
  /// Length of each of the node arrays a, b, c.
  public let nodes: Int
  /// Number of stored (a, b, c) triples, including zeros that fill up runs.
  public let tripleCount: Int

  let coefficients: [Scalar]
  let pieces: [fold_piece]
  let rowTasks: [Range<Int>]
  let nodePieces: [fold_piece]
  let nodeTasks: [NodeTask]

  struct NodeTask: Sendable {
    let nodes: Range<Int>
    let pieces: Range<Int>
  }

  /// The inconsistencies that the arrays of a fold can have.
  public enum Failure: Error, Sendable, Equatable {
    /// Array sizes or offsets that contradict each other, with the reason.
    case inconsistent(String)
    /// A run that leaves the nodes.
    case runOutsideNodes(row: Int, start: Int, length: Int)
    /// More than 2³¹ − 1 triples.
    case tooLarge
  }

  /// - Parameters:
  ///   - nodes: Length of the node arrays.
  ///   - rowRunOffsets: First run of each row, [rows + 1]; starts with 0, ends with the number of runs.
  ///   - runStart: First node of each run, [runs].
  ///   - runLength: Number of nodes of each run, [runs].
  ///   - coefficientsA: cA of all runs one after the other, [Σ runLength].
  ///   - coefficientsB: cB, likewise.
  ///   - coefficientsC: cC, likewise.
  /// - Throws: `Failure` if the arrays contradict each other.
  public init(
    nodes: Int, rowRunOffsets: [Int32], runStart: [Int32], runLength: [Int32], coefficientsA: [Double],
    coefficientsB: [Double], coefficientsC: [Double]
  ) throws(Failure) {
    try Self.check(
      nodes: nodes, rowRunOffsets: rowRunOffsets, runStart: runStart, runLength: runLength,
      coefficientCounts: [coefficientsA.count, coefficientsB.count, coefficientsC.count])
    rows = rowRunOffsets.count - 1
    self.nodes = nodes

    var pieces: [fold_piece] = []
    pieces.reserveCapacity(runStart.count)
    var coefficients: [Scalar] = []
    coefficients.reserveCapacity(coefficientsA.count * 7 / 2)
    var source = 0
    var triples = 0
    for row in 0..<rows {
      for run in Int(rowRunOffsets[row])..<Int(rowRunOffsets[row + 1]) where runLength[run] > 0 {
        let length = Int(runLength[run])
        // Vectors of eight, padded with zeros (to the left where the nodes end), spare the kernel its remainders.
        let padded = (length + 7) / 8 * 8
        let stored = padded <= nodes ? padded : length
        let start = min(Int(runStart[run]), nodes - stored)
        let lead = Int(runStart[run]) - start
        pieces.append(
          fold_piece(
            row: Int32(row), start: Int32(start), length: Int32(stored), offset: Int32(clamping: triples),
            pieceOffset: 0, runLength: Int32(stored)))
        for values in [coefficientsA, coefficientsB, coefficientsC] {
          coefficients.append(contentsOf: repeatElement(0, count: lead))
          for index in source..<source + length { coefficients.append(Scalar(values[index])) }
          coefficients.append(contentsOf: repeatElement(0, count: stored - lead - length))
        }
        source += length
        triples += stored
      }
    }
    guard triples <= Int(Int32.max) else { throw Failure.tooLarge }
    tripleCount = triples
    self.coefficients = coefficients
    self.pieces = pieces
    rowTasks = Self.balancedRows(pieces)
    (nodeTasks, nodePieces) = Self.nodeTasks(pieces, nodes: nodes)
  }

  /// Creates the fold of a collapsed table.
  /// - Throws: `Failure` if the arrays contradict each other.
  public init(nodes: Int, runs: NodeRuns) throws(Failure) {
    try self.init(
      nodes: nodes, rowRunOffsets: runs.binOffsets, runStart: runs.start, runLength: runs.length,
      coefficientsA: runs.a, coefficientsB: runs.b, coefficientsC: runs.c)
  }

  /// Computes bins from node values: `result`[rows] is overwritten. a, b, c: [nodes].
  public func apply(
    a: UnsafeBufferPointer<Scalar>, b: UnsafeBufferPointer<Scalar>, c: UnsafeBufferPointer<Scalar>,
    result: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    precondition(a.count == nodes && b.count == nodes && c.count == nodes, "node arrays must be [nodes]")
    precondition(result.count == rows, "the result must be [rows]")
    for row in result.indices { result[row] = 0 }
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let y = result.baseAddress else {
      return
    }
    pieces.withUnsafeBufferPointer { pieces in
      coefficients.withUnsafeBufferPointer { coefficients in
        guard let pieces = pieces.baseAddress, let coefficients = coefficients.baseAddress else { return }
        Parallel.forEach(rowTasks.count, threads: threads) { task, _ in
          let range = rowTasks[task]
          Scalar.foldApply(pieces + range.lowerBound, range.count, coefficients, (a, b, c), y)
        }
      }
    }
  }

  /// Applies the transpose: gradients with respect to the node values, all [nodes], overwritten, from `g` =
  /// dLoss/dBins, [rows].
  public func applyTranspose(
    _ g: UnsafeBufferPointer<Double>, a: UnsafeMutableBufferPointer<Scalar>, b: UnsafeMutableBufferPointer<Scalar>,
    c: UnsafeMutableBufferPointer<Scalar>, threads: Int
  ) {
    precondition(a.count == nodes && b.count == nodes && c.count == nodes, "node arrays must be [nodes]")
    precondition(g.count == rows, "g must be [rows]")
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
    nodePieces.withUnsafeBufferPointer { pieces in
      coefficients.withUnsafeBufferPointer { coefficients in
        Parallel.forEach(nodeTasks.count, threads: threads) { number, _ in
          let task = nodeTasks[number]
          for part in [a, b, c] {
            UnsafeMutableRawPointer(part + task.nodes.lowerBound)
              .initializeMemory(as: UInt8.self, repeating: 0, count: task.nodes.count * MemoryLayout<Scalar>.stride)
          }
          guard let pieces = pieces.baseAddress, let coefficients = coefficients.baseAddress, let g = g.baseAddress
          else { return }
          Scalar.foldTranspose(pieces + task.pieces.lowerBound, task.pieces.count, coefficients, g, (a, b, c))
        }
      }
    }
  }

  /// Computes bins from node values, as arrays.
  public func apply(a: [Scalar], b: [Scalar], c: [Scalar], threads: Int = 1) -> [Double] {
    var result = [Double](repeating: 0, count: rows)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeBufferPointer { c in
          result.withUnsafeMutableBufferPointer { apply(a: a, b: b, c: c, result: $0, threads: threads) }
        }
      }
    }
    return result
  }

  /// Computes gradients with respect to the node values, as arrays.
  public func applyTranspose(_ g: [Double], threads: Int = 1) -> (a: [Scalar], b: [Scalar], c: [Scalar]) {
    var (a, b, c) = ([Scalar](repeating: 0, count: nodes), [Scalar](repeating: 0, count: nodes), [Scalar]())
    c = a
    g.withUnsafeBufferPointer { g in
      a.withUnsafeMutableBufferPointer { a in
        b.withUnsafeMutableBufferPointer { b in
          c.withUnsafeMutableBufferPointer { applyTranspose(g, a: a, b: b, c: $0, threads: threads) }
        }
      }
    }
    return (a, b, c)
  }
}

extension RunLengthFold {
  private static func check(
    nodes: Int, rowRunOffsets: [Int32], runStart: [Int32], runLength: [Int32], coefficientCounts: [Int]
  ) throws(Failure) {
    guard nodes >= 0, nodes <= Int(Int32.max) else { throw Failure.inconsistent("\(nodes) nodes") }
    guard rowRunOffsets.first == 0, Int(rowRunOffsets.last ?? -1) == runStart.count, runStart.count == runLength.count
    else { throw Failure.inconsistent("row offsets must go from 0 to the number of runs") }
    for row in 1..<rowRunOffsets.count where rowRunOffsets[row] < rowRunOffsets[row - 1] {
      throw Failure.inconsistent("row offsets must not decrease (row \(row - 1))")
    }
    var row = 0
    var total = 0
    for run in runStart.indices {
      while rowRunOffsets[row + 1] <= run { row += 1 }
      let (start, length) = (Int(runStart[run]), Int(runLength[run]))
      guard start >= 0, length >= 0, start + length <= nodes else {
        throw Failure.runOutsideNodes(row: row, start: start, length: length)
      }
      total += length
    }
    for count in coefficientCounts where count != total {
      throw Failure.inconsistent("runs hold \(total) triples, a coefficient array \(count)")
    }
  }

  /// Divides whole rows into up to 16 tasks of about equal work, a fixed function of the pieces.
  private static func balancedRows(_ pieces: [fold_piece]) -> [Range<Int>] {
    let total = pieces.reduce(0) { $0 + work($1) }
    var tasks: [Range<Int>] = []
    var (begin, done, taken) = (0, 0, 0)
    for index in pieces.indices {
      taken += work(pieces[index])
      let rowEnds = index + 1 == pieces.count || pieces[index + 1].row != pieces[index].row
      if rowEnds, (done + taken) * 16 >= total * (tasks.count + 1) || index + 1 == pieces.count {
        tasks.append(begin..<index + 1)
        (begin, done, taken) = (index + 1, done + taken, 0)
      }
    }
    return tasks
  }

  /// Divides the nodes into up to 16 ranges of about equal work; runs are cut at their borders.
  private static func nodeTasks(_ pieces: [fold_piece], nodes: Int) -> ([NodeTask], [fold_piece]) {
    var load = [Int](repeating: 0, count: nodes + 1)
    for piece in pieces {
      load[Int(piece.start)] += 1
      load[Int(piece.start + piece.length)] -= 1
    }
    for node in load.indices.dropFirst() { load[node] += load[node - 1] }
    let total = load.reduce(0, +)
    var borders = [0]
    var done = 0
    for node in 0..<nodes {
      done += load[node]
      // Borders at multiples of eight keep most cut pieces whole vectors.
      if (node + 1) % 8 == 0, node + 1 < nodes, done * 16 >= total * borders.count { borders.append(node + 1) }
    }
    borders.append(nodes)

    var cut: [[fold_piece]] = Array(repeating: [], count: borders.count - 1)
    for piece in pieces {
      let end = Int(piece.start + piece.length)
      var task = lastBorder(borders, atOrBefore: Int(piece.start))
      var begin = Int(piece.start)
      while begin < end {
        let stop = min(end, borders[task + 1])
        var part = piece
        part.start = Int32(begin)
        part.length = Int32(stop - begin)
        part.pieceOffset = Int32(begin) - piece.start
        cut[task].append(part)
        begin = stop
        task += 1
      }
    }
    var tasks: [NodeTask] = []
    var all: [fold_piece] = []
    for (number, part) in cut.enumerated() {
      tasks.append(
        NodeTask(nodes: borders[number]..<borders[number + 1], pieces: all.count..<all.count + part.count))
      all += part
    }
    return (tasks, all)
  }

  private static func lastBorder(_ borders: [Int], atOrBefore node: Int) -> Int {
    var (low, high) = (0, borders.count - 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if borders[middle] <= node { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Triples plus the overhead of starting a piece.
  private static func work(_ piece: fold_piece) -> Int { Int(piece.length) + 8 }
}
