import Foundation
import NuTuneLearning
import Testing

@Suite struct AdamTests {
  /// By hand: p = 1, gradients 2, −1, 0.5, rate 0.1, β = (0.9, 0.99), ε = 1e-8.
  /// m: 0.2, 0.08, 0.122; v: 0.04, 0.0496, 0.051604; m̂ = m/(1−0.9ᵗ), v̂ = v/(1−0.99ᵗ).
  @Test func threeStepsByHand() {
    var adam = Adam<Double>(parameterCount: 1)
    var parameters = [1.0]
    var expected = 1.0
    let moments = [(0.2, 0.04, 0.1, 0.01), (0.08, 0.0496, 0.19, 0.0199), (0.122, 0.051604, 0.271, 0.029701)]
    for (gradient, (m, v, c1, c2)) in zip([2.0, -1.0, 0.5], moments) {
      [gradient].withUnsafeBufferPointer { adam.update(&parameters, gradient: $0, learningRate: 0.1) }
      expected -= 0.1 * (m / c1) / ((v / c2).squareRoot() + 1e-8)
      #expect(abs(adam.firstMoment[0] - m) < 1e-15)
      #expect(abs(adam.secondMoment[0] - v) < 1e-15)
      #expect(abs(parameters[0] - expected) < 1e-14)
    }
    #expect(adam.step == 3)
  }

  /// Lengths beside the vector length take the same step as each parameter alone.
  @Test(arguments: [1, 7, 16, 33]) func everyParameterTakesItsOwnStep(count: Int) {
    let gradient = (0..<count).map { Float($0) - 3.3 }
    var adam = Adam<Float>(parameterCount: count)
    var parameters = [Float](repeating: 0.5, count: count)
    gradient.withUnsafeBufferPointer { adam.update(&parameters, gradient: $0, learningRate: 0.01) }
    for index in 0..<count {
      var single = Adam<Float>(parameterCount: 1)
      var value: [Float] = [0.5]
      [gradient[index]].withUnsafeBufferPointer { single.update(&value, gradient: $0, learningRate: 0.01) }
      #expect(parameters[index] == value[0])
    }
  }

  @Test func scheduleEndsWhereItSays() throws {
    let schedule = try CosineSchedule(initial: 1e-2, final: 1e-4, steps: 101, warmUp: 0)
    #expect(schedule.learningRate(step: 0) == 1e-2)
    #expect(abs(schedule.learningRate(step: 50) - (1e-4 + 0.5 * (1e-2 - 1e-4))) < 1e-17)
    #expect(schedule.learningRate(step: 100) == 1e-4)
    #expect(schedule.learningRate(step: 1000) == 1e-4)
    let warm = try CosineSchedule(initial: 1, final: 0.1, steps: 20, warmUp: 4)
    #expect((0..<4).map { warm.learningRate(step: $0) } == [0.25, 0.5, 0.75, 1])
    #expect(warm.learningRate(step: 4) == 1)
    #expect(throws: LearningError.self) { try CosineSchedule(initial: 1e-3, final: 1e-2, steps: 10) }
    #expect(throws: LearningError.self) { try CosineSchedule(initial: 1e-2, final: 1e-3, steps: 10, warmUp: 10) }
    #expect(throws: LearningError.self) { try CosineSchedule(initial: .nan, final: 1e-3, steps: 10) }
  }
}
