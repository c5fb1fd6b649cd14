import NuTuneCore
import NuTuneInference
import NuTuneNumerics

extension OscillationFit {
  /// Draws of the directions for the check.
  private static let draws = 4

  /// Whether the fit with open directions can be trusted.
  ///
  /// - Parameter record: of this fit.
  func check(_ record: Record, of model: any GaussianModel) throws -> OpenFitCheck? {
    guard let open else { return nil }
    let position = names.map { record.results.comparedFit[$0] ?? 0 }
    let errors = names.map { halfWidth($0, record) }
    let likelihood = try marginalized(open)
    var profile = likelihood
    profile.isIntegrated = false
    let profiled = try minimum(profile, from: position)
    let best = try likelihood.best(at: position)
    let shift = try refoldShift(open, model, along: best.directions, from: position)
    let stream = try RandomStream(seed: 1, purpose: "open-fit-check")
    let spread = try best.information.inverseTransposedLower()
    var squares = [Double](repeating: 0, count: names.count)
    for _ in 0..<Self.draws {
      let normal = (0..<spread.rows).map { _ in stream.gaussian() }
      let change = try spread.multiplied(by: normal)
      let drawn = zip(best.directions, change).map { $0 + $1 }
      for (index, value) in try refoldShift(open, model, along: drawn, from: position).enumerated() {
        squares[index] += value * value / Double(Self.draws)
      }
    }
    func largest(_ values: [Double]) -> Double { zip(values, errors).map { abs($0) / $1 }.max() ?? 0 }
    let conditional = try conditionalHalfWidths(open, along: best.directions, from: position)
    let ratios = zip(errors, conditional).map { $0 / $1 }
    return OpenFitCheck(
      profileShift: largest(zip(profiled, position).map { $0 - $1 }), refoldShift: largest(shift),
      drawnShift: largest(squares.map { $0.squareRoot() }), leastErrorRatio: ratios.min() ?? 1)
  }

  private func halfWidth(_ name: String, _ record: Record) -> Double {
    guard let interval = record.results.intervals[name] else { return .nan }
    return (interval.upper - interval.lower) / 2
  }

  /// Best fit with the model itself moved along some directions, minus the one with the rates that the fit takes for that.
  private func refoldShift(
    _ open: OpenDirections, _ model: any GaussianModel, along directions: [Double], from position: [Double]
  ) throws -> [Double] {
    let moved = try ModelResponses(
      of: try model.displaced(by: try open.weights(along: directions)), in: responses.folded)
    let refolded = try fixed { weights in moved.farRates(weights: weights) }
    let taken = try taken(open, along: directions)
    return zip(try minimum(refolded, from: position), try minimum(taken, from: position)).map { $0 - $1 }
  }

  /// Half widths of the intervals with the directions held at some values: what far statistics alone leave there.
  private func conditionalHalfWidths(_ open: OpenDirections, along directions: [Double], from position: [Double]) throws
    -> [Double]
  {
    let likelihood = try taken(open, along: directions)
    let fit = try Fit.minimize(likelihood, try starting(at: position))
    let intervals = try profileIntervals(fit, around: fit.best, likelihood, level: 1)
    return names.map { intervals[$0]?.halfWidth ?? .nan }
  }

  /// The likelihood with the rates that the fit takes for those along some directions, held there.
  private func taken(_ open: OpenDirections, along directions: [Double]) throws -> ProfiledShapeLikelihood {
    let responses = responses
    return try fixed { weights in
      weights.indices.map { sample in
        open.slopes[sample].moved(
          open.rates(sample: sample, weights: weights[sample], responses.far[sample]), along: directions)
      }
    }
  }

  /// The likelihood of rates that are known, shape [far samples][cells] → [far samples][bins].
  private func fixed(_ rates: @escaping @Sendable ([[Double]]) -> [[Double]]) throws -> ProfiledShapeLikelihood {
    let (names, oscillation, folded) = (names, oscillation, responses.folded)
    return try ProfiledShapeLikelihood(counts: counts, directionCount: 0) { values in
      let model = try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, values)))
      let rates = rates(try folded.farWeights(model))
      return OpenPrediction(rates: rates, directions: rates.map { _ in [] })
    }
  }

  /// The minimum that a descent from a place ends in.
  private func minimum(_ likelihood: some Likelihood, from position: [Double]) throws -> [Double] {
    try Fit.minimize(likelihood, try starting(at: position)).best.position
  }

  private func starting(at position: [Double]) throws -> [FitParameter] {
    try zip(parameters(), position).map { parameter, value in
      try FitParameter(
        name: parameter.name, unit: parameter.unit, starts: [value], bounds: parameter.bounds, scale: parameter.scale,
        period: parameter.period)
    }
  }
}
