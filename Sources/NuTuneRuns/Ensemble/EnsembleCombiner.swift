import NuTuneStatistics
import NuTuneResults

/// Combines fits of members by the ``EnsembleRule``.
struct EnsembleCombiner {
  let reference: EnsembleReference

  private var names: [String] { reference.parameters }

  /// σ_stat of each parameter.
  var sigmas: [Double] {
    names.map { name in
      reference.fit.results.intervals[name].map { ($0.upper - $0.lower) / 2 } ?? 0
    }
  }

  /// Combines outcomes; nil with fewer than two members whose fit converged.
  func combination(_ outcomes: [EnsembleMember.Outcome]) throws -> EnsembleResults.Combination? {
    let good = outcomes.filter(\.converged)
    guard good.count >= 2, let axes = reference.fit.axes, let scan = reference.fit.scan else { return nil }
    let centers = names.map { reference.fit.results.nearestMinimum[$0] ?? 0 }
    let pulls = good.map { outcome in
      names.indices.map { sigmas[$0] > 0 ? (outcome.fit[$0] - centers[$0]) / sigmas[$0] : 0 }
    }
    let spread = try EnsembleSpread(pulls)
    func estimates(_ values: [Double], _ errors: [Double]) -> [String: EnsembleResults.Estimate] {
      Dictionary(
        uniqueKeysWithValues: names.indices.map {
          (names[$0], EnsembleResults.Estimate(value: values[$0], error: errors[$0]))
        })
    }
    var combination = EnsembleResults.Combination(
      members: good.count, shift: estimates(spread.means, spread.meanErrors),
      spread: estimates(spread.standardDeviations, spread.standardDeviationErrors), intervals: [:], contours: [:],
      holdsTruth: [:], holdsTruthRegion: [:], isCut: [:], fits: good.map(\.fit),
      nearTv: Self.moments(good.map(\.nearTv)), farTv: Self.moments(good.map(\.farTv)), bands: bands(good))

    let truthField = try ScalarField(xs: axes.x, ys: axes.y, values: scan)
    let region = try CombinedRegion(members: try good.map { try ScalarField(xs: axes.x, ys: axes.y, values: $0.scan) })
    for (sigmas, key) in EnsembleResults.levels {
      let level = try EnsembleRule.level(sigmas: sigmas)
      let field = try region.field(sigmas: sigmas)
      let lines = field.contours(at: level)
      combination.contours[key] = OscillationResults.Contour(
        probability: EnsembleRule.probability(sigmas: sigmas), level: level,
        lines: lines.map(\.line))
      combination.isCut[key] = lines.contains { !$0.isClosed }
      combination.holdsTruth[key] = field.value(x: reference.trueValues[0], y: reference.trueValues[1]) <= level
      combination.holdsTruthRegion[key] =
        try RegionOverlap(
          truthField, field, level: level
        ).containedFraction ?? 0
      var intervals: [String: [Double]] = [:]
      for (index, name) in names.enumerated() {
        let ends = good.map { sigmas == 1 ? $0.oneSigma[index] : $0.twoSigma[index] }
        let combined = try CombinedInterval(members: ends.map { $0[0]...$0[1] }, sigmas: sigmas).byEdges
        intervals[name] = [combined.lowerBound, combined.upperBound]
      }
      combination.intervals[key] = intervals
    }
    return combination
  }

  /// Computes mean and standard deviation.
  private static func moments(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return [mean, (squares / Double(max(values.count - 1, 1))).squareRoot()]
  }

  private func bands(_ outcomes: [EnsembleMember.Outcome]) -> [EnsembleResults.Band] {
    zip(reference.farBinnings, reference.far).enumerated().flatMap { index, pair in
      let (binning, data) = pair
      // The projection on the first axis of a grid says enough; ragged bins have no projection that shows all of them.
      let marginals = binning.grids.count > 1 ? [] : binning.marginals.prefix(1)
      return marginals.map { marginal in
        let truth = marginal.sums(data.reference)
        let relative = outcomes.map { outcome in
          zip(marginal.sums(outcome.far[index]), truth).map { $1 > 0 ? $0 / $1 - 1 : 0 }
        }
        let moments = truth.indices.map { bin in Self.moments(relative.map { $0[bin] }) }
        return EnsembleResults.Band(
          sample: data.name, axis: marginal.axis, truth: truth, mean: moments.map { $0[0] },
          spread: moments.map { $0[1] })
      }
    }
  }
}
