import Foundation
import NuTuneCore
import NuTuneLearning

/// Rates eᵖ in four bins of one sample, one parameter for each, whose shape is compared with the data.
struct LogRates: RateObjective {
  typealias Scalar = Double
  private let term: any LikelihoodTerm

  init(_ problem: TuningProblem) throws { term = try problem.samples[0].likelihoodTerm() }

  var parameterCount: Int { term.binCount }

  func evaluate(
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws -> Double {
    let rates = parameters.map { exp($0) }
    let loss = try rates.withUnsafeBufferPointer { try term.evaluate(rates: $0, gradient: gradient) }
    for i in rates.indices { gradient[i] *= rates[i] }
    return loss
  }

  func rates(parameters: UnsafeBufferPointer<Double>) -> [[Double]] { [parameters.map { exp($0) }] }

  /// Data of 1000 events: 100, 200, 300 and 400 in the bins.
  static func problem(checkpoint: any CheckpointStore = NoCheckpoint()) throws -> TuningProblem {
    let sample = TuningSample(
      sample: Sample(
        reaction: Reaction(species: .numu, target: try Target(named: "Ar40")), mode: "fhc", site: .near,
        binning: try Binning(Axis(.leptonEnergy, edges: [0.3, 1, 2, 3, 4]), Axis(.cosTheta, edges: [-1, 1]))),
      probabilities: [0.1, 0.2, 0.3, 0.4], events: 1000, nodeOperator: NoNodes())
    return TuningProblem(
      nodes: InvariantPoints(omega: [], q2: []), samples: [sample], seed: 1, threads: 1, checkpoint: checkpoint)
  }

  /// Parameters of equal rates.
  static let start = [0.0, 0, 0, 0]
}

/// No model of structure functions is trained here.
private struct NoNodes: NodeOperator {
  let nodeCount = 0
  let binCount = 4
  func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {}
  func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {}
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {}
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {}
}
