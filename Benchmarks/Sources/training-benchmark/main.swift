import COpenBLAS
import Foundation
import NuTuneLearning

// training-benchmark [--threads N] [--steps N] [--export FOLDER] [--json]
// Times one training step, its parts, and the net kernel beside OpenBLAS's sgemm in the same run.

func option(_ name: String) -> String? {
  guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else {
    return nil
  }
  return CommandLine.arguments[index + 1]
}

func runBenchmark() throws {
  let threads = option("--threads").flatMap(Int.init) ?? 2
  let steps = option("--steps").flatMap(Int.init) ?? 200
  let problem = try SyntheticProblem()
  let objective = try SyntheticObjective(problem: problem, threads: threads)
  var parameters = problem.parameters
  var gradient = [Float](repeating: 0, count: parameters.count)
  var adam = Adam<Float>(parameterCount: parameters.count)

  func evaluate() throws -> Double {
    try parameters.withUnsafeBufferPointer { parameters in
      try gradient.withUnsafeMutableBufferPointer {
        $0.update(repeating: 0)
        return try objective.evaluate(parameters: parameters, gradient: $0)
      }
    }
  }

  let initialLoss = try evaluate()
  if let folder = option("--export") {
    try problem.export(to: URL(fileURLWithPath: folder), loss: initialLoss, gradient: gradient)
  }

  func step() throws {
    _ = try evaluate()
    gradient.withUnsafeBufferPointer { adam.update(&parameters, gradient: $0, learningRate: 1e-3) }
  }

  _ = try milliseconds(repetitions: 20, step)
  let stepTimes = try milliseconds(repetitions: steps, step)

  // The net alone: forward with its tape and backward, three times the forward products counted.
  var outputs = [Float](repeating: 0, count: 3 * SyntheticProblem.nodes)
  func netForward() {
    parameters.withUnsafeBufferPointer { p in
      problem.inputs.withUnsafeBufferPointer { x in
        outputs.withUnsafeMutableBufferPointer {
          objective.network.forward(parameters: p, inputs: x, outputs: $0, recording: objective.tape, threads: threads)
        }
      }
    }
  }
  func netBackward() {
    problem.inputs.withUnsafeBufferPointer { x in
      outputs.withUnsafeBufferPointer { g in
        gradient.withUnsafeMutableBufferPointer {
          objective.network.backward(
            objective.tape, inputs: x, outputGradients: g, parameterGradient: $0, threads: threads)
        }
      }
    }
  }
  let nodeValues = [Float](repeating: 1, count: SyntheticProblem.nodes)
  let binValues = [Double](repeating: 1, count: SyntheticProblem.bins)
  let operations = Double(problem.shape.forwardOperationsPerPoint * SyntheticProblem.nodes)

  // Alternate the measurements: the machine's mood then hits all of them alike.
  var peaks: [Double] = []
  var forwardTimes: [Double] = []
  var backwardTimes: [Double] = []
  var foldTimes: [Double] = []
  var transposeTimes: [Double] = []
  var adamTimes: [Double] = []
  for _ in 0..<3 {
    peaks.append(matrixPeak(threads: threads))
    for _ in 0..<steps / 4 {
      forwardTimes += milliseconds(repetitions: 1, netForward)
      backwardTimes += milliseconds(repetitions: 1, netBackward)
    }
    var (a, b, c) = (nodeValues, nodeValues, nodeValues)
    var y = binValues
    foldTimes += milliseconds(repetitions: steps / 4) {
      nodeValues.withUnsafeBufferPointer { v in
        y.withUnsafeMutableBufferPointer { objective.fold.apply(a: v, b: v, c: v, result: $0, threads: threads) }
      }
    }
    transposeTimes += milliseconds(repetitions: steps / 4) {
      binValues.withUnsafeBufferPointer { g in
        a.withUnsafeMutableBufferPointer { a in
          b.withUnsafeMutableBufferPointer { b in
            c.withUnsafeMutableBufferPointer { objective.fold.applyTranspose(g, a: a, b: b, c: $0, threads: threads) }
          }
        }
      }
    }
    adamTimes += milliseconds(repetitions: steps / 4) {
      gradient.withUnsafeBufferPointer { adam.update(&parameters, gradient: $0, learningRate: 0) }
    }
  }
  let peak = median(peaks)
  let netTime = median(forwardTimes) + median(backwardTimes)
  let netSpeed = 3 * operations / netTime * 1e-6
  let results: [String: Any] = [
    "step_ms": median(stepTimes), "step_ms_best": stepTimes.min() ?? 0, "net_forward_ms": median(forwardTimes),
    "net_backward_ms": median(backwardTimes), "net_gflops": netSpeed, "sgemm_gflops": peak,
    "net_fraction_of_sgemm": netSpeed / peak, "fold_ms": median(foldTimes), "fold_transpose_ms": median(transposeTimes),
    "adam_ms": median(adamTimes), "threads": threads, "loss": initialLoss,
    "openblas_core": openblas_get_corename().map { String(cString: $0) } ?? "unknown",
  ]
  if CommandLine.arguments.contains("--json") {
    let text = try JSONSerialization.data(withJSONObject: results, options: [.sortedKeys])
    print(String(decoding: text, as: UTF8.self))
  } else {
    for (name, value) in results.sorted(by: { $0.key < $1.key }) { print(name, value) }
  }
}

try runBenchmark()
