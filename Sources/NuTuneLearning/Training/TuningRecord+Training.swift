import NuTuneCore

extension TuningRecord {
  /// Creates the record of a tuning that is a training: outcome, steps, final loss and learning curve, without a
  /// judgement by held-out events.
  ///
  /// - Parameter record: The record that the trainer returned.
  public init(_ record: TrainingRecord) {
    let verdict =
      switch record.outcome {
      case .converged(let reason), .notConverged(let reason): reason
      }
    self.init(
      converged: record.converged, verdict: verdict, steps: record.steps, loss: record.finalLoss,
      history: record.history.map { Point(step: $0.step, loss: $0.loss) })
  }
}
