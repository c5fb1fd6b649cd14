import Foundation
import NuTuneCore
import NuTuneLearning
import Synchronization
import Testing

@Suite struct TrainingSettingsTests {
  static let declarations = TrainingSettings.parameters(steps: 200, finalLearningRate: 1e-3, floorMeaning: "a floor")

  static func settings(_ changes: [String: ParameterValue] = [:]) throws -> TrainingSettings {
    try TrainingSettings(ParameterSchema(declarations).defaults().setting(changes))
  }

  @Test func declaresWhatTheModelAsksFor() {
    let own = [
      "steps", "learning_rate", "final_learning_rate", "warm_up", "beta2", "window", "relative_decrease", "floor",
      "checkpoint_interval",
    ]
    #expect(Self.declarations.map(\.name) == own.map { "training.\($0)" } + StoppingSettings.parameters.map(\.name))
    #expect(Self.declarations[0].defaultValue == .integer(200))
    #expect(Self.declarations[2].defaultValue == .number(1e-3))
    #expect(Self.declarations[7].meaning == "a floor")
  }

  @Test func defaultsMakeOptions() throws {
    let settings = try Self.settings()
    #expect(
      settings.options
        == TrainingOptions(
          schedule: try CosineSchedule(initial: 1e-2, final: 1e-3, steps: 200, warmUp: 0),
          convergence: try ConvergenceCriterion(window: 100, relativeDecrease: 0.02), beta2: 0.99,
          checkpoints: .seconds(5), progressInterval: 20))
    #expect(settings.floor == 1e-11)
    #expect(settings.stopping == StoppingSettings(ParameterSchema(StoppingSettings.parameters).defaults()))
  }

  @Test func everyValueIsRead() throws {
    let settings = try Self.settings([
      "training.steps": .integer(70), "training.learning_rate": .number(0.5),
      "training.final_learning_rate": .number(0.25), "training.warm_up": .integer(7), "training.beta2": .number(0.75),
      "training.window": .integer(11), "training.relative_decrease": .number(0.125), "training.floor": .number(1e-5),
      "training.checkpoint_interval": .number(2), "training.patience": .number(3),
    ])
    #expect(
      settings.options
        == TrainingOptions(
          schedule: try CosineSchedule(initial: 0.5, final: 0.25, steps: 70, warmUp: 7),
          convergence: try ConvergenceCriterion(window: 11, relativeDecrease: 0.125), beta2: 0.75,
          checkpoints: .seconds(2), progressInterval: 20))
    #expect(settings.floor == 1e-5)
    #expect(settings.stopping.patience == 3)
  }

  @Test func refusesAScheduleThatRises() {
    #expect(
      throws: LearningError.invalidOptions("learning rates must satisfy 0 < final <= initial, found 0.01, 1.0")
    ) {
      try Self.settings(["training.final_learning_rate": .number(1)])
    }
  }

  @Test func stoppingRuleFitsTheJudgingData() throws {
    let problem = try LogRates.problem()
    let noise = try Self.settings(["training.noise_level": .number(0.5)]).stopping
    let tuning = try #require(try noise.split(problem))
    let level = 0.5 * (try tuning.judging.noise())
    #expect(level > 0)
    #expect(try StoppingRule(noise, for: tuning) == StoppingRule(.level(level), interval: 25))

    let heldOut = try Self.settings(["training.stopping": .text("held-out"), "training.patience": .number(2)]).stopping
    let thinned = try #require(try heldOut.split(problem))
    #expect(try StoppingRule(heldOut, for: thinned) == StoppingRule(.leastLoss(patience: 2), interval: 25))
  }

  /// What a training says of itself is what the record of the tuning says.
  @Test func trainsLikeTheTrainer() throws {
    let settings = try Self.settings(["training.stopping": .text("none")])
    let problem = try LogRates.problem()
    let (parameters, record) = try settings.train(
      on: problem, objective: { try LogRates($0) }, start: { LogRates.start })
    var objective = try LogRates(problem)
    let (state, expected) = try Trainer(options: settings.options)
      .train(&objective, from: TrainingState(parameters: LogRates.start, options: settings.options))
    #expect(parameters == state.parameters)
    #expect(record == TuningRecord(expected))
    #expect(record.steps == expected.steps && record.loss == expected.finalLoss)
    let outcome: TrainingRecord.Outcome =
      record.converged ? .converged(reason: record.verdict) : .notConverged(reason: record.verdict)
    #expect(outcome == expected.outcome)
    #expect(record.history.map(\.step) == expected.history.map(\.step))
    #expect(record.history.map(\.loss) == expected.history.map(\.loss))
    #expect(record.judgement == nil)
  }

  @Test func heldOutEventsJudge() throws {
    let settings = try Self.settings(["training.stopping": .text("held-out")])
    let problem = try LogRates.problem()
    var left: Double?
    let (parameters, record) = try settings.train(
      on: problem,
      objective: { problem -> LogRates in
        left = problem.samples[0].events
        return try LogRates(problem)
      }, start: { LogRates.start })
    let judgement = try #require(record.judgement)
    #expect(judgement.events > 0)
    #expect(left == 1000 - judgement.events)
    let split = try #require(try settings.stopping.split(problem))
    let rates = [parameters.map { exp($0) }]
    #expect(try settings.stopping.judgement(of: rates, split: split, step: judgement.step) == judgement)
  }

  @Test func progressCountsTheStepsBefore() throws {
    let reports = Mutex<[TuningProgress]>([])
    var problem = try LogRates.problem()
    problem.progress = { progress in reports.withLock { $0.append(progress) } }
    _ = try Self.settings(["training.stopping": .text("none")])
      .train(on: problem, stepsBefore: 1000, objective: { try LogRates($0) }, start: { LogRates.start })
    let steps = reports.withLock { $0.map(\.step) }
    let planned = reports.withLock { $0.map(\.steps) }
    #expect(steps == Array(stride(from: 1020, through: 1200, by: 20)))
    #expect(planned == [Int](repeating: 1200, count: 10))
  }

  @Test func continuesAnUnfinishedTraining() throws {
    let settings = try Self.settings(["training.checkpoint_interval": .number(0)])
    let problem = try LogRates.problem(checkpoint: KeptCheckpoint(save: 20))
    let whole = try settings.train(on: problem, objective: { try LogRates($0) }, start: { LogRates.start })
    #expect(try problem.checkpoint.load() != nil)
    let resumed = try settings.train(
      on: problem, objective: { try LogRates($0) },
      start: {
        Issue.record("a training that is continued needs no initial parameters")
        return LogRates.start
      })
    #expect(resumed.parameters == whole.parameters)
    #expect(resumed.record == whole.record)
  }

  @Test func startsAnewFromDamagedBytes() throws {
    let settings = try Self.settings()
    let whole = try settings.train(
      on: try LogRates.problem(), objective: { try LogRates($0) }, start: { LogRates.start })
    let again = try settings.train(
      on: try LogRates.problem(checkpoint: DamagedCheckpoint()), objective: { try LogRates($0) },
      start: { LogRates.start })
    #expect(again.parameters == whole.parameters)
  }

  @Test func failuresSayWhatWasExpected() throws {
    let settings = try Self.settings()
    let problem = try LogRates.problem()
    let ofTerm = TermError.invalidData("bin 2 contains nan")
    #expect(throws: NuTuneError(.runtime, found: ofTerm.description, expected: ofTerm.expectation)) {
      try settings.train(
        on: problem, objective: { _ -> LogRates in throw ofTerm }, start: { LogRates.start })
    }
    let ofState = LearningError.invalidState("2 parameters, the objective has 4")
    #expect(throws: NuTuneError(.runtime, found: ofState.description, expected: ofState.expectation)) {
      try settings.train(on: problem, objective: { try LogRates($0) }, start: { [0, 0] })
    }
  }
}

/// Keeps one of the states that a training saves, as if it had been killed there.
private final class KeptCheckpoint: CheckpointStore {
  private let wanted: Int
  private let state = Mutex<(saves: Int, bytes: [UInt8]?)>((0, nil))

  init(save: Int) { wanted = save }

  func load() -> [UInt8]? { state.withLock { $0.bytes } }

  func save(_ bytes: [UInt8]) {
    state.withLock {
      $0.saves += 1
      if $0.saves == wanted { $0.bytes = bytes }
    }
  }
}

/// Holds bytes that are no training state.
private struct DamagedCheckpoint: CheckpointStore {
  func load() -> [UInt8]? { [1, 2, 3] }
  func save(_ bytes: [UInt8]) {}
}
