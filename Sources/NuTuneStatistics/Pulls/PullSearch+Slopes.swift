import CKernels

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
      let (byRate, scale) = sampleSlopes(sample, begin..<end)
      rateSlopes.append(byRate)
      directionSlopes.append(
        [Double](unsafeUninitializedCapacity: bins * directions) { byDirection, count in
          for k in 0..<directions {
            let (first, pull) = (k * bins, pulls[k])
            for bin in 0..<bins { byDirection[first + bin] = scale[bin] * pull }
          }
          count = bins * directions
        })
      begin = end
    }
    return LinearPrediction(rates: rateSlopes, directions: directionSlopes)
  }

  /// Derivatives of one sample with respect to rates, and those with respect to directions per unit of each pull; shape
  /// [bins] both.
  private func sampleSlopes(_ sample: Int, _ range: Range<Int>) -> (byRate: [Double], scale: [Double]) {
    let (term, total) = (terms[sample], rateSums[sample])
    let (counts, rates, moved) = (term.counts, Array(rates[range]), Array(moved[range]))
    let least = term.leastRate(total: total)
    var moving = rates
    nutune_count_rates(rates, moved, Self.linear, rates.count, &moving)
    let factor = term.factor(total: term.normalization == nil ? moving.reduce(0, +) : 0)
    var (byRate, scale) = (rates, rates)
    let hasOthers = nutune_count_rate_slopes(
      counts, rates, moved, moving, factor, least, Self.linear, rates.count, &byRate, &scale)
    guard hasOthers != 0 else { return (byRate, scale) }
    var byTotal = 0.0
    for bin in rates.indices where !(moved[bin] >= Self.linear && rates[bin] >= least) {
      let (rate, x, count) = (rates[bin], moved[bin], counts[bin])
      let slope = 2 * (factor - (count > 0 ? count / moving[bin] : 0))
      let (value, derivative) = (Self.relativeRate(x), Self.relativeSlope(x))
      if rate >= least {
        byRate[bin] = slope * (value - derivative * (x - 1))
      } else {
        byRate[bin] = slope * value
        if term.normalization == nil { byTotal -= slope * rate * derivative * (x - 1) / total }
      }
      scale[bin] = slope * rate * derivative / max(rate, least)
    }
    if byTotal != 0 { for bin in rates.indices { byRate[bin] += byTotal } }
    return (byRate, scale)
  }

  /// T′(x).
  private static func relativeSlope(_ x: Double) -> Double { x >= linear ? 1 : relativeRate(x) / linear }
}
