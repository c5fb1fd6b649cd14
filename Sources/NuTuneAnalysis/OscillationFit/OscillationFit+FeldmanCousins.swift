import NuTuneCore
import NuTuneStatistics
import NuTuneResults

extension OscillationFit {
  /// Regions on the axes of a scan whose critical values come from pseudo-experiments of this model, held as it is; keyed
  /// as contours. Nil for a fit that integrates or profiles something beside the two parameters, or
  /// compares numbers of events.
  func feldmanCousinsRegions(
    _ request: FeldmanCousinsRequest, axes: Axes, scan: ScalarField, around minimum: [Double]
  ) throws -> [String: OscillationResults.FeldmanCousinsRegion]? {
    guard names.count == 2, modes == nil, nuisances == nil, priors.isEmpty, sums.isTrivial,
      terms.allSatisfy({ $0.normalization == nil })
    else { return nil }
    let (names, oscillation, responses, sums) = (names, oscillation, responses, sums)
    let grid = try ShapeGrid(xs: axes.x, ys: axes.y, jobs: responses.folded.threads) { x, y in
      sums.rates(try responses.farRates(try oscillation.setting([names[0]: x, names[1]: y])))
    }
    var settings = FeldmanCousinsSettings()
    settings.experiments = request.experiments
    settings.seed = request.seed
    settings.jobs = responses.folded.threads
    let critical = try FeldmanCousins(grid, events: terms.map(\.events), settings: settings)
    let nearest = critical.testPoints.min { a, b in
      distance(a, minimum, axes) < distance(b, minimum, axes)
    }
    var regions: [String: OscillationResults.FeldmanCousinsRegion] = [:]
    for (index, probability) in critical.probabilities.enumerated() {
      let field = try critical.region(of: scan, probability: index)
      let values = critical.testPoints.map { $0.criticalValues[index] }
      regions[OscillationResults.contourKey(probability)] = OscillationResults.FeldmanCousinsRegion(
        probability: probability, experiments: request.experiments,
        criticalValues: [values.min() ?? 0, values.max() ?? 0],
        atMinimum: [nearest?.criticalValues[index] ?? 0, nearest?.errors[index] ?? 0],
        lines: field.contours(at: 0).map(\.line))
    }
    return regions
  }

  /// Squared distance of a test point from a place, in steps of the axes.
  private func distance(_ point: FeldmanCousins.TestPoint, _ place: [Double], _ axes: Axes) -> Double {
    let x = (point.x - place[0]) / (axes.x[1] - axes.x[0])
    let y = (point.y - place[1]) / (axes.y[1] - axes.y[0])
    return x * x + y * y
  }
}

extension Contour {
  /// Its points as they stand in results: a closed line ends where it starts.
  package var line: [[Double]] {
    let points = points.map { [$0.x, $0.y] }
    return isClosed ? points + points.prefix(1) : points
  }
}
