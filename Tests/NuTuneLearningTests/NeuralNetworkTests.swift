import Foundation
import NuTuneLearning
import Testing

@Suite struct NeuralNetworkTests {
  /// Widths below, at and above the vector length, one to four hidden layers, points beside the block length.
  static let cases: [(NetworkShape, Int)] = {
    let sizes: [(Int, [Int], Int, Int)] = [
      (2, [64, 64, 64], 3, 200), (3, [64, 64, 64], 3, 64), (1, [1], 1, 1), (2, [5], 2, 63), (3, [17, 9], 3, 65),
      (5, [16, 33, 7], 5, 129), (4, [8, 24, 40, 3], 9, 700), (7, [100, 50], 1, 130), (2, [31, 32], 4, 5),
    ]
    return sizes.flatMap { inputs, hidden, outputs, points in
      Activation.allCases.compactMap { activation in
        (try? NetworkShape(inputs: inputs, hiddenWidths: hidden, outputs: outputs, activation: activation)).map {
          ($0, points)
        }
      }
    }
  }()

  @Test func allCasesAreValidShapes() { #expect(Self.cases.count == 18) }

  @Test func shapeCountsItsParameters() throws {
    let shape = try NetworkShape(inputs: 2, hiddenWidths: [64, 64, 64], outputs: 3, activation: .silu)
    #expect(shape.parameterCount == 2 * 64 + 64 + 2 * (64 * 64 + 64) + 64 * 3 + 3)
    #expect(shape.layers[1].weights == 192..<4288)
    #expect(shape.layers[3].biases == shape.parameterCount - 3..<shape.parameterCount)
  }

  @Test func impossibleShapesAreErrors() {
    #expect(throws: LearningError.self) {
      try NetworkShape(inputs: 2, hiddenWidths: [], outputs: 1, activation: .silu)
    }
    #expect(throws: LearningError.invalidShape("layer sizes must lie in 1 ... 65536, found 0")) {
      try NetworkShape(inputs: 2, hiddenWidths: [4, 0], outputs: 1, activation: .silu)
    }
    #expect(throws: (any Error).self) {
      let text = #"{"inputs":2,"hiddenWidths":[],"outputs":1,"activation":"silu"}"#
      return try JSONDecoder().decode(NetworkShape.self, from: Data(text.utf8))
    }
  }

  /// Sums of at most 100 terms of order one, a few layers deep: 1e-13 is some hundred roundings.
  @Test(arguments: cases) func forwardEqualsLoopsOverScalars(_ shape: NetworkShape, points: Int) {
    let problem = RandomProblem<Double>(shape, points: points)
    let expected = NaiveNetwork(shape: shape).outputs(problem.parameters, problem.inputs)
    let recorded = problem.evaluate(threads: 2).outputs
    let unrecorded = NeuralNetwork<Double>(shape: shape)
      .outputs(parameters: problem.parameters, inputs: problem.inputs, threads: 2)
    #expect(recorded == unrecorded)
    for (value, reference) in zip(recorded, expected) {
      #expect(abs(value - reference) < 1e-13 * max(1, abs(reference)))
    }
  }

  /// Central differences with step 1e-5: truncation about 1e-10, rounding about 1e-15·Σ|terms|/1e-5.
  @Test(arguments: cases) func gradientEqualsFiniteDifferences(_ shape: NetworkShape, points: Int) {
    let points = min(points, 130)
    let problem = RandomProblem<Double>(shape, points: points)
    let naive = NaiveNetwork(shape: shape)
    func loss(_ parameters: [Double], _ inputs: [Double]) -> Double {
      zip(naive.outputs(parameters, inputs), problem.weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func difference(_ values: [Double], _ index: Int, _ loss: ([Double]) -> Double) -> Double {
      var (up, down) = (values, values)
      up[index] += 1e-5
      down[index] -= 1e-5
      return (loss(up) - loss(down)) / 2e-5
    }
    let (_, gradient, inputGradient) = problem.evaluate(threads: 2)
    let scale = gradient.map { abs($0) }.max() ?? 0
    var checked = Set(
      shape.layers.flatMap { [$0.weights.lowerBound, $0.weights.upperBound - 1, $0.biases.lowerBound] })
    for index in stride(from: 0, to: shape.parameterCount, by: max(1, shape.parameterCount / 40)) {
      checked.insert(index)
    }
    for index in checked {
      let expected = difference(problem.parameters, index) { loss($0, problem.inputs) }
      #expect(abs(gradient[index] - expected) < 1e-8 * max(1, scale), "parameter \(index)")
    }
    for index in stride(from: 0, to: problem.inputs.count, by: max(1, problem.inputs.count / 20)) {
      let expected = difference(problem.inputs, index) { loss(problem.parameters, $0) }
      #expect(abs(inputGradient[index] - expected) < 1e-8 * max(1, scale), "input \(index)")
    }
  }

  /// Float carries 2⁻²⁴ per operation; layers multiply errors by at most a few.
  @Test(arguments: cases) func floatAgreesWithDouble(_ shape: NetworkShape, points: Int) {
    let single = RandomProblem<Float>(shape, points: points).evaluate(threads: 1)
    let double = RandomProblem<Double>(shape, points: points).evaluate(threads: 1)
    func distance(_ a: [Float], _ b: [Double]) -> Double {
      let scale = b.map { abs($0) }.max() ?? 0
      return (zip(a, b).map { abs(Double($0) - $1) }.max() ?? 0) / scale
    }
    #expect(distance(single.outputs, double.outputs) < 2e-6)
    #expect(distance(single.parameters, double.parameters) < 5e-6)
    #expect(distance(single.inputs, double.inputs) < 5e-6)
  }

  @Test(arguments: [1, 63, 512, 513, 5000, 40_000]) func threadsDoNotChangeABit(points: Int) throws {
    let shape = try NetworkShape(inputs: 3, hiddenWidths: [20, 33], outputs: 3, activation: .silu)
    let problem = RandomProblem<Float>(shape, points: points)
    let serial = problem.evaluate(threads: 1)
    for threads in [2, 3, 5] {
      let parallel = problem.evaluate(threads: threads)
      #expect(parallel.outputs == serial.outputs)
      #expect(parallel.parameters == serial.parameters)
      #expect(parallel.inputs == serial.inputs)
    }
  }

  @Test func backwardAddsToTheGradient() throws {
    let shape = try NetworkShape(inputs: 1, hiddenWidths: [3], outputs: 1, activation: .tanh)
    let network = NeuralNetwork<Double>(shape: shape)
    let tape = network.makeTape(points: 2)
    let parameters = [Double](repeating: 0.5, count: shape.parameterCount)
    let inputs = [0.3, -0.4]
    var outputs = [0.0, 0.0]
    var once = [Double](repeating: 0, count: shape.parameterCount)
    var twice = once
    parameters.withUnsafeBufferPointer { p in
      inputs.withUnsafeBufferPointer { x in
        outputs.withUnsafeMutableBufferPointer {
          network.forward(parameters: p, inputs: x, outputs: $0, recording: tape, threads: 1)
        }
        for (repeats, keep) in [(1, true), (2, false)] {
          for _ in 0..<repeats {
            [1.0, 2.0].withUnsafeBufferPointer { g in
              if keep {
                once.withUnsafeMutableBufferPointer {
                  network.backward(tape, inputs: x, outputGradients: g, parameterGradient: $0, threads: 1)
                }
              } else {
                twice.withUnsafeMutableBufferPointer {
                  network.backward(tape, inputs: x, outputGradients: g, parameterGradient: $0, threads: 1)
                }
              }
            }
          }
        }
      }
    }
    #expect(once.contains { $0 != 0 })
    #expect(twice == once.map { 2 * $0 })
  }

  @Test func initialParametersHaveTheStatedVariance() throws {
    let shape = try NetworkShape(inputs: 50, hiddenWidths: [200, 100], outputs: 30, activation: .silu)
    var generator = SplitMix(seed: 7)
    let parameters: [Double] = shape.initialParameters(using: &generator)
    for layer in shape.layers {
      let weights = layer.weights.map { parameters[$0] }
      let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count) * Double(layer.inputs)
      // Relative standard deviation of a variance from n normal numbers: √(2/n); five of them.
      #expect(abs(variance - 1) < 5 * (2 / Double(weights.count)).squareRoot())
      #expect(layer.biases.allSatisfy { parameters[$0] == 0 })
    }
    var again = SplitMix(seed: 7)
    #expect(shape.initialParameters(using: &again) == parameters)
  }
}
