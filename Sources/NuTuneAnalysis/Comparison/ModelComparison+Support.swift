import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneResults

extension ModelComparison {
  /// Near-detector share below which, relative to the far detector's, a place counts as uncovered.
  private static let leastCoverage = 0.1

  /// Near and far importance compared: their overlap, and what of the far rate lies where near data hold less than
  /// ``leastCoverage`` of its share.
  struct Coverage {
    var overlap: Double
    var uncovered: Double
    /// Rate-weighted geometric mean of x and Q² of what is uncovered.
    var place: (x: Double, q2: Double)?
  }

  /// Whether near-detector data constrain what the far detector needs, with a sentence when they do not; means over far
  /// samples with a near one of the same channel and horn mode, nil for a model without structure functions.
  func support(of model: any CrossSectionModel, _ label: String) throws -> (
    support: ModelResults.Support, warnings: [String]
  )? {
    guard let linear = model as? any StructureFunctionModel else { return nil }
    var (coverages, warnings): ([Coverage], [String]) = ([], [])
    for far in folded.far {
      let near = nearPartners(of: far, label)
      guard !near.isEmpty else { continue }
      let coverage = coverage(
        of: try folded.importance(of: linear, far, weights: folded.farWeights(far, analysis.oscillation)),
        by: try near.map {
          try folded.importance(of: linear, folded.near[$0], weights: folded.nearWeights(folded.near[$0]))
        })
      coverages.append(coverage)
      if coverage.uncovered > ModelResults.Support.largestUncovered {
        warnings.append(Self.warning(coverage, far.sample))
      }
    }
    guard !coverages.isEmpty else { return nil }
    let count = Double(coverages.count)
    let support = ModelResults.Support(
      overlap: coverages.reduce(0) { $0 + $1.overlap } / count,
      uncovered: coverages.reduce(0) { $0 + $1.uncovered } / count)
    return (support, warnings)
  }

  /// Share of the prediction of each measured near sample that comes from structure functions which the samples learned
  /// from do not constrain, by name; none for a model without structure functions.
  func uncoveredShares(
    of model: any CrossSectionModel, _ others: [Int], by learned: [Int]
  ) throws -> [String: Double] {
    let measured = others.filter { folded.near[$0].dataset.observation.isMeasured }
    guard let linear = model as? any StructureFunctionModel, !measured.isEmpty, !learned.isEmpty else { return [:] }
    func importance(_ index: Int) throws -> [Double] {
      try folded.importance(of: linear, folded.near[index], weights: folded.nearWeights(folded.near[index]))
    }
    let near = try learned.map(importance)
    return Dictionary(
      uniqueKeysWithValues: try measured.map {
        (folded.near[$0].sample.name, coverage(of: try importance($0), by: near).uncovered)
      })
  }

  /// Several near samples cover what the best of them covers: each is fitted for itself.
  private func coverage(of far: [Double], by samples: [[Double]]) -> Coverage {
    func largest(_ values: [[Double]]) -> [Double] {
      values.dropFirst().reduce(values[0]) { zip($0, $1).map { max($0, $1) } }
    }
    let near = largest(samples)
    // Smoothed, because whether a single node is touched a little more or less says nothing.
    let nearDensity = largest(samples.map { NodeDensity(grid: folded.grid, shares: $0).smoothed() })
    let farDensity = NodeDensity(grid: folded.grid, shares: far).smoothed()
    let points = folded.grid.invariants()
    var (uncovered, total, located, logX, logQ2) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (node, share) in farDensity.enumerated() {
      total += share
      guard nearDensity[node] < Self.leastCoverage * share else { continue }
      uncovered += share
      let (omega, q2) = (points.omega[node], points.q2[node])
      guard omega > 0, q2 > 0 else { continue }
      located += share
      logX += share * log(q2 / (2 * PhysicalConstants.nucleonMass * omega))
      logQ2 += share * log(q2)
    }
    return Coverage(
      overlap: zip(near, far).reduce(0) { $0 + min($1.0, $1.1) }, uncovered: total > 0 ? uncovered / total : 0,
      place: located > 0 ? (exp(logX / located), exp(logQ2 / located)) : nil)
  }

  private static func warning(_ coverage: Coverage, _ sample: Sample) -> String {
    func text(_ value: Double) -> String { String(format: "%.2g", value) }
    let place = coverage.place.map { ", around x = \(text($0.x)), Q² = \(text($0.q2)) GeV²" } ?? ""
    return "\(text(100 * coverage.uncovered)) % of the rate of \(sample.name) comes from structure functions that "
      + "near-detector data do not constrain (less than a tenth of the share they have at the far detector)\(place): "
      + "the far prediction extrapolates there"
  }
}
