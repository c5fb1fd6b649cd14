extension PullSearch {
  /// Derivatives of −2 ln L of the data at the current pulls with respect to rates and directions, in the shapes of the
  /// prediction.
  ///
  /// With g = f T(x) and x − 1 = Σ_k η_k D_k/m, where m is f or, of very few events, a share of the sample's rate,
  ///
  ///     ∂g/∂D_k = f T′ η_k/m,   ∂g/∂f = T − T′ (x − 1) where m = f and T elsewhere
  func slopes() -> LinearPrediction {
    var (rateSlopes, directionSlopes): ([[Double]], [[Double]]) = ([], [])
    var begin = 0
    for (sample, end) in ends.enumerated() {
      let term = terms[sample]
      let bins = end - begin
      guard term.isInformative else {
        rateSlopes.append([Double](repeating: 0, count: bins))
        directionSlopes.append([Double](repeating: 0, count: bins * directions))
        begin = end
        continue
      }
      let total = rateSums[sample]
      let least = term.leastRate(total: total)
      let moving = (begin..<end).map { rates[$0] * Self.relativeRate(moved[$0]) }
      let factor = term.factor(total: moving.reduce(0, +))
      var (byRate, byDirection) = (
        [Double](repeating: 0, count: bins), [Double](repeating: 0, count: bins * directions)
      )
      var byTotal = 0.0
      for bin in 0..<bins {
        let (rate, x, count) = (rates[begin + bin], moved[begin + bin], counts[begin + bin])
        let slope = 2 * (factor - (count > 0 ? count / moving[bin] : 0))
        let (value, derivative) = (Self.relativeRate(x), Self.relativeSlope(x))
        if rate >= least {
          byRate[bin] = slope * (value - derivative * (x - 1))
        } else {
          byRate[bin] = slope * value
          if term.normalization == nil { byTotal -= slope * rate * derivative * (x - 1) / total }
        }
        let scale = slope * rate * derivative / max(rate, least)
        for k in 0..<directions { byDirection[k * bins + bin] = scale * pulls[k] }
      }
      if byTotal != 0 { for bin in 0..<bins { byRate[bin] += byTotal } }
      rateSlopes.append(byRate)
      directionSlopes.append(byDirection)
      begin = end
    }
    return LinearPrediction(rates: rateSlopes, directions: directionSlopes)
  }

  /// T′(x).
  private static func relativeSlope(_ x: Double) -> Double { x >= linear ? 1 : relativeRate(x) / linear }
}
