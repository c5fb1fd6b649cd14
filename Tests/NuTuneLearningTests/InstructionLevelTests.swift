import CKernels
import Foundation
import NuTuneLearning
import Testing

/// The kernels for older machines, reached by limiting the level of one thread.
@Suite struct InstructionLevelTests {
  func limited<Result>(to level: Int32, _ body: () -> Result) -> Result {
    limit_instruction_level(level)
    defer { limit_instruction_level(4) }
    return body()
  }

  func expectSameBits<Scalar: NetworkScalar>(_ type: Scalar.Type, _ shape: NetworkShape, _ points: Int) {
    let problem = RandomProblem<Scalar>(shape, points: points)
    let best = problem.evaluate(threads: 1)
    let older = limited(to: 3) { problem.evaluate(threads: 1) }
    #expect(older.outputs == best.outputs)
    #expect(older.parameters == best.parameters)
    #expect(older.inputs == best.inputs)
  }

  /// Fused multiply-adds in one order: AVX2 and AVX-512 agree to the last bit.
  @Test(arguments: NeuralNetworkTests.cases) func vectorWidthDoesNotChangeABit(_ shape: NetworkShape, points: Int) {
    expectSameBits(Float.self, shape, points)
    expectSameBits(Double.self, shape, points)
  }

  /// Without fused multiply-adds rounding differs, nothing else: 1e-12 is some thousand roundings.
  @Test(arguments: NeuralNetworkTests.cases) func baselineAgrees(_ shape: NetworkShape, points: Int) {
    let problem = RandomProblem<Double>(shape, points: points)
    let best = problem.evaluate(threads: 1)
    let baseline = limited(to: 0) { problem.evaluate(threads: 1) }
    for (a, b) in [
      (best.outputs, baseline.outputs), (best.parameters, baseline.parameters), (best.inputs, baseline.inputs),
    ] {
      let scale = a.map { abs($0) }.max() ?? 0
      for (x, y) in zip(a, b) { #expect(abs(x - y) <= 1e-12 * scale) }
    }
  }

  @Test func functionsAgreeAtEveryLevel() {
    let x = (0...10_000).map { Float($0) / 50 - 100 }
    func values() -> [[Float]] {
      var (e, s, ds, t, dt) = (x, x, x, x, x)
      net_exp_f32(x, &e, x.count)
      net_silu_f32(x, &s, &ds, x.count)
      net_tanh_f32(x, &t, &dt, x.count)
      return [e, s, ds, t, dt]
    }
    let best = values()
    #expect(limited(to: 3, values) == best)
    for (a, b) in zip(limited(to: 0, values), best) {
      for (y, reference) in zip(a, b) where reference.isFinite {
        #expect(abs(y - reference) <= 4 * Float.ulpOfOne * max(abs(reference), 1e-30) || abs(y - reference) < 3e-7)
      }
    }
  }
}
