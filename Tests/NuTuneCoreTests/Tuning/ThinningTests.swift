import Foundation
import NuTuneCore
import Testing

@Suite struct ThinningTests {
  private struct NoFold: NodeOperator {
    var nodeCount: Int { 0 }
    var binCount: Int { 3 }
    func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {}
    func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {}
    func applyTranspose(
      _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
    ) {}
    func applyTranspose(
      _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
    ) {}
  }

  private func problem(_ counts: [[Double]?], shape: [Double] = [1, 2, 1], seed: UInt64 = 1) throws -> TuningProblem {
    let binning = try Binning(Axis(.leptonEnergy, edges: [0, 1, 2, 3]), Axis(.cosTheta, edges: [-1, 1]))
    let samples = try counts.enumerated().map { index, counts in
      let bins = counts ?? shape
      return TuningSample(
        sample: Sample(
          reaction: Reaction(species: .numu, target: try Target(named: "Ar40")), mode: "mode\(index)", site: .near,
          binning: binning),
        probabilities: bins.map { $0 / bins.reduce(0, +) }, events: counts?.reduce(0, +), nodeOperator: NoFold())
    }
    return TuningProblem(
      nodes: InvariantPoints(omega: [], q2: []), samples: samples, seed: seed, threads: 1)
  }

  /// Every event goes to one of the two sets, and the number in each is binomial: mean n f, variance n f (1 − f).
  @Test func thinningIsBinomial() throws {
    let counts = [400.0, 25, 0]
    let fraction = 0.3
    let draws = 4000
    var sums = [[Double]](repeating: [0, 0], count: 3)
    for seed in 0..<draws {
      let thinned = try #require(try problem([counts], seed: UInt64(seed)).thinned(fraction: fraction))
      let held = thinned.judging.counts[0]
      let left = try #require(thinned.problem.samples[0].events)
      for bin in counts.indices {
        #expect(abs(left * thinned.problem.samples[0].probabilities[bin] + held[bin] - counts[bin]) < 1e-9)
        sums[bin][0] += held[bin]
        sums[bin][1] += held[bin] * held[bin]
      }
    }
    for (bin, events) in counts.enumerated() {
      let mean = sums[bin][0] / Double(draws)
      let variance = sums[bin][1] / Double(draws) - mean * mean
      let expected = events * fraction * (1 - fraction)
      // Four standard errors; that of a variance is √(2/draws) of it for a nearly normal variable.
      #expect(abs(mean - events * fraction) <= 4 * (expected / Double(draws)).squareRoot())
      #expect(abs(variance - expected) <= 4 * (2.2 / Double(draws)).squareRoot() * expected)
    }
  }

  @Test func sameSeedSameEvents() throws {
    let counts: [[Double]?] = [[1000, 500, 20], [1000, 500, 20]]
    let one = try #require(try problem(counts).thinned(fraction: 0.5)).judging.counts
    #expect(try problem(counts).thinned(fraction: 0.5)?.judging.counts == one)
    #expect(one[0] != one[1])
    #expect(try problem(counts, seed: 2).thinned(fraction: 0.5)?.judging.counts != one)
  }

  /// Expectations have no fluctuations to hold out events against.
  @Test func expectationsAreNotThinned() throws {
    #expect(try problem([nil]).thinned(fraction: 0.2) == nil)
    #expect(try problem([[10.5, 3, 2]]).thinned(fraction: 0.2) == nil)
    #expect(try problem([[10, 3, 2], nil]).thinned(fraction: 0.2) == nil)
    #expect(try problem([[10, 3, 2]]).hasFluctuations)
    // Counts of 10⁹ are whole to what probabilities in double precision keep of them.
    #expect(try problem([[1_234_567_891, 3, 2]]).hasFluctuations)
  }

  /// The deviance of a judging set and its expectation, written out.
  @Test func judgingSet() throws {
    let judging = try #require(try problem([[30, 50, 20], [1, 2, 3]]).judgingSet)
    let first = 2 * (30 * log(0.3 / 0.25) + 50 * log(0.5 / 0.5) + 20 * log(0.2 / 0.25))
    let second = 2 * (1 * log(1 / 6.0 * 3) + 2 * log(2 / 6.0 * 3) + 3 * log(3 / 6.0 * 3))
    #expect(abs(judging.deviance(of: [[1, 2, 1], [7, 7, 7]]) - first - second) < 1e-12)
    // Bins that expect 25 and 50 events count 1 + 1/6μ + 1/6μ²; a sample's normalisation is free.
    let moments = try judging.moments(of: [[1, 2, 1], [1e9, 1e9, 1e9]])
    let large = 2 * (1 + 1.0 / 150 + 1.0 / 3750) + 1 + 1.0 / 300 + 1.0 / 15000 - 1
    var small = -1.0
    for _ in 0..<3 {
      // Poisson law of mean 2, summed.
      small += (0...40).reduce(0) { sum, n in
        let probability = exp(-2.0) * (1...max(n, 1)).reduce(1) { $1 <= n ? $0 * 2 / Double($1) : $0 }
        return sum + probability * 2 * ((n > 0 ? Double(n) * log(Double(n) / 2) : 0) - Double(n) + 2)
      }
    }
    #expect(abs(moments.expected - large - small) < 1e-4)
  }
}
