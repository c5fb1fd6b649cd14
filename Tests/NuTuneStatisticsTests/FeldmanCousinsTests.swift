import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Synchronization
import Testing

@Suite struct FeldmanCousinsTests {
  /// Two samples of two bins; the first knows x alone, the second y alone, each to 1/√events.
  private static func grid(_ xs: [Double], _ ys: [Double], x f: @Sendable (Double) -> Double = { $0 }) throws
    -> ShapeGrid
  {
    try ShapeGrid(xs: xs, ys: ys) { x, y in [[0.5 + 0.5 * f(x), 0.5 - 0.5 * f(x)], [0.5 + 0.5 * y, 0.5 - 0.5 * y]] }
  }

  /// Where Σ_d w_d F_d(c) = probability, F_d the distribution of χ² with d = 0, 1, 2.
  private static func mixture(_ weights: [Double], _ probability: Double) throws -> Double {
    try Brent.root(in: 0...30) { c in
      var below = weights[0]
      for d in 1...2 {
        let above = try SpecialFunctions.chiSquareProbability(above: c, degreesOfFreedom: Double(d))
        below += weights[d] * (1 - above)
      }
      return below - probability
    }.position
  }

  private static func settings(_ experiments: Int, stride: Int) -> FeldmanCousinsSettings {
    var settings = FeldmanCousinsSettings()
    settings.experiments = experiments
    settings.stride = stride
    settings.seed = 4
    settings.jobs = 2
    return settings
  }

  /// Correlated parameters, many events, far from the edges: χ² of two degrees of freedom.
  @Test func wilksHoldsInside() throws {
    let (truth, events) = ([0.3, -0.6], 20_000.0)
    let covariance = try GaussianShape.covariance(truth, events: events)
    func axis(_ i: Int) -> [Double] {
      let reach = 6 * covariance[i, i].squareRoot()
      return ScanTests.axis((truth[i] - reach)...(truth[i] + reach), 41)
    }
    let grid = try ShapeGrid(xs: axis(0), ys: axis(1), jobs: 2) { x, y in [GaussianShape.prediction([x, y])] }
    for fluctuation in [FeldmanCousinsSettings.Fluctuation.poisson, .multinomial] {
      var settings = Self.settings(3000, stride: 20)
      settings.fluctuation = fluctuation
      let result = try FeldmanCousins(grid, events: [events], settings: settings)
      #expect(result.testXs.count == 3 && result.testYs.count == 3 && result.testPoints.count == 9)
      let center = result.testPoints[4]
      #expect(abs(center.x - truth[0]) < 1e-12 && abs(center.y - truth[1]) < 1e-12)
      #expect(center.atEdge == 0)
      for (index, level) in [try EnsembleRule.level(sigmas: 1), try EnsembleRule.level(sigmas: 2)].enumerated() {
        // √(β(1 − β)/n)/f(c) with f(c) = (1 − β)/2.
        let probability = result.probabilities[index]
        let error = 2 * (probability / (1 - probability) / 3000).squareRoot()
        #expect(abs(center.criticalValues[index] - level) < 4 * error)
        #expect(abs(center.errors[index] / error - 1) < 0.4)
      }
    }
  }

  /// On an edge half of the estimates end there, in a corner a quarter in both.
  @Test func boundariesMakeCriticalValuesSmaller() throws {
    let events = 40_000.0
    let axis = ScanTests.axis(0...(10 / events.squareRoot()), 41)
    let result = try FeldmanCousins(
      Self.grid(axis, axis), events: [events, events], settings: Self.settings(4000, stride: 20))
    let expected = [(0, [0.25, 0.5, 0.25]), (1, [0, 0.5, 0.5]), (3, [0, 0.5, 0.5]), (4, [0, 0, 1])]
    for (point, weights) in expected {
      for (index, probability) in result.probabilities.enumerated() {
        let value = try Self.mixture(weights, probability)
        let found = result.testPoints[point]
        #expect(abs(found.criticalValues[index] - value) < 4 * found.errors[index] + 0.02)
      }
    }
    // Three quarters, a half and 3·10⁻⁷.
    for (point, share) in [(0, 0.75), (1, 0.5), (3, 0.5), (4, 0)] {
      #expect(abs(result.testPoints[point].atEdge - share) < 4 * (0.25 / 4000.0).squareRoot())
    }
    // Between test points it is bilinear.
    let (first, field) = (result.testPoints, result.criticalValues[1])
    #expect(abs(field[10, 0] - 0.5 * (first[0].criticalValues[1] + first[1].criticalValues[1])) < 1e-12)
    #expect(field[20, 20] == first[4].criticalValues[1])
  }

  /// p depends on (x − x₀)² alone, as at maximal mixing: half of the estimates would be below zero and end at x₀, where Δ
  /// has one degree of freedom; the other half has two, and two minima, left and right.
  @Test func aSymmetryMakesCriticalValuesSmaller() throws {
    let events = 40_000.0
    let error = 1 / events.squareRoot()
    let xs = ScanTests.axis(0.5 - 0.16...0.5 + 0.16, 81)
    let ys = ScanTests.axis(-6 * error...6 * error, 41)
    let grid = try Self.grid(xs, ys) { 0.1 - 2 * ($0 - 0.5) * ($0 - 0.5) }
    let result = try FeldmanCousins(grid, events: [events, events], settings: Self.settings(4000, stride: 20))
    let center = try #require(result.testPoints.first { abs($0.x - 0.5) < 1e-9 && abs($0.y) < 1e-9 })
    for (index, probability) in result.probabilities.enumerated() {
      let expected = try Self.mixture([0, 0.5, 0.5], probability)
      #expect(expected < (try EnsembleRule.level(sigmas: Double(index + 1))) - 0.2)
      // Near x₀ a parabola through points 0.004 apart follows the quartic to 1e-2.
      #expect(abs(center.criticalValues[index] - expected) < 4 * center.errors[index] + 0.02)
    }
  }

  @Test func threadsDoNotMatter() throws {
    let axis = ScanTests.axis(0.3...0.7, 13)
    let grid = try ShapeGrid(xs: axis, ys: ScanTests.axis(0.9...1.1, 11)) { s, m in
      [TwoOctants.prediction([s, m]), TwoOctants.prediction([s, 0.9 * m])]
    }
    func run(_ jobs: Int, _ fluctuation: FeldmanCousinsSettings.Fluctuation, stride: Int = 4) throws -> FeldmanCousins {
      var settings = Self.settings(300, stride: stride)
      settings.jobs = jobs
      settings.fluctuation = fluctuation
      return try FeldmanCousins(grid, events: [500, 80], settings: settings)
    }
    for fluctuation in [FeldmanCousinsSettings.Fluctuation.poisson, .multinomial] {
      let (one, three) = (try run(1, fluctuation), try run(3, fluctuation))
      #expect(one.testPoints == three.testPoints && one.criticalValues == three.criticalValues)
      // 0, 4, 8, 12 and 0, 4, 8, 10.
      #expect(one.testXs.count == 4 && one.testYs.count == 4)
      // A point's numbers do not depend on which others are tested.
      let fine = try run(2, fluctuation, stride: 2)
      let same = try #require(fine.testPoints.first { $0.x == one.testXs[1] && $0.y == one.testYs[1] })
      #expect(same == one.testPoints[5])
    }
    #expect(try run(1, .poisson).testPoints != run(1, .multinomial).testPoints)
  }

  /// The table gives the likelihood, and the lowest of several minima between its points.
  @Test func theScanIsThatOfTheLikelihood() throws {
    // Not quite symmetric, the second minimum slightly higher.
    @Sendable func prediction(_ p: [Double]) -> [Double] {
      zip(TwoOctants.energy, TwoOctants.prediction(p)).map { $1 * (1 + 0.05 * p[0] * $0) }
    }
    let counts = try PseudoData.poisson(
      probabilities: prediction([0.42, 1.003]), events: 5000, stream: RandomStream(seed: 2, purpose: "data"))
    let likelihood = try ShapeLikelihood(counts: counts, prediction: prediction)
    let fit = try Fit.minimize(likelihood, TwoOctants.parameters())
    #expect(fit.minima.count == 2)
    let grid = try ShapeGrid(xs: ScanTests.axis(0.3...0.7, 61), ys: ScanTests.axis(0.95...1.05, 41)) { s, m in
      [prediction([s, m])]
    }
    let field = try grid.scan(counts: [counts])
    let scan = try GridScan(
      likelihood, TwoOctants.parameters(), x: (0, field.xs), y: (1, field.ys), others: .fixed([0, 0]),
      reference: fit.best.value)
    let offset = field.values[0] - scan.field.values[0]
    // Third-order terms over half a step of 0.3 σ.
    #expect(abs(offset) < 2e-3 && scan.field.minimum.value > 4e-3)
    #expect(zip(field.values, scan.field.values).allSatisfy { abs($0 - $1 - offset) < 1e-9 })
  }

  @Test func regionsAndProgress() throws {
    let axis = ScanTests.axis(-0.05...0.05, 21)
    let grid = try Self.grid(axis, axis)
    let calls = Recorder()
    let result = try FeldmanCousins(grid, events: [10_000, 10_000], settings: Self.settings(500, stride: 10)) {
      calls.record($0, $1)
    }
    #expect(calls.values == (1...9).map { [$0, 9] })
    let scan = try grid.scan(counts: [[5050, 4950], [5000, 5000]])
    let region = try result.region(of: scan, probability: 1)
    #expect(region.values[7] == scan.values[7] - result.criticalValues[1].values[7])
    // An ellipse about (0.01, 0) of √6.18 errors of 0.01: most of it.
    #expect(region[12, 10] < 0 && region[10, 10] < 0 && region[0, 0] > 0)
    let other = try ScanTests.field([0, 1], [0, 1]) { x, _ in x }
    #expect(throws: InferenceError.self) { try result.region(of: other, probability: 0) }
    #expect(throws: InferenceError.self) { try result.region(of: scan, probability: 2) }
  }

  @Test func inputsAreChecked() throws {
    let axis = ScanTests.axis(-0.1...0.1, 5)
    let grid = try Self.grid(axis, axis)
    #expect(throws: InferenceError.self) { try Self.grid([0, 0.1], axis) }
    #expect(throws: InferenceError.self) { try Self.grid([0, 0.1, 0.1], axis) }
    #expect(throws: InferenceError.self) { try ShapeGrid(xs: axis, ys: axis) { x, _ in [x > 0 ? [1] : [1, 2]] } }
    #expect(throws: InferenceError.self) { try ShapeGrid(xs: axis, ys: axis) { x, _ in [[x, 1]] } }
    #expect(throws: InferenceError.self) { try ShapeGrid(xs: axis, ys: axis, predictions: []) }
    #expect(throws: InferenceError.self) { try FeldmanCousins(grid, events: [100]) }
    #expect(throws: InferenceError.self) { try FeldmanCousins(grid, events: [100, -1]) }
    #expect(throws: InferenceError.self) {
      try FeldmanCousins(grid, events: [100, 100], settings: Self.settings(10, stride: 1))
    }
    #expect(throws: InferenceError.self) { try grid.scan(counts: [[1, 2]]) }
    // Events where a prediction is zero rule the point out, and nothing else.
    let holes = try ShapeGrid(xs: axis, ys: axis) { x, y in [[x < 0 ? 0 : 1, 10 + y, 10 - y]] }
    let scan = try holes.scan(counts: [[1, 10, 10]])
    #expect(scan[0, 2] > 1000 && scan[3, 2] < 1)
  }
}

/// What a progress callback was called with.
private final class Recorder: Sendable {
  private let calls = Mutex<[[Int]]>([])
  func record(_ done: Int, _ total: Int) { calls.withLock { $0.append([done, total]) } }
  var values: [[Int]] { calls.withLock { $0 } }
}
