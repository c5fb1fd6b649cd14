import CKernels
import NuTuneFolding
import Testing

@Suite struct RunLengthFoldTests {
  /// A random fold as plain arrays and as dense matrices [rows][nodes].
  struct Problem {
    let nodes: Int
    var offsets: [Int32] = [0]
    var starts: [Int32] = []
    var lengths: [Int32] = []
    var coefficients: [[Double]] = [[], [], []]
    var dense: [[[Double]]]
    let values: [[Double]]
    let g: [Double]

    init(rows: Int, nodes: Int, longestRun: Int, seed: UInt64) {
      var generator = SplitMix(seed: seed)
      self.nodes = nodes
      dense = Array(repeating: Array(repeating: [Double](repeating: 0, count: nodes), count: rows), count: 3)
      for row in 0..<rows {
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
          let length = Int.random(in: 0...min(longestRun, nodes), using: &generator)
          let start = Int.random(in: 0...(nodes - length), using: &generator)
          starts.append(Int32(start))
          lengths.append(Int32(length))
          for part in 0..<3 {
            for node in start..<start + length {
              let value = Double.random(in: -1...1, using: &generator)
              coefficients[part].append(value)
              dense[part][row][node] += value
            }
          }
        }
        offsets.append(Int32(starts.count))
      }
      values = (0..<3).map { _ in (0..<nodes).map { _ in Double.random(in: -1...1, using: &generator) } }
      g = (0..<rows).map { _ in Double.random(in: -1...1, using: &generator) }
    }

    func fold<Scalar: FoldScalar>(_ type: Scalar.Type) throws -> RunLengthFold<Scalar> {
      try RunLengthFold(
        nodes: nodes, rowRunOffsets: offsets, runStart: starts, runLength: lengths, coefficientsA: coefficients[0],
        coefficientsB: coefficients[1], coefficientsC: coefficients[2])
    }

    var bins: [Double] {
      g.indices.map { row -> Double in
        (0..<3).reduce(0.0) { sum, part -> Double in
          sum + zip(dense[part][row], values[part]).map { $0 * $1 }.reduce(0.0, +)
        }
      }
    }

    func nodeGradient(_ part: Int) -> [Double] {
      (0..<nodes).map { node in g.indices.reduce(0) { $0 + g[$1] * dense[part][$1][node] } }
    }
  }

  static let problems = [
    (1, 1, 1), (3, 5, 5), (4, 8, 8), (10, 9, 9), (40, 300, 20), (40, 301, 300), (7, 64, 8), (100, 1000, 37),
  ]

  /// At most some 2000 terms of order one: 1e-12 in double; in float 2⁻²⁴ for each of node value, coefficient and
  /// product on sums of at most 60 terms' root.
  @Test(arguments: problems) func equalsDenseMatrices(rows: Int, nodes: Int, longest: Int) throws {
    let problem = Problem(rows: rows, nodes: nodes, longestRun: longest, seed: UInt64(nodes))
    let double = try problem.fold(Double.self)
    let single = try problem.fold(Float.self)
    #expect(double.rows == rows && double.nodes == nodes)
    let floats = problem.values.map { $0.map { Float($0) } }
    let y = double.apply(a: problem.values[0], b: problem.values[1], c: problem.values[2])
    let ySingle = single.apply(a: floats[0], b: floats[1], c: floats[2])
    for (row, expected) in problem.bins.enumerated() {
      #expect(abs(y[row] - expected) < 1e-12)
      #expect(abs(ySingle[row] - expected) < 1e-5)
    }
    let gradient = double.applyTranspose(problem.g)
    let gradientSingle = single.applyTranspose(problem.g)
    for (part, (found, foundSingle)) in zip(
      [gradient.a, gradient.b, gradient.c], [gradientSingle.a, gradientSingle.b, gradientSingle.c]
    ).enumerated() {
      for (node, expected) in problem.nodeGradient(part).enumerated() {
        #expect(abs(found[node] - expected) < 1e-12)
        #expect(abs(Double(foundSingle[node]) - expected) < 1e-5)
      }
    }
  }

  @Test func transposeIdentity() throws {
    let problem = Problem(rows: 200, nodes: 3000, longestRun: 80, seed: 5)
    let fold = try problem.fold(Double.self)
    let y = fold.apply(a: problem.values[0], b: problem.values[1], c: problem.values[2])
    let t = fold.applyTranspose(problem.g)
    let left = zip(problem.g, y).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip([t.a, t.b, t.c], problem.values).reduce(0) { total, pair in
      total + zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(left != 0)
    #expect(abs(left - right) < 1e-11)
  }

  @Test func threadsDoNotChangeABit() throws {
    let problem = Problem(rows: 300, nodes: 2001, longestRun: 50, seed: 6)
    let fold = try problem.fold(Float.self)
    let floats = problem.values.map { $0.map { Float($0) } }
    let y = fold.apply(a: floats[0], b: floats[1], c: floats[2], threads: 1)
    let t = fold.applyTranspose(problem.g, threads: 1)
    for threads in [2, 3, 5, 40] {
      #expect(fold.apply(a: floats[0], b: floats[1], c: floats[2], threads: threads) == y)
      let other = fold.applyTranspose(problem.g, threads: threads)
      #expect(other == t)
    }
  }

  @Test func vectorWidthDoesNotChangeABit() throws {
    let problem = Problem(rows: 100, nodes: 777, longestRun: 50, seed: 8)
    func results() throws -> ([Double], [Double], [Float], [Double]) {
      let single = try problem.fold(Float.self)
      let double = try problem.fold(Double.self)
      let floats = problem.values.map { $0.map { Float($0) } }
      return (
        single.apply(a: floats[0], b: floats[1], c: floats[2]),
        double.apply(a: problem.values[0], b: problem.values[1], c: problem.values[2]),
        single.applyTranspose(problem.g).b, double.applyTranspose(problem.g).c
      )
    }
    let best = try results()
    limit_instruction_level(3)
    let older = try results()
    limit_instruction_level(0)
    let baseline = try results()
    limit_instruction_level(4)
    #expect(older == best)
    for (a, b) in zip(best.1, baseline.1) { #expect(abs(a - b) < 1e-12) }
    for (a, b) in zip(best.3, baseline.3) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func emptyBinsAreZero() throws {
    let fold = try RunLengthFold<Float>(
      nodes: 4, rowRunOffsets: [0, 0, 1, 1], runStart: [1], runLength: [2], coefficientsA: [1, 2],
      coefficientsB: [0, 0], coefficientsC: [0, 1])
    #expect(fold.apply(a: [1, 2, 3, 4], b: [0, 0, 0, 0], c: [0, 0, 10, 0]) == [0, 18, 0])
    #expect(fold.applyTranspose([5, 1, 7]).a == [0, 1, 2, 0])
  }

  @Test func contradictionsAreErrors() {
    typealias Failure = RunLengthFold<Double>.Failure
    func build(_ offsets: [Int32], _ starts: [Int32], _ lengths: [Int32], _ coefficients: Int) throws {
      let values = [Double](repeating: 1, count: coefficients)
      _ = try RunLengthFold<Double>(
        nodes: 10, rowRunOffsets: offsets, runStart: starts, runLength: lengths, coefficientsA: values,
        coefficientsB: values, coefficientsC: values)
    }
    #expect(throws: Failure.self) { try build([], [], [], 0) }
    #expect(throws: Failure.self) { try build([0, 2], [0], [1], 1) }
    #expect(throws: Failure.self) { try build([0, 1], [0], [3], 2) }
    #expect(throws: Failure.self) { try build([0, 2, 1, 2], [0, 1], [1, 1], 2) }
    #expect(throws: Failure.runOutsideNodes(row: 1, start: 8, length: 3)) { try build([0, 0, 1], [8], [3], 3) }
    #expect(throws: Failure.runOutsideNodes(row: 0, start: -1, length: 2)) { try build([0, 1], [-1], [2], 2) }
  }
}

/// A small generator with a fixed sequence (Steele, Lea, Flood 2014), so that tests repeat.
private struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
