import Foundation
import NuTuneLearning
import Testing

/// A small net fitted to a curve: mean squared error on 100 points.
struct CurveObjective<Scalar: NetworkScalar>: TrainingObjective {
  let network: NeuralNetwork<Scalar>
  let tape: NetworkTape<Scalar>
  let inputs: [Scalar]
  let threads: Int
  var breaksAt: Int?
  var breaksGradient = false
  private var evaluations = 0

  init(threads: Int = 1) throws {
    let shape = try NetworkShape(inputs: 1, hiddenWidths: [12, 12], outputs: 1, activation: .silu)
    network = NeuralNetwork(shape: shape)
    tape = network.makeTape(points: 100)
    inputs = (0..<100).map { Scalar(Double($0) / 25 - 2) }
    self.threads = threads
  }

  var parameterCount: Int { network.shape.parameterCount }

  mutating func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double {
    defer { evaluations += 1 }
    if evaluations == breaksAt {
      if breaksGradient { gradient[3] = .infinity } else { return .nan }
    }
    var outputs = [Scalar](repeating: 0, count: 100)
    var loss = 0.0
    inputs.withUnsafeBufferPointer { x in
      outputs.withUnsafeMutableBufferPointer { y in
        network.forward(parameters: parameters, inputs: x, outputs: y, recording: tape, threads: threads)
        for point in y.indices {
          let difference = Double(y[point]) - sin(2 * Double(x[point]))
          loss += difference * difference / 100
          y[point] = Scalar(2 * difference / 100)
        }
        network.backward(
          tape, inputs: x, outputGradients: UnsafeBufferPointer(y), parameterGradient: gradient, threads: threads)
      }
    }
    return loss
  }
}

@Suite struct TrainerTests {
  static func options(
    steps: Int = 400, checkpoints: TrainingOptions.CheckpointInterval = .never, stopsEarly: Bool = false,
    relativeDecrease: Double = 0.05
  ) throws -> TrainingOptions {
    TrainingOptions(
      schedule: try CosineSchedule(initial: 1e-2, final: 1e-4, steps: steps, warmUp: 10),
      convergence: try ConvergenceCriterion(window: 20, relativeDecrease: relativeDecrease, stopsEarly: stopsEarly),
      checkpoints: checkpoints, progressInterval: 50, historyLength: 40)
  }

  static func start<Scalar>(_ objective: CurveObjective<Scalar>, _ options: TrainingOptions) -> TrainingState<Scalar> {
    var generator = SplitMix(seed: 11)
    return TrainingState(parameters: objective.network.shape.initialParameters(using: &generator), options: options)
  }

  @Test func learnsACurve() throws {
    var objective = try CurveObjective<Float>()
    let options = try Self.options()
    var reports: [Int] = []
    let (state, record) = try Trainer(options: options)
      .train(&objective, from: Self.start(objective, options), onProgress: { reports.append($0.step) })
    #expect(record.finalLoss < 0.02)
    #expect(record.converged)
    #expect(record.steps == 400 && state.step == 400)
    #expect(reports == [50, 100, 150, 200, 250, 300, 350, 400])
    #expect(record.history.map(\.step) == Array(stride(from: 0, through: 400, by: 10)))
    #expect(record.history.last?.loss == record.finalLoss)
  }

  @Test func resumedTrainingRepeatsEveryBit() throws {
    let options = try Self.options(checkpoints: .steps(70))
    let trainer = try Trainer(options: options)
    var objective = try CurveObjective<Float>()
    var checkpoints: [Data] = []
    let whole = try trainer.train(
      &objective, from: Self.start(objective, options), onCheckpoint: { checkpoints.append($0.encoded()) })
    #expect(checkpoints.count == 5)
    for (number, checkpoint) in checkpoints.enumerated() {
      var fresh = try CurveObjective<Float>(threads: 3)
      let state = try TrainingState<Float>(decoding: checkpoint)
      #expect(state.step == 70 * (number + 1))
      let resumed = try trainer.train(&fresh, from: state)
      #expect(resumed.state == whole.state)
      #expect(resumed.record == whole.record)
    }
    var fresh = try CurveObjective<Float>()
    let finished = try trainer.train(&fresh, from: TrainingState(decoding: whole.state.encoded()))
    #expect(finished.record == whole.record)
  }

  @Test func clockDoesNotChangeNumbers() throws {
    var objective = try CurveObjective<Double>()
    let plain = try Self.options()
    let expected = try Trainer(options: plain).train(&objective, from: Self.start(objective, plain))
    let timed = try Self.options(checkpoints: .seconds(0))
    var count = 0
    let found = try Trainer(options: timed)
      .train(&objective, from: Self.start(objective, timed), onCheckpoint: { _ in count += 1 })
    #expect(count == 400)
    #expect(found.state == expected.state)
  }

  @Test func stopsEarlyOnlyWhereTheCriterionHolds() throws {
    var objective = try CurveObjective<Float>()
    let options = try Self.options(steps: 2000, stopsEarly: true)
    let (state, record) = try Trainer(options: options).train(&objective, from: Self.start(objective, options))
    #expect(record.converged)
    #expect(state.step < 2000)
    #expect(options.schedule.learningRate(step: state.step - 1) <= 2e-4)
  }

  @Test func saysWhyItHasNotConverged() throws {
    var objective = try CurveObjective<Float>()
    let options = TrainingOptions(
      schedule: try CosineSchedule(initial: 1e-3, final: 1e-3, steps: 60),
      convergence: try ConvergenceCriterion(window: 20, relativeDecrease: 1e-4))
    let (_, record) = try Trainer(options: options).train(&objective, from: Self.start(objective, options))
    guard case .notConverged(let reason) = record.outcome else {
      Issue.record("60 steps cannot converge")
      return
    }
    #expect(reason.contains("the smoothed loss still went from"))
    let short = TrainingOptions(
      schedule: try CosineSchedule(initial: 1e-3, final: 1e-3, steps: 30),
      convergence: try ConvergenceCriterion(window: 20))
    let (_, brief) = try Trainer(options: short).train(&objective, from: Self.start(objective, short))
    #expect(
      brief.outcome == .notConverged(reason: "only 30 steps were taken, two windows of 20 are needed"))
  }

  @Test func stopsAtTheTargetLoss() throws {
    var objective = try CurveObjective<Float>()
    var options = try Self.options()
    options.targetLoss = 0.1
    let (state, record) = try Trainer(options: options).train(&objective, from: Self.start(objective, options))
    #expect(record.converged && state.step < 400)
    #expect((state.recentLosses.last ?? 1) <= 0.1)
  }

  @Test func nonFiniteNumbersNameTheStep() throws {
    let options = try Self.options()
    let trainer = try Trainer(options: options)
    var objective = try CurveObjective<Float>()
    objective.breaksAt = 17
    #expect { try trainer.train(&objective, from: Self.start(objective, options)) } throws: { error in
      if case LearningError.nonFiniteLoss(step: 17, let loss) = error { loss.isNaN } else { false }
    }
    var other = try CurveObjective<Float>()
    other.breaksAt = 5
    other.breaksGradient = true
    #expect(throws: LearningError.nonFiniteGradient(step: 5, component: 3)) {
      try trainer.train(&other, from: Self.start(other, options))
    }
  }

  @Test func damagedStatesAreRefused() throws {
    let options = try Self.options()
    let trainer = try Trainer(options: options)
    let objective = try CurveObjective<Float>()
    let good = Self.start(objective, options).encoded()
    #expect(try TrainingState<Float>(decoding: good) == Self.start(objective, options))
    #expect(throws: LearningError.self) { try TrainingState<Float>(decoding: Data()) }
    #expect(throws: LearningError.self) { try TrainingState<Float>(decoding: good.dropLast(9)) }
    #expect(throws: LearningError.self) { try TrainingState<Double>(decoding: good) }
    var flipped = good
    flipped[flipped.count / 2] ^= 1
    #expect(throws: LearningError.self) { try TrainingState<Float>(decoding: flipped) }
    var fresh = objective
    let foreign = TrainingState(parameters: [Float](repeating: 0, count: 3), options: options)
    #expect(throws: LearningError.self) { try trainer.train(&fresh, from: foreign) }
    var others = options
    others.beta2 = 0.999
    let otherAdam = Self.start(objective, others)
    #expect(throws: LearningError.self) { try trainer.train(&fresh, from: otherAdam) }
  }
}
