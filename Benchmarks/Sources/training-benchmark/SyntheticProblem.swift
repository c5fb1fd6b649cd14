import Foundation
import NuTuneFolding
import NuTuneLearning

/// A training problem of the size of neural-sf on the DUNE near detector: a net on all nodes of a 2-D grid, a sparse
/// fold to bins with one run of nodes per grid row, the deviance from binned data.
struct SyntheticProblem {
  static let gridRows = 125
  static let gridColumns = 88
  static let nodes = gridRows * gridColumns
  static let bins = 780
  static let runsPerBin = 40
  static let runLength = 16

  let shape: NetworkShape
  /// Two smooth coordinates in −3 … 3, [2][nodes].
  let inputs: [Float]
  /// Positive factors of the node physics, [4][nodes]: f_a, f_b, f_c, k.
  let factors: [Float]
  let runOffsets: [Int32]
  let runStart: [Int32]
  let runLengths: [Int32]
  /// Positive coefficients of a, b, c, each [triples].
  let coefficients: [[Double]]
  let data: [Double]
  let parameters: [Float]

  init() throws {
    var generator = SplitMix(state: 2025)
    func uniform(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &generator) }
    shape = try NetworkShape(inputs: 2, hiddenWidths: [64, 64, 64], outputs: 3, activation: .silu)

    let rows = (0..<Self.nodes).map { Double($0 / Self.gridColumns) / Double(Self.gridRows - 1) }
    let columns = (0..<Self.nodes).map { Double($0 % Self.gridColumns) / Double(Self.gridColumns - 1) }
    inputs = (rows + columns).map { Float(6 * $0 - 3) }
    factors = (0..<4).flatMap { part in
      zip(rows, columns).map { Float(0.5 + 0.4 * sin(3 * $0 + Double(part)) * cos(2 * $1)) }
    }

    // Bin by bin a band through the grid, as the kinematic region of a bin is.
    var starts: [Int32] = []
    var coefficients: [[Double]] = [[], [], []]
    for bin in 0..<Self.bins {
      let firstRow = bin * (Self.gridRows - Self.runsPerBin) / Self.bins
      let slope = 0.9 * Double(bin % 20) / 20
      for run in 0..<Self.runsPerBin {
        let wobble = Int(uniform(0...4))
        let column = min(Self.gridColumns - Self.runLength, Int(slope * 40 + Double(run) * 0.6) + wobble)
        starts.append(Int32((firstRow + run) * Self.gridColumns + column))
        for part in 0..<3 { for _ in 0..<Self.runLength { coefficients[part].append(uniform(0...1)) } }
      }
    }
    runStart = starts
    runLengths = [Int32](repeating: Int32(Self.runLength), count: starts.count)
    runOffsets = (0...Self.bins).map { Int32($0 * Self.runsPerBin) }
    self.coefficients = coefficients
    parameters = shape.initialParameters(using: &generator)

    let truth = zip(rows, columns).map { exp(-4 * $0 * $0 - 2 * $1) }
    let fold = try RunLengthFold<Double>(
      nodes: Self.nodes, rowRunOffsets: runOffsets, runStart: runStart, runLength: runLengths,
      coefficientsA: coefficients[0], coefficientsB: coefficients[1], coefficientsC: coefficients[2])
    let bins = fold.apply(a: truth, b: truth.map { $0 * $0 }, c: truth.map { 0.3 * $0 })
    let sum = bins.reduce(0, +)
    data = bins.map { $0 / sum }
  }

  func fold() throws -> RunLengthFold<Float> {
    try RunLengthFold(
      nodes: Self.nodes, rowRunOffsets: runOffsets, runStart: runStart, runLength: runLengths,
      coefficientsA: coefficients[0], coefficientsB: coefficients[1], coefficientsC: coefficients[2])
  }

  /// Writes every array as raw little-endian numbers, for other programs to run the same step.
  func export(to folder: URL, loss: Double, gradient: [Float]) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func write<Value>(_ name: String, _ values: [Value]) throws {
      try values.withUnsafeBytes { try Data($0).write(to: folder.appendingPathComponent(name)) }
    }
    try write("inputs.f32", inputs)
    try write("factors.f32", factors)
    try write("run_start.i32", runStart)
    try write("run_length.i32", runLengths)
    try write("run_offsets.i32", runOffsets)
    for (name, part) in zip(["a", "b", "c"], coefficients) {
      try write("coefficients_\(name).f32", part.map { Float($0) })
    }
    try write("data.f64", data)
    try write("parameters.f32", parameters)
    try write("gradient.f32", gradient)
    try write("loss.f64", [loss])
    let sizes = [shape.inputs] + shape.hiddenWidths + [shape.outputs]
    try JSONSerialization.data(withJSONObject: ["nodes": Self.nodes, "bins": Self.bins, "sizes": sizes])
      .write(to: folder.appendingPathComponent("problem.json"))
  }
}

/// A small generator with a fixed sequence (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
