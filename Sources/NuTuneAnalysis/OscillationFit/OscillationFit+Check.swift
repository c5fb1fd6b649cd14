import NuTuneCore
import NuTuneStatistics
import NuTuneNumerics
import NuTuneResults

extension OscillationFit {
  /// Draws of the directions for the check.
  private static let draws = 4
  /// Part of the drawn directions at which slopes are compared: small enough for what is not linear in them.
  private static let small = 0.02

  /// Whether the marginal fit can be trusted.
  ///
  /// - Parameter record: of this fit.
  package func check(_ record: Record, of model: any GaussianModel) throws -> MarginalFitCheck? {
    guard let modes else { return nil }
    let position = names.map { record.results.nearestMinimum[$0] ?? 0 }
    let errors = names.map { halfWidth($0, record) }
    let likelihood = try marginalized(modes)
    var profile = likelihood
    profile.isIntegrated = false
    let profiled = try minimum(profile, from: position)
    let best = try likelihood.best(at: position)
    let shift = try refoldShift(modes, model, along: best.directions, from: position)
    let stream = try RandomStream(seed: 1, purpose: "open-fit-check")
    let spread = try best.information.inverseTransposedLower()
    var squares = [Double](repeating: 0, count: names.count)
    var slopes = SlopeComparison()
    for _ in 0..<Self.draws {
      let normal = (0..<spread.rows).map { _ in stream.gaussian() }
      let change = try spread.multiplied(by: normal)
      let drawn = zip(best.directions, change).map { $0 + $1 }
      for (index, value) in try refoldShift(modes, model, along: drawn, from: position).enumerated() {
        squares[index] += value * value / Double(Self.draws)
      }
      try compare(&slopes, modes, model, along: drawn.map { Self.small * $0 }, at: position)
    }
    func largest(_ values: [Double]) -> Double { zip(values, errors).map { abs($0) / $1 }.max() ?? 0 }
    let conditional = try conditionalHalfWidths(modes, along: best.directions, from: position)
    let ratios = zip(errors, conditional).map { $0 / $1 }
    return MarginalFitCheck(
      profileShift: largest(zip(profiled, position).map { $0 - $1 }), refoldShift: largest(shift),
      drawnShift: largest(squares.map { $0.squareRoot() }),
      slopeRatio: slopes.ratio, slopeError: slopes.error, leastErrorRatio: ratios.min() ?? 1)
  }

  private func halfWidth(_ name: String, _ record: Record) -> Double {
    guard let interval = record.results.intervals[name] else { return .nan }
    return (interval.upper - interval.lower) / 2
  }

  /// Best fit with the model itself moved along some directions, minus the one with the rates that the fit takes for that.
  private func refoldShift(
    _ modes: PosteriorModes, _ model: any GaussianModel, along directions: [Double], from position: [Double]
  ) throws -> [Double] {
    let moved = try displaced(modes, model, along: directions)
    let refolded = try minimum(fixed { moved.farRates(weights: $0) }, from: position)
    return zip(refolded, try minimum(taken(modes, along: directions), from: position)).map { $0 - $1 }
  }

  /// Adds the changes of the far shapes along some directions: of the model folded again, and of the rates of the fit.
  private func compare(
    _ slopes: inout SlopeComparison, _ modes: PosteriorModes, _ model: any GaussianModel, along directions: [Double],
    at position: [Double]
  ) throws {
    let there = try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, position)))
    let weights = try responses.folded.farWeights(there)
    let refolded = sums.rates(try displaced(modes, model, along: directions).farRates(weights: weights))
    let taken = sums.rates(rates(modes, along: directions, weights: weights))
    let before = sums.rates(rates(modes, along: directions.map { _ in 0 }, weights: weights))
    for (sample, term) in terms.enumerated() {
      slopes.add(
        model: refolded[sample], fit: taken[sample], before: before[sample], events: term.events,
        isShape: term.normalization == nil)
    }
  }

  /// Rates of the model moved along some directions, folded again.
  private func displaced(_ modes: PosteriorModes, _ model: any GaussianModel, along directions: [Double]) throws
    -> ModelResponses
  {
    let moved = try ModelResponses(
      of: try model.displaced(by: try modes.weights(along: directions)),
      in: try modes.moved(responses.folded, along: directions))
    // Where numbers count, near data fix the scale of the moved model, too.
    let fixesScale = terms.contains { $0.normalization != nil } || sums.hasBackgrounds
    return fixesScale ? moved.scalingFar(by: responses.nearScales(moved)) : moved
  }

  /// Half widths of the intervals with the directions held at some values: what far statistics alone leave there.
  private func conditionalHalfWidths(_ modes: PosteriorModes, along directions: [Double], from position: [Double])
    throws
    -> [Double]
  {
    let likelihood = try constrained(try taken(modes, along: directions))
    let fit = try Fit.minimize(likelihood, try starting(at: position))
    let intervals = try profileIntervals(fit, around: fit.best, likelihood, level: 1)
    return names.map { intervals[$0]?.halfWidth ?? .nan }
  }

  /// The likelihood with the rates that the fit takes for those along some directions, held there.
  private func taken(_ modes: PosteriorModes, along directions: [Double]) throws -> ProfiledCountLikelihood {
    try fixed { self.rates(modes, along: directions, weights: $0) }
  }

  /// The rates that the fit takes for those along some directions, shape [far samples][bins].
  private func rates(_ modes: PosteriorModes, along directions: [Double], weights: [[Double]]) -> [[Double]] {
    weights.indices.map { sample in
      modes.slopes[sample].moved(
        modes.rates(sample: sample, weights: weights[sample], responses.far[sample]), along: directions)
    }
  }

  /// The likelihood of rates that are known, shape [far samples][cells] → [far samples][bins].
  private func fixed(_ rates: @escaping @Sendable ([[Double]]) -> [[Double]]) throws -> ProfiledCountLikelihood {
    let (names, oscillation, folded, sums) = (names, oscillation, responses.folded, sums)
    return ProfiledCountLikelihood(terms: terms, directionCount: 0) { values in
      let model = try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, values)))
      let rates = sums.rates(rates(try folded.farWeights(model)))
      return LinearPrediction(rates: rates, directions: rates.map { _ in [] })
    }
  }

  /// The minimum that a descent from a place ends in.
  private func minimum(_ likelihood: some Likelihood, from position: [Double]) throws -> [Double] {
    try Fit.minimize(try constrained(likelihood), try starting(at: position)).best.position
  }

  private func starting(at position: [Double]) throws -> [FitParameter] {
    try zip(parameters(), position).map { parameter, value in
      try FitParameter(
        name: parameter.name, unit: parameter.unit, starts: [value], bounds: parameter.bounds, scale: parameter.scale,
        period: parameter.period)
    }
  }
}

/// Small changes of far shapes that a model makes, and those that a fit takes for them, in units of the far statistics.
private struct SlopeComparison {
  private var change = 0.0
  private var product = 0.0
  private var missed = 0.0

  /// Adds one sample, rates of shape [bins].
  package mutating func add(model: [Double], fit: [Double], before: [Double], events: Double, isShape: Bool) {
    let totals = [model, fit, before].map { (isShape ? $0 : before).reduce(0, +) }
    for bin in before.indices where before[bin] > 0 {
      let share = before[bin] / totals[2]
      let (byModel, byFit) = (model[bin] / totals[0] - share, fit[bin] / totals[1] - share)
      change += events * byModel * byModel / share
      product += events * byModel * byFit / share
      missed += events * (byModel - byFit) * (byModel - byFit) / share
    }
  }

  /// The regression of what the fit takes on what the model does; 1 where nothing changes.
  var ratio: Double { change > 0 ? product / change : 1 }
  /// The part of the change that the fit misses.
  var error: Double { change > 0 ? (missed / change).squareRoot() : 0 }
}
