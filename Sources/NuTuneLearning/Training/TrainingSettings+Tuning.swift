import Foundation
import NuTuneCore

extension TrainingSettings {
  /// Trains on the data of a tuning problem.
  ///
  /// Events that the stopping rule holds out are taken from the data first. A training that the problem's checkpoint
  /// store holds unfinished is continued and ends with the same bits.
  ///
  /// - Parameters:
  ///   - problem: The data, the checkpoint store, and who is told of the progress.
  ///   - stopOn: Positions whose samples are not trained on: the training ends at the parameters that describe them best.
  ///   - stepsBefore: Number of steps before this training, such as those of a pretraining; progress counts them.
  ///   - makeObjective: Makes the objective for a problem with the events that are left for tuning.
  ///   - makeStart: Makes the initial parameters, shape [parameterCount]; it is not called when a training is continued.
  /// - Returns: The trained parameters, shape [parameterCount], and the record of the tuning.
  /// - Throws: `NuTuneError` if the options make no sense, a number becomes infinite or not a number, or predictions
  ///   cannot be compared with the data; other errors of the closures and of the checkpoint store as they are.
  public func train<Objective: RateObjective>(
    on problem: TuningProblem, stopOn: [String] = [], stepsBefore: Int = 0,
    objective makeObjective: (TuningProblem) throws -> Objective, start makeStart: () throws -> [Objective.Scalar]
  ) throws -> (parameters: [Objective.Scalar], record: TuningRecord) {
    do {
      let withheld = stopOn.isEmpty ? nil : try problem.withholding(stopOn)
      let split = withheld == nil ? try stopping.split(problem) : nil
      let problem = withheld?.problem ?? split?.problem ?? problem
      var objective = JudgedObjective(
        base: try makeObjective(problem), judging: split?.judging,
        withheld: try withheld.map {
          (try makeObjective($0.judging), try $0.judging.samples.map { try $0.likelihoodTerm() })
        })
      var options = options
      options.stopping =
        withheld == nil
        ? try split.map { try StoppingRule(stopping, for: $0) }
        : try StoppingRule(.leastLoss(patience: stopping.patience), interval: stopping.interval)
      let start =
        try TrainingState<Objective.Scalar>(unfinishedIn: problem.checkpoint)
        ?? TrainingState(parameters: makeStart(), options: options)
      let (final, ofTraining) = try Trainer(options: options).train(
        &objective, from: start,
        onProgress: {
          problem.progress(
            TuningProgress(step: stepsBefore + $0.step, steps: stepsBefore + $0.steps, loss: $0.loss))
        },
        onCheckpoint: { try problem.checkpoint.save(Array($0.encoded())) })
      var record = TuningRecord(ofTraining)
      if let split {
        record.judgement = try stopping.judgement(
          of: final.chosenParameters.withUnsafeBufferPointer { objective.base.rates(parameters: $0) }, split: split,
          step: ofTraining.best?.step ?? ofTraining.steps)
      }
      if !stopOn.isEmpty {
        record.verdict += "; judged by \(stopOn.joined(separator: ", ")), which it was not trained on"
      }
      return (final.chosenParameters, record)
    } catch let error as LearningError {
      throw NuTuneError(.runtime, found: error.description, expected: error.expectation)
    } catch let error as TermError {
      throw NuTuneError(.runtime, found: error.description, expected: error.expectation)
    }
  }
}

extension TrainingState {
  /// Loads the state of an unfinished training; nil when the store holds none, or bytes that are none.
  fileprivate init?(unfinishedIn store: any CheckpointStore) throws {
    guard let bytes = try store.load(), let saved = try? TrainingState(decoding: Data(bytes)) else { return nil }
    self = saved
  }
}
