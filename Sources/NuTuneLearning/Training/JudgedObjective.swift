import NuTuneCore

/// An objective together with the events that judge it.
struct JudgedObjective<Base: RateObjective>: TrainingObjective {
  typealias Scalar = Base.Scalar

  var base: Base
  /// The judging set of the stopping rule; nil when the schedule decides.
  let judging: JudgingSet?
  /// Samples that are withheld from the training to judge it, with the objective that predicts them; nil for none.
  var withheld: (objective: Base, terms: [any LikelihoodTerm])?

  var parameterCount: Int { base.parameterCount }

  mutating func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double {
    try base.evaluate(parameters: parameters, gradient: gradient)
  }

  /// Returns half the deviance per event of the judging set, or −2lnL of the samples that are withheld over twice their
  /// scales.
  func judge(parameters: UnsafeBufferPointer<Scalar>) throws -> Double {
    if let withheld {
      let rates = withheld.objective.rates(parameters: parameters)
      let sum = try zip(withheld.terms, rates).reduce(0) { try $0 + $1.0.minusTwoLogLikelihood(of: $1.1).value }
      return sum / (2 * withheld.terms.reduce(0) { $0 + $1.scale })
    }
    guard let judging else { return .nan }
    return judging.deviance(of: base.rates(parameters: parameters)) / (2 * judging.events)
  }
}
