import NuTuneStatistics
import NuTuneNumerics
import Testing

/// Two bins whose predictions keep the same ratio for all parameters say no more than their sum.
@Suite struct BinMergingTests {
  /// A random distribution in coarse bins, and the same one in fine bins of fixed shares.
  private struct Split {
    let coarse: [Double]
    let fine: [Double]
    let shares: [[Double]]

    init(_ stream: RandomStream) throws {
      shares = (0..<Int(stream.uniform(in: 2...12))).map { _ in
        let parts = (0..<Int(stream.uniform(in: 1...4))).map { _ in stream.uniform(in: 0.05...1) }
        let total = parts.reduce(0, +)
        return parts.map { $0 / total }
      }
      let mean = stream.uniform(in: 1...300)
      fine = try shares.flatMap { parts in try parts.map { Double(try stream.poisson(mean: mean * $0)) } }
      var next = fine[...]
      coarse = shares.map { parts in
        defer { next = next.dropFirst(parts.count) }
        return next.prefix(parts.count).reduce(0, +)
      }
    }

    /// A prediction in the coarse bins, spread over the fine ones.
    func spread(_ prediction: [Double]) -> [Double] {
      zip(shares, prediction).flatMap { parts, value in parts.map { $0 * value } }
    }
  }

  @Test func mergingBinsOfAFixedRatioChangesNoDifference() throws {
    let stream = try RandomStream(seed: 11, purpose: "tests.merging")
    for _ in 0..<200 {
      let split = try Split(stream)
      guard split.coarse.contains(where: { $0 > 0 }) else { continue }
      let (first, second) = (
        split.coarse.map { _ in stream.uniform(in: 0.2...50) }, split.coarse.map { _ in stream.uniform(in: 0.2...50) }
      )
      func difference(_ likelihood: some Likelihood, _ a: [Double], _ b: [Double]) throws -> Double {
        try likelihood.minusTwoLogLikelihood(at: a) - likelihood.minusTwoLogLikelihood(at: b)
      }
      let shape = try difference(ShapeLikelihood(counts: split.coarse) { $0 }, first, second)
      let shapes = try difference(
        ShapeLikelihood(counts: split.fine) { $0 }, split.spread(first), split.spread(second))
      #expect(abs(shape - shapes) < 1e-9 * (1 + abs(shape)))
      let rate = try difference(PoissonLikelihood(counts: split.coarse) { $0 }, first, second)
      let rates = try difference(
        PoissonLikelihood(counts: split.fine) { $0 }, split.spread(first), split.spread(second))
      #expect(abs(rate - rates) < 1e-9 * (1 + abs(rate)))
    }
  }

  @Test func splittingByAnotherRatioDoesChangeIt() throws {
    // The ratio of the two bins depends on the parameters, so their sum says less than both.
    let fine = try ShapeLikelihood(counts: [30, 10, 60]) { [$0[0], 1 - $0[0], 1] }
    let coarse = try ShapeLikelihood(counts: [40, 60]) { _ in [1, 1] }
    let apart = try fine.minusTwoLogLikelihood(at: [0.2]) - fine.minusTwoLogLikelihood(at: [0.7])
    let together = try coarse.minusTwoLogLikelihood(at: [0.2]) - coarse.minusTwoLogLikelihood(at: [0.7])
    #expect(abs(together) < 1e-12 && apart > 10)
  }
}
