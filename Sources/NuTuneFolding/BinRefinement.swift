import NuTuneNumerics

/// Chooses the lepton points of all bins from the surrogate's rates.
///
/// On a panel the integral by the highest product rule is the reference. The error of n points along one variable is
/// the change of the integral when only that variable has n points, summed over the terms of the cross section; the
/// errors of both variables add up. The cheapest product rule within the allowed error is taken; if there is none, the
/// panel with the largest error is halved.
struct BinRefinement: Sendable {
  let shape: BinShape
  let map: SurrogateMap
  private let leastPanels: (first: Int, second: Int)
  /// Fewest points of a panel along both variables.
  private let fewest: (first: Int, second: Int)
  /// Rules with numbers of points along the first and the second variable.
  private let rules: [[PanelRule]]

  /// Largest number of points of a panel along each variable.
  private static let most = 5
  /// Points of the reference along each variable.
  private static let reference = 7
  /// Largest number of panels of a bin.
  private static let mostPanels = 4000
  /// The part of the allowed error that the choice of leptons may use; the rest is for differences between surrogate
  /// and models.
  private static let part = 0.3

  init(shape: BinShape, map: SurrogateMap, least: (first: Int, second: Int)) throws {
    self.shape = shape
    self.map = map
    leastPanels = ((least.first + Self.most - 1) / Self.most, (least.second + Self.most - 1) / Self.most)
    fewest = (
      (least.first + leastPanels.first - 1) / leastPanels.first,
      (least.second + leastPanels.second - 1) / leastPanels.second
    )
    rules = try (1...Self.reference).map { first in
      try (1...Self.reference).map { try PanelRule(first: first, second: $0) }
    }
  }

  /// A panel with the surrogate's rates and their errors for smaller numbers of points.
  private struct Sampled {
    var panel: Panel
    /// Rates by the reference rule, shape [fluxes].
    var rates: [Double]
    /// Errors of 1…most points along the first variable, shape [most][fluxes].
    var onFirst: [[Double]]
    /// Errors of 1…most points along the second variable, shape [most][fluxes].
    var onSecond: [[Double]]

    /// Largest error of a rule relative to the allowed error.
    func error(_ first: Int, _ second: Int, allowed: [Double]) -> Double {
      var worst = 0.0
      for flux in allowed.indices where allowed[flux] > 0 {
        worst = max(worst, (onFirst[first - 1][flux] + onSecond[second - 1][flux]) / allowed[flux])
      }
      return worst
    }
  }

  private func sampled(_ panel: Panel) -> Sampled {
    func rates(_ first: Int, _ second: Int) -> [SIMD8<Double>] {
      var sums = [SIMD8<Double>](repeating: .zero, count: map.fluxCount)
      sums.withUnsafeMutableBufferPointer { sums in
        shape.forEachPoint(of: panel, rules[first - 1][second - 1]) {
          map.add($0, angle: $1, to: sums.baseAddress!)
        }
      }
      return sums
    }
    let reference = rates(Self.reference, Self.reference)
    func errors(_ other: [SIMD8<Double>]) -> [Double] {
      zip(other, reference).map { a, b in
        let difference = a - b
        return difference.replacing(with: -difference, where: difference .< 0).sum()
      }
    }
    return Sampled(
      panel: panel, rates: reference.map { $0.sum() },
      onFirst: (1...Self.most).map { errors(rates($0, Self.reference)) },
      onSecond: (1...Self.most).map { errors(rates(Self.reference, $0)) })
  }

  /// Chooses the leptons of all bins, and estimates the errors.
  func points(accuracy: Double, threads: Int) -> (leptons: [[LeptonPoint]], estimate: QuadratureEstimate) {
    let start = Parallel.map(shape.binning.count, threads: threads) { bin in
      shape.panels(bin, least: leastPanels).map(sampled)
    }
    let totals = (0..<map.fluxCount).map { flux in start.joined().reduce(0) { $0 + $1.rates[flux] } }
    let bins = Parallel.map(shape.binning.count, threads: threads) { bin in
      refined(start[bin], totals: totals, accuracy: accuracy)
    }
    // Totals of the finished bins, since the first estimates may be far off.
    let sums = (0..<map.fluxCount).map { flux in bins.reduce(0) { $0 + $1.rates[flux] } }
    var estimate = QuadratureEstimate(worstBin: 0, totalVariation: 0)
    for flux in 0..<map.fluxCount where sums[flux] > 0 {
      var sum = 0.0
      for bin in bins {
        sum += bin.errors[flux]
        if bin.rates[flux] >= QuadraturePlan.smallestShare * sums[flux] {
          estimate.worstBin = max(estimate.worstBin, bin.errors[flux] / bin.rates[flux])
        }
      }
      estimate.totalVariation = max(estimate.totalVariation, 0.5 * sum / sums[flux])
    }
    return (bins.map(\.leptons), estimate)
  }

  /// Chooses the leptons of one bin, with the surrogate's rates and their estimated errors, shape [fluxes].
  private func refined(_ start: [Sampled], totals: [Double], accuracy: Double) -> (
    leptons: [LeptonPoint], rates: [Double], errors: [Double]
  ) {
    var panels = start
    var limits: [Double] = []
    var choice: [(first: Int, second: Int)] = []
    while true {
      let rates = totals.indices.map { flux in panels.reduce(0) { $0 + $1.rates[flux] } }
      limits = totals.indices.map {
        Self.part * accuracy * max(rates[$0], QuadraturePlan.smallestShare * totals[$0])
      }
      let errors = panels.map { $0.error(Self.most, Self.most, allowed: limits) }
      // The error budget that the finest rules leave is divided among the panels when coarser rules are chosen.
      if errors.reduce(0, +) <= 0.5 || panels.count >= Self.mostPanels {
        choice = chosen(panels, allowed: limits)
        break
      }
      let largest = errors.max() ?? 0
      panels = zip(panels, errors).flatMap { panel, error -> [Sampled] in
        guard error >= 0.3 * largest else { return [panel] }
        let alongFirst = longer(panel, allowed: limits)
        let (low, high) = panel.panel.halves(alongFirst: alongFirst)
        return [sampled(low), sampled(high)]
      }
    }
    let errors = limits.indices.map { flux in
      zip(panels, choice).reduce(0) { $0 + $1.0.onFirst[$1.1.first - 1][flux] + $1.0.onSecond[$1.1.second - 1][flux] }
    }
    return (
      zip(panels, choice).flatMap { shape.points(of: $0.panel, rules[$1.first - 1][$1.second - 1]) },
      totals.indices.map { flux in panels.reduce(0) { $0 + $1.rates[flux] } }, errors
    )
  }

  /// Whether the first variable is worse resolved than the second.
  private func longer(_ panel: Sampled, allowed: [Double]) -> Bool {
    func worst(_ errors: [Double]) -> Double {
      allowed.indices.reduce(0) { allowed[$1] > 0 ? max($0, errors[$1] / allowed[$1]) : $0 }
    }
    return worst(panel.onFirst[Self.most - 1]) >= worst(panel.onSecond[Self.most - 1])
  }

  /// Chooses the numbers of points of all panels: the fewest with which each keeps its share of the allowed error.
  private func chosen(_ panels: [Sampled], allowed: [Double]) -> [(first: Int, second: Int)] {
    let pairs = (fewest.first...Self.most).flatMap { first in
      (fewest.second...Self.most).map { (first: first, second: $0) }
    }.sorted { ($0.first * $0.second, $0.first) < ($1.first * $1.second, $1.first) }
    let share = 1 / Double(max(panels.count, 1))
    return panels.map { panel in
      pairs.first { panel.error($0.first, $0.second, allowed: allowed) <= share } ?? (Self.most, Self.most)
    }
  }
}
