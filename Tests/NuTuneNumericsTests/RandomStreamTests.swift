import Foundation
import NuTuneNumerics
import Testing

@Suite struct RandomStreamTests {
  @Test func theGeneratorIsXoshiro256() throws {
    // State (1, 2, 3, 4) and its first outputs, as in the test vectors of the reference implementations.
    let stream = try RandomStream(state: (1...4).flatMap { [UInt8($0), 0, 0, 0, 0, 0, 0, 0] })
    #expect(
      (0..<6).map { _ in stream.next() } == [
        11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
      ])
  }

  @Test func theKeyAloneDecidesTheNumbers() throws {
    // From an independent implementation of the key hash, SplitMix64 and xoshiro256**.
    let expected: [UInt64] = [17_030_296_275_221_646_307, 14_344_938_759_154_493_904, 9_887_152_353_379_674_160]
    let other = try RandomStream(seed: 1, purpose: "data")
    _ = (0..<100).map { _ in other.gaussian() }
    let stream = try RandomStream(seed: 1, purpose: "network", member: 0)
    #expect(expected.map { _ in stream.next() } == expected)
  }

  @Test func everyPartOfTheKeyMatters() throws {
    var first: Set<UInt64> = []
    var count = 0
    for seed in [UInt64(0), 1, 2, .max] {
      for purpose in ["", "network", "networl", "data"] {
        for member in -1..<200 {
          first.insert(try RandomStream(seed: seed, purpose: purpose, member: member).next())
          count += 1
        }
      }
    }
    #expect(first.count == count)
  }

  @Test func streamsOfNeighbouringMembersAreUncorrelated() throws {
    // Correlation of n independent pairs: σ = 1/√n; 5σ.
    let count = 100_000
    let (a, b) = (
      try RandomStream(seed: 1, purpose: "flux", member: 1), try RandomStream(seed: 1, purpose: "flux", member: 2)
    )
    let sum = zip(a.gaussians(count), b.gaussians(count)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(sum / Double(count)) < 5 / Double(count).squareRoot())
  }

  @Test func aSavedStateContinues() throws {
    let stream = try RandomStream(seed: 7, purpose: "checkpoint")
    _ = stream.gaussians(13)
    let saved = stream.state
    #expect(saved.count == RandomStream.stateBytes)
    let expected = stream.gaussians(20)
    #expect(try RandomStream(state: saved).gaussians(20) == expected)
    #expect(throws: NumericsError.self) { try RandomStream(state: [1, 2, 3]) }
    #expect(throws: NumericsError.self) { try RandomStream(state: [UInt8](repeating: 0, count: 32)) }
  }

  /// Tolerances are 5 standard errors of each sample moment.
  @Test func momentsOfTheDistributions() throws {
    let count = 200_000
    let n = Double(count)
    let stream = try RandomStream(seed: 3, purpose: "moments")
    func moments(_ draw: () throws -> Double) rethrows -> (mean: Double, variance: Double) {
      let values = try (0..<count).map { _ in try draw() }
      let mean = values.reduce(0, +) / n
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n)
    }
    let uniform = moments { stream.uniform() }
    #expect(abs(uniform.mean - 0.5) < 5 * (1 / (12 * n)).squareRoot())
    // Var of the sample variance: (μ₄ − σ⁴)/n; μ₄ = 1/80.
    #expect(abs(uniform.variance - 1.0 / 12) < 5 * ((1.0 / 80 - 1.0 / 144) / n).squareRoot())
    let gaussian = moments { stream.gaussian(mean: 2, standardDeviation: 3) }
    #expect(abs(gaussian.mean - 2) < 5 * 3 / n.squareRoot())
    #expect(abs(gaussian.variance - 9) < 5 * 9 * (2 / n).squareRoot())
    for mean in [0.3, 4, 250] {
      let poisson = try moments { Double(try stream.poisson(mean: mean)) }
      #expect(abs(poisson.mean - mean) < 5 * (mean / n).squareRoot())
      // μ₄ = λ + 3λ².
      #expect(abs(poisson.variance - mean) < 5 * ((mean + 2 * mean * mean) / n).squareRoot())
    }
    #expect(try stream.poisson(mean: 0) == 0)
    #expect(throws: NumericsError.self) { try stream.poisson(mean: -1) }
    #expect(throws: NumericsError.self) { try stream.poisson(mean: .nan) }
  }

  @Test func multinomialKeepsTheTotalAndTheShape() throws {
    let stream = try RandomStream(seed: 4, purpose: "multinomial")
    let weights = [1.0, 0, 5, 10, 0.01, 4]
    let total = weights.reduce(0, +)
    let events = 30_000_000
    let counts = try stream.multinomial(count: events, probabilities: weights)
    #expect(counts.reduce(0, +) == events)
    #expect(counts[1] == 0)
    for (count, weight) in zip(counts, weights) {
      let p = weight / total
      #expect(abs(Double(count) - Double(events) * p) <= 5 * (Double(events) * p * (1 - p)).squareRoot())
    }
    #expect(throws: NumericsError.self) { try stream.multinomial(count: 10, probabilities: [1, -1]) }
    #expect(throws: NumericsError.self) { try stream.multinomial(count: 10, probabilities: [0, 0]) }
    #expect(throws: NumericsError.self) { try stream.multinomial(count: -1, probabilities: [1]) }
  }

  @Test func shuffledIsAUniformPermutation() throws {
    let stream = try RandomStream(seed: 5, purpose: "shuffle")
    #expect(stream.shuffled(Array(0..<100)).sorted() == Array(0..<100))
    var seen: [[Int]: Int] = [:]
    let count = 60_000
    for _ in 0..<count { seen[stream.shuffled([0, 1, 2]), default: 0] += 1 }
    #expect(seen.count == 6)
    let expected = Double(count) / 6
    for times in seen.values { #expect(abs(Double(times) - expected) < 5 * (expected * 5 / 6).squareRoot()) }
  }
}
