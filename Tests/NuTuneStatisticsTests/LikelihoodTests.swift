import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct LikelihoodTests {
  private let counts = [12.0, 0, 5.5, 40, 3]
  private let p = [10.0, 0.4, 7, 35, 9]
  private let q = [11.0, 0.1, 5, 41, 2]

  @Test func theSaturatedFormDiffersFromThePlainOneByAConstant() throws {
    func plain(_ prediction: [Double]) -> Double {
      let total = prediction.reduce(0, +)
      return -2 * zip(counts, prediction).reduce(0) { $1.0 == 0 ? $0 : $0 + $1.0 * log($1.1 / total) }
    }
    let likelihood = try ShapeLikelihood(counts: counts) { $0 }
    let (atP, atQ) = (try likelihood.minusTwoLogLikelihood(at: p), try likelihood.minusTwoLogLikelihood(at: q))
    #expect(abs((atP - atQ) - (plain(p) - plain(q))) < 1e-12)
    // The constant is the plain form at p = n/N, where the saturated one is zero.
    #expect(abs(atP - (plain(p) - plain(counts))) < 1e-12)
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: counts.map { 0.3 * $0 })) < 1e-12)
    // Shape only: the normalisation of the prediction does not matter.
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: p.map { 7 * $0 }) - atP) < 1e-12)
    #expect(abs(try FiguresOfMerit.deviance(counts: counts, probabilities: p) - atP) < 1e-12)
  }

  @Test func nothingCancelsNearThePrediction() throws {
    // n = N/2·(1, 1), p = ½(1 + ε, 1 − ε): −N ln(1 − ε²), exactly.
    let (events, epsilon) = (3e7, 1e-7)
    let likelihood = try ShapeLikelihood(counts: [events / 2, events / 2]) { [1 + $0[0], 1 - $0[0]] }
    let expected = -events * log1p(-epsilon * epsilon)
    // 1 + ε is rounded to 2e-16, i.e. ε to 2e-9 relative.
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: [epsilon]) / expected - 1) < 5e-9)
  }

  @Test func thePoissonFormMatchesItsDefinition() throws {
    let likelihood = try PoissonLikelihood(counts: counts) { $0 }
    let expected = zip(counts, p).reduce(0.0) { sum, bin in
      sum + 2 * (bin.1 - bin.0 + (bin.0 > 0 ? bin.0 * log(bin.0 / bin.1) : 0))
    }
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: p) - expected) < 1e-12)
    // A prediction far below or above the data.
    let extreme = try PoissonLikelihood(counts: [100, 1e-3]) { $0 }
    let value = 2 * (1e-9 - 100 + 100 * log(1e11) + 1e5 - 1e-3 + 1e-3 * log(1e-8))
    #expect(abs(try extreme.minusTwoLogLikelihood(at: [1e-9, 1e5]) / value - 1) < 1e-14)
  }

  /// Bins whose ratio no double holds are left to another formula, wherever they stand, and the others are not touched.
  @Test func extremeBinsDoNotDisturbTheirNeighbors() throws {
    func term(_ count: Double, _ expected: Double) -> Double {
      count > 0 ? 2 * (expected - count + count * (log(count) - log(expected))) : 2 * expected
    }
    for extreme in [[0], [7], [8], [20], [3, 4, 12, 20]] {
      var counts = (0..<21).map { Double(($0 * 5) % 7) }
      var rates = (0..<21).map { 1 + Double(($0 * 3) % 5) }
      for bin in extreme { (counts[bin], rates[bin]) = (20, 1e-305) }
      let expected = zip(counts, rates).map(term).reduce(0, +)
      let found = try CountTerm(counts: counts, normalization: 1).minusTwoLogLikelihood(of: rates)
      #expect(abs(found / expected - 1) < 1e-13, "\(extreme)")
    }
  }

  /// Bin by bin against GSL's ln(1+t) − t: any number of bins, ratios from 10⁻²⁰⁰ to 10²⁰⁰, near and far from one, at the
  /// borders of the octave that the kernel works in, empty bins between.
  @Test func everyBinOfTheDevianceHasItsDigits() throws {
    func term(_ count: Double, _ expected: Double) throws -> Double {
      guard count > 0 else { return 2 * expected }
      let excess = (expected - count) / count
      return excess > -0.5
        ? -2 * count * (try SpecialFunctions.logOnePlusMinus(excess))
        : 2 * (count * (log(count) - log(expected)) - count + expected)
    }
    let root = 0.5.squareRoot()
    var ratios = [
      root.nextDown, root, root.nextUp, 2 * root, (2 * root).nextUp, 0.5, 2, 1, 1e-200, 1e200, 1e-13, 1e13, 1e-308,
    ]
    for power in -12...0 { for sign in [-0.3, 0.4] { ratios.append(1 + sign * pow(10, Double(power))) } }
    let stream = try RandomStream(seed: 1, purpose: "deviance", member: 0)
    ratios += (0..<400).map { _ in exp(3 * stream.gaussian()) }
    for ratio in ratios {
      let likelihood = try PoissonLikelihood(counts: [3.7]) { $0 }
      let value = try likelihood.minusTwoLogLikelihood(at: [3.7 * ratio])
      let expected = try term(3.7, 3.7 * ratio)
      #expect(abs(value - expected) <= 1e-13 * expected, "ν/n = \(ratio)")
    }
    for bins in [1, 7, 8, 9, 16, 23, 200] {
      let counts = (0..<bins).map { $0 % 6 == 4 ? 0 : exp(2 * stream.gaussian()) }
      let prediction = counts.map { max($0, 0.01) * exp(stream.gaussian()) }
      let expected = try zip(counts, prediction).reduce(0) { $0 + (try term($1.0, $1.1)) }
      let likelihood = try PoissonLikelihood(counts: counts) { $0 }
      #expect(abs(try likelihood.minusTwoLogLikelihood(at: prediction) / expected - 1) < 1e-13, "\(bins) bins")
    }
  }

  @Test func impossibleDataNameTheBin() throws {
    let likelihood = try ShapeLikelihood(counts: counts) { $0 }
    #expect(throws: InferenceError.eventsWithoutPrediction(bin: 2, count: 5.5, prediction: 0)) {
      try likelihood.minusTwoLogLikelihood(at: [1, 1, 0, 1, 1])
    }
    // No events, no prediction: fine.
    #expect(try likelihood.minusTwoLogLikelihood(at: [1, 0, 1, 1, 1]).isFinite)
    #expect(throws: InferenceError.badPrediction(bin: 1, value: -1)) {
      try likelihood.minusTwoLogLikelihood(at: [1, -1, 1, 1, 1])
    }
    #expect(throws: InferenceError.self) { try likelihood.minusTwoLogLikelihood(at: [1, .nan, 1, 1, 1]) }
    #expect(throws: InferenceError.binMismatch(expected: 5, found: 2)) {
      try likelihood.minusTwoLogLikelihood(at: [1, 1])
    }
    #expect(throws: InferenceError.self) { try ShapeLikelihood(counts: [1, -1]) { $0 } }
    #expect(throws: InferenceError.self) { try PoissonLikelihood(counts: [0, .infinity]) { $0 } }
    // No event at all is data, too: 2 Σ μ.
    #expect(try PoissonLikelihood(counts: [0, 0]) { $0 }.minusTwoLogLikelihood(at: [1, 2]) == 6)
  }
}
