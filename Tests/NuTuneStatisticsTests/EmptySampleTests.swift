import NuTuneStatistics
import NuTuneNumerics
import Testing

/// A sample without an event adds nothing: Σ n ln(n/Np) with n = 0.
@Suite struct EmptySampleTests {
  private static let counts = [[12.0, 31, 25, 8], [4.0, 6, 1]]
  private static let rates = [[11.8, 30, 27, 8], [4.1, 6.0, 1.9]]
  private static let changes = [[0.9, -0.4, 0.2, 0.7], [0.3, 0.8, -0.2]]

  @Test func aShapeWithoutEventsIsZeroEverywhere() throws {
    let likelihood = try ShapeLikelihood(counts: [0, 0, 0]) { p in [1, p[0], 2] }
    for x in [0.1, 1, 30] { #expect(try likelihood.minusTwoLogLikelihood(at: [x]) == 0) }
    #expect(try FiguresOfMerit.deviance(counts: [0, 0], probabilities: [0.2, 0.8]) == 0)
    #expect(throws: InferenceError.self) { try FiguresOfMerit.totalVariation([0, 0], [1, 1]) }
  }

  private func profiled(_ empty: [[Double]]) throws -> ProfiledCountLikelihood {
    try ProfiledCountLikelihood(counts: Self.counts + empty, directionCount: 1) { p in
      LinearPrediction(
        rates: Self.rates.map { $0.enumerated().map { $1 * (1 + p[0] * Double($0)) } } + empty.map { _ in [2, 5] },
        directions: Self.changes + empty.map { _ in [3, -4] })
    }
  }

  @Test func pullsDoNotSeeIt() throws {
    let (without, with) = (try profiled([]), try profiled([[0, 0]]))
    for x in [0.0, 0.1] {
      #expect(
        abs(try with.minusTwoLogLikelihood(at: [x]) - without.minusTwoLogLikelihood(at: [x])) < 1e-12)
      let (ours, theirs) = (try with.pulls(at: [x]), try without.pulls(at: [x]))
      // Sums over more bins are rounded in another order.
      #expect(abs(ours.values[0] - theirs.values[0]) < 1e-12 && abs(ours.errors[0] - theirs.errors[0]) < 1e-12)
    }
  }

  private func marginalized(_ empty: [[Double]]) throws -> MarginalizedCountLikelihood {
    let (counts, rates) = (Self.counts + empty, Self.rates + empty.map { _ in [2.0, 5] })
    let slopes = (Self.changes + empty.map { _ in [3.0, -4] }).map { sample in
      ModeSlopes(binCount: sample.count, bins: Array(sample.indices), slopes: sample)
    }
    return try MarginalizedCountLikelihood(counts: counts, slopes: slopes, directionCount: 1) { p in
      rates.map { sample in
        ModeRates(
          parts: sample.enumerated().map { 0.9 * $1 * (1 + p[0] * Double($0)) }, fixed: sample.map { 0.1 * $0 })
      }
    }
  }

  @Test func directionsDoNotSeeIt() throws {
    let (without, with) = (try marginalized([]), try marginalized([[0, 0]]))
    for x in [0.0, 0.1] {
      #expect(try with.minusTwoLogLikelihood(at: [x]) == without.minusTwoLogLikelihood(at: [x]))
      #expect(try with.best(at: [x]).directions == without.best(at: [x]).directions)
    }
  }

  @Test func pseudoExperimentsOfItDoNotSeeIt() throws {
    let axis = (0..<9).map { 0.6 + 0.1 * Double($0) }
    func grid(_ more: [[Double]]) throws -> ShapeGrid {
      try ShapeGrid(xs: axis, ys: axis) { x, y in [[3 * x, 2, 4 * y]] + more }
    }
    var settings = FeldmanCousinsSettings()
    settings.experiments = 40
    let without = try FeldmanCousins(try grid([]), events: [50], settings: settings)
    let with = try FeldmanCousins(try grid([[1, 2]]), events: [50, 0], settings: settings)
    for (ours, theirs) in zip(with.testPoints, without.testPoints) {
      for (value, expected) in zip(ours.criticalValues, theirs.criticalValues) { #expect(abs(value - expected) < 1e-9) }
    }
  }

  @Test func theTestOfADevianceLeavesItOut() throws {
    let without = try DevianceTest(counts: [[5, 7, 9]], predictions: [[5, 7, 9]])
    let with = try DevianceTest(counts: [[5, 7, 9], [0, 0]], predictions: [[5, 7, 9], [1, 1]])
    #expect(with == without)
  }
}
