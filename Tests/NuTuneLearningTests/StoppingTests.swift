import Foundation
import NuTuneLearning
import Testing

/// A small net fitted to 24 noisy points of a curve, judged by 24 other noisy points; knows the true curve.
struct NoisyCurve: TrainingObjective {
  typealias Scalar = Float
  let network: NeuralNetwork<Float>
  let tape: NetworkTape<Float>
  let inputs: [Float]
  let tuning: [Double]
  let judging: [Double]
  let threads: Int

  init(seed: UInt64, threads: Int = 1) throws {
    network = NeuralNetwork(
      shape: try NetworkShape(inputs: 1, hiddenWidths: [40, 40], outputs: 1, activation: .silu))
    tape = network.makeTape(points: 24)
    inputs = (0..<24).map { Float($0) / 3 - 4 }
    var generator = SplitMix(seed: seed)
    func noise() -> Double {
      let (u, v) = (Double.random(in: 1e-9...1, using: &generator), Double.random(in: 0...1, using: &generator))
      return 0.5 * (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
    }
    let truth = inputs.map { Self.truth(Double($0)) }
    tuning = truth.map { $0 + noise() }
    judging = truth.map { $0 + noise() }
    self.threads = threads
  }

  static func truth(_ x: Double) -> Double { tanh(x) }
  var parameterCount: Int { network.shape.parameterCount }

  private func outputs(_ parameters: UnsafeBufferPointer<Float>) -> [Float] {
    var outputs = [Float](repeating: 0, count: inputs.count)
    inputs.withUnsafeBufferPointer { x in
      outputs.withUnsafeMutableBufferPointer {
        network.forward(parameters: parameters, inputs: x, outputs: $0, recording: tape, threads: threads)
      }
    }
    return outputs
  }

  func distance(_ parameters: UnsafeBufferPointer<Float>, from values: [Double]) -> Double {
    zip(outputs(parameters), values).reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) } / Double(values.count)
  }

  /// Mean square distance from the true curve.
  func error(_ parameters: [Float]) -> Double {
    parameters.withUnsafeBufferPointer { distance($0, from: inputs.map { Self.truth(Double($0)) }) }
  }

  func evaluate(parameters: UnsafeBufferPointer<Float>, gradient: UnsafeMutableBufferPointer<Float>) -> Double {
    let y = outputs(parameters)
    let byOutputs = zip(y, tuning).map { Float(2 * (Double($0) - $1) / Double(tuning.count)) }
    inputs.withUnsafeBufferPointer { x in
      byOutputs.withUnsafeBufferPointer {
        network.backward(tape, inputs: x, outputGradients: $0, parameterGradient: gradient, threads: threads)
      }
    }
    return zip(y, tuning).reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) } / Double(tuning.count)
  }

  func judge(parameters: UnsafeBufferPointer<Float>) -> Double { distance(parameters, from: judging) }
}

@Suite struct StoppingTests {
  static func options(_ aim: StoppingRule.Aim?, checkpoints: TrainingOptions.CheckpointInterval = .never) throws
    -> TrainingOptions
  {
    TrainingOptions(
      schedule: try CosineSchedule(initial: 1e-2, final: 1e-4, steps: 3000),
      convergence: try ConvergenceCriterion(window: 20, relativeDecrease: 0.5),
      stopping: try aim.map { try StoppingRule($0, interval: 10) }, checkpoints: checkpoints)
  }

  static func start(_ objective: NoisyCurve, _ options: TrainingOptions) -> TrainingState<Float> {
    var generator = SplitMix(seed: 11)
    return TrainingState(parameters: objective.network.shape.initialParameters(using: &generator), options: options)
  }

  /// Training to the end follows the noise; training that stops by held-out points, or at the noise, is closer to the
  /// truth.
  @Test func stoppingLowersTheTrueError() throws {
    var (plain, heldOut, noise) = (0.0, 0.0, 0.0)
    for seed in 1...5 {
      func error(_ aim: StoppingRule.Aim?) throws -> (Double, TrainingRecord) {
        var objective = try NoisyCurve(seed: UInt64(seed))
        let options = try Self.options(aim)
        let (state, record) = try Trainer(options: options).train(&objective, from: Self.start(objective, options))
        return (objective.error(state.chosenParameters), record)
      }
      plain += try error(nil).0
      let stopped = try error(.leastLoss(patience: 1))
      #expect(stopped.1.converged && stopped.1.steps < 3000)
      heldOut += stopped.0
      // A level of the tuning points' own noise is judged on the judging points here: above the noise of both.
      noise += try error(.level(0.3)).0
    }
    #expect(heldOut < 0.6 * plain, "\(heldOut) with, \(plain) without")
    #expect(noise < 0.8 * plain, "\(noise) with, \(plain) without")
  }

  /// A training that ends on a plateau returns its last parameters when they are better than the average, which remembers
  /// those of a higher learning rate.
  @Test func theLastParametersAreJudgedWhereverItEnds() throws {
    var objective = try NoisyCurve(seed: 3)
    // A level that is never reached, judgements further apart than the training is long.
    let options = TrainingOptions(
      schedule: try CosineSchedule(initial: 1e-2, final: 1e-4, steps: 3000),
      convergence: try ConvergenceCriterion(window: 20, relativeDecrease: 0.5, stopsEarly: true),
      stopping: try StoppingRule(.level(0), interval: 100_000), checkpoints: .never)
    let (state, record) = try Trainer(options: options).train(&objective, from: Self.start(objective, options))
    #expect(record.converged && record.steps < 3000)
    let losses = [state.parameters, state.average].map { candidate in
      candidate.withUnsafeBufferPointer { objective.judge(parameters: $0) }
    }
    #expect(record.best?.step == record.steps && record.best?.loss == losses.min())
  }

  /// What is returned are the averaged parameters of the best judgement, whose loss the record tells.
  @Test func keepsTheBest() throws {
    var objective = try NoisyCurve(seed: 3)
    let options = try Self.options(.leastLoss(patience: 0.5))
    let (state, record) = try Trainer(options: options).train(&objective, from: Self.start(objective, options))
    let best = try #require(record.best)
    #expect(best.step % 10 == 0 && best.step < record.steps)
    #expect(record.steps - best.step >= max(80, best.step / 2))
    let loss = state.chosenParameters.withUnsafeBufferPointer { objective.judge(parameters: $0) }
    #expect(loss == best.loss)
    #expect(state.chosenParameters != state.parameters)
    guard case .converged(let reason) = record.outcome else {
      Issue.record("stopping is an end")
      return
    }
    #expect(reason.contains("held-out events are described best after \(best.step) steps"))
  }

  /// A checkpoint holds the average and the best judgement, too.
  @Test func resumedTrainingRepeatsEveryBit() throws {
    let options = try Self.options(.leastLoss(patience: 0.5), checkpoints: .steps(17))
    let trainer = try Trainer(options: options)
    var objective = try NoisyCurve(seed: 2)
    var checkpoints: [Data] = []
    let whole = try trainer.train(
      &objective, from: Self.start(objective, options), onCheckpoint: { checkpoints.append($0.encoded()) })
    #expect(checkpoints.count > 3)
    for checkpoint in checkpoints {
      var fresh = try NoisyCurve(seed: 2, threads: 3)
      let resumed = try trainer.train(&fresh, from: TrainingState<Float>(decoding: checkpoint))
      #expect(resumed.state == whole.state)
      #expect(resumed.record == whole.record)
    }
    // A state of a training that judges does not fit one that does not.
    let plain = try Trainer(options: Self.options(nil))
    #expect(throws: LearningError.self) {
      try plain.train(&objective, from: TrainingState<Float>(decoding: checkpoints[0]))
    }
  }

  @Test func senselessRulesAreRefused() throws {
    #expect(throws: LearningError.self) { try StoppingRule(.leastLoss(patience: 0), interval: 10) }
    #expect(throws: LearningError.self) { try StoppingRule(.level(-1), interval: 10) }
    #expect(throws: LearningError.self) { try StoppingRule(.level(1), interval: 0) }
  }
}
