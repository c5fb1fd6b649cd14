import NuTuneCore

/// An objective together with the events that judge it.
struct JudgedObjective<Base: RateObjective>: TrainingObjective {
  typealias Scalar = Base.Scalar

  var base: Base
  /// The judging set of the stopping rule; nil when the schedule decides.
  let judging: JudgingSet?

  var parameterCount: Int { base.parameterCount }

  mutating func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double {
    try base.evaluate(parameters: parameters, gradient: gradient)
  }

  /// Returns half the deviance per event of the judging set.
  func judge(parameters: UnsafeBufferPointer<Scalar>) throws -> Double {
    guard let judging else { return .nan }
    return judging.deviance(of: base.rates(parameters: parameters)) / (2 * judging.events)
  }
}
