import NuTuneCore
import NuTuneLearning

/// The objective in single precision, for the trainer; the concrete type lets the compiler specialise everything below
/// it.
struct SinglePrecisionObjective: TrainingObjective {
  let objective: FlowObjective<Float>
  /// The judging set of the stopping rule; nil when the schedule decides.
  let judging: JudgingSet?

  var parameterCount: Int { objective.parameterCount }

  func evaluate(
    parameters: UnsafeBufferPointer<Float>, gradient: UnsafeMutableBufferPointer<Float>
  ) throws -> Double {
    try objective.evaluate(parameters: parameters, gradient: gradient)
  }

  func judge(parameters: UnsafeBufferPointer<Float>) throws -> Double {
    guard let judging else { return .nan }
    return judging.deviance(of: objective.rates(parameters: parameters)) / (2 * judging.events)
  }
}
