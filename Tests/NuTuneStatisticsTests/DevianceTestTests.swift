import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct DevianceTestTests {
  /// Poisson numbers and deviances of their own: none of the library's code but the test under test.
  private struct Experiment {
    var state: UInt64

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / Double(1 << 53)
    }

    /// By multiplying uniforms, in pieces of mean 20 at most: sums of Poisson numbers are Poisson numbers.
    mutating func poisson(_ mean: Double) -> Double {
      guard mean <= 20 else { return poisson(20) + poisson(mean - 20) }
      var (count, product) = (-1.0, 1.0)
      let limit = exp(-mean)
      repeat {
        count += 1
        product *= uniform()
      } while product > limit
      return count
    }
  }

  /// The false-alarm rate is what the p-value says, with many events in every bin and with hardly any: within three
  /// binomial errors of 1, 5, 32 and 68 %.
  @Test(arguments: [6000.0, 600, 90]) func falseAlarms(events: Double) throws {
    let shape = (0..<60).map { exp(-Double($0) / 12) }
    let shares = shape.map { $0 / shape.reduce(0, +) }
    var experiment = Experiment(state: UInt64(events))
    let count = 3000
    let values = try (0..<count).map { _ in
      let counts = shares.map { experiment.poisson($0 * events) }
      return try DevianceTest(counts: [counts], predictions: [shape]).probabilityAbove()
    }
    for level in [0.01, 0.05, 0.32, 0.68] {
      let rate = Double(values.filter { $0 < level }.count) / Double(count)
      #expect(abs(rate - level) < 3 * (level * (1 - level) / Double(count)).squareRoot(), "\(rate) below \(level)")
    }
  }

  /// A linear fit of k numbers takes k from the deviance, one that shrinks takes tr H and leaves 2(n − 2 tr H + tr H²) of
  /// variance: with many events, data = truth(1 + Xw/√n …) fitted by ridge regression in closed form.
  @Test func effectiveParameters() throws {
    let bins = 40
    let shares = [Double](repeating: 1 / Double(bins), count: bins)
    let events = 4e4
    // Orthonormal cosines that leave the sum alone; H shrinks each by its own factor, with a prior of the same size.
    let basis = (1...12).map { k in
      (0..<bins).map {
        (2 / Double(bins)).squareRoot() * cos(Double.pi * Double(k) * (Double($0) + 0.5) / Double(bins))
      }
    }
    let kept = (1...12).map { 0.9 / (1 + pow(Double($0) / 8, 4)) }
    let trace = kept.reduce(0, +)
    let squareTrace = kept.reduce(0) { $0 + $1 * $1 }
    var experiment = Experiment(state: 5)
    let count = 2000
    let values = try (0..<count).map { _ in
      // The truth is drawn from the prior: coefficient variance h/(1−h) in units of the noise.
      var truth = shares
      for (k, function) in basis.enumerated() {
        let size = (kept[k] / (1 - kept[k]) / events / Double(bins)).squareRoot()
        let normal = (-2 * log(experiment.uniform())).squareRoot() * cos(2 * Double.pi * experiment.uniform())
        for bin in 0..<bins { truth[bin] += size * normal * function[bin] }
      }
      let counts = truth.map { experiment.poisson(max(0, $0) * events) }
      let total = counts.reduce(0, +)
      var fitted = shares
      for (k, function) in basis.enumerated() {
        let seen = (0..<bins).reduce(0) { $0 + function[$1] * (counts[$1] / total - shares[$1]) }
        for bin in 0..<bins { fitted[bin] += kept[k] * seen * function[bin] }
      }
      return try DevianceTest(
        counts: [counts], predictions: [fitted], effectiveParameters: trace, squareTrace: squareTrace
      ).probabilityAbove()
    }
    for level in [0.01, 0.05, 0.32, 0.68] {
      let rate = Double(values.filter { $0 < level }.count) / Double(count)
      #expect(abs(rate - level) < 3.5 * (level * (1 - level) / Double(count)).squareRoot(), "\(rate) below \(level)")
    }
  }

  /// A misfit of 2 Σ p ln(p/q) per event is seen with (bins − 1) of its inverse, where no bin is short of events.
  @Test func visibleEvents() throws {
    let misfit = try ExactMisfit(data: [[1, 1, 1, 1]], predictions: [[1.001, 0.999, 1, 1]], weights: [1])
    let perEvent = 2 * 0.25 * (-log(1.001) - log(0.999))
    #expect(abs(misfit.deviancePerEvent / perEvent - 1) < 1e-9)
    #expect(abs((try misfit.visibleEvents() ?? 0) / (3 / perEvent) - 1) < 1e-3)
    #expect(try ExactMisfit(data: [[2, 4]], predictions: [[1, 2]], weights: [1]).visibleEvents() == nil)
    // A bin that expects next to nothing is none.
    let rare = try ExactMisfit(data: [[1, 1, 1e-15]], predictions: [[1.001, 0.999, 1e-15]], weights: [1])
    #expect(abs((try rare.visibleEvents() ?? 0) * rare.deviancePerEvent - 1) < 0.01)
  }
}
