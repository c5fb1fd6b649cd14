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
          if let start = byDirection.baseAddress { nutune_count_outer(pulls, scale, directions, bins, start) }
          count = bins * directions
        })
      begin = end
    }
    return LinearPrediction(rates: rateSlopes, directions: directionSlopes)
  }

  /// Derivatives of one sample with respect to rates, and those with respect to directions per unit of each pull; shape
  /// [bins] both.
  private func sampleSlopes(_ sample: Int, _ range: Range<Int>) -> (byRate: [Double], scale: [Double]) {
    let term = terms[sample]
    let least = term.leastRate(total: rateSums[sample])
    let bins = range.count
    var byRate = [Double](repeating: 0, count: bins)
    // Holds the moved rates first.
    var scale = byRate
    var found: Int32 = 0
    rates.withUnsafeBufferPointer { rates in
      moved.withUnsafeBufferPointer { moved in
        guard let rates = rates.baseAddress.map({ $0 + range.lowerBound }),
          let moved = moved.baseAddress.map({ $0 + range.lowerBound })
        else { return }
        nutune_count_rates(rates, moved, Self.linear, bins, &scale)
        let factor = term.factor(total: term.normalization == nil ? scale.reduce(0, +) : 0)
        found = nutune_count_rate_slopes(
          term.counts, rates, moved, factor, least, Self.linear, bins, &byRate, &scale)
      }
    }
    // Changes of few events are relative to a share of the sample's rate.
    guard found != 0, term.normalization == nil else { return (byRate, scale) }
    var byTotal = 0.0
    for (bin, place) in range.enumerated() where rates[place] < least {
      byTotal -= scale[bin] * (moved[place] - 1) * (least / rateSums[sample])
    }
    if byTotal != 0 { for bin in byRate.indices { byRate[bin] += byTotal } }
    return (byRate, scale)
  }
}
