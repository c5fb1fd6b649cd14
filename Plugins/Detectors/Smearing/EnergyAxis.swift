import NuTuneCore

/// The first axis of a smeared binning: lepton energy, or momentum, for which all formulas hold with p in place of E.
struct EnergyAxis: Sendable {
  /// Standard deviation of measured energies.
  let resolution: EnergyResolution
  /// Measured energy over true energy, before smearing.
  let scale: Double
  /// A further factor on the scale, which the true bins do not depend on.
  let factor: Double
  /// Which leptons are found.
  let efficiency: Efficiency
  /// Most pieces of a measured bin.
  let mostPieces: Int

  /// Factors on the scale that the true bins reach far enough for.
  static let factors = 0.9...1.1
  /// Measured energies come from at most this many times the highest of them.
  static let furthest = 5.0

  /// Edges of the true bins for measured ones in GeV: pieces of these, and beyond them as far as leptons migrate from.
  func trueEdges(for measured: [Double]) -> [Double] {
    let (low, high) = (measured[0], measured[measured.count - 1])
    let lowest = min(lowestSmeared(into: low) / (scale * Self.factors.upperBound), low)
    let highest = min(
      max(highestSmeared(into: high) / (scale * Self.factors.lowerBound), high),
      Observable.leptonEnergy.range.upperBound)
    var inner: [Double] = [low]
    for (left, right) in zip(measured, measured.dropFirst()) {
      inner += Pieces.edges(
        from: left, to: right, most: mostPieces, target: { target(at: $0) }, scale: Self.scale(at:))
    }
    return steps(from: low, to: lowest).reversed() + inner + steps(from: high, to: highest)
  }

  /// The response of true bins with these edges; efficiency included.
  func response(trueEdges: [Double], measured: [Double]) throws -> AxisResponse {
    let scale = scale * factor
    let breakpoints = measured.flatMap {
      Gaussian.breakpoints(around: $0 / scale, width: resolution.width(at: $0) / scale)
    }
    let turns = measured.map { AxisResponse.Turn(center: $0 / scale, width: resolution.width(at: $0) / scale) }
    return try AxisResponse(
      density: ParabolicDensity(edges: trueEdges), turns: turns,
      found: efficiency.threshold > 0
        ? AxisResponse.Turn(center: efficiency.threshold, width: efficiency.width) : nil,
      plateau: efficiency.plateau, breakpoints: breakpoints + efficiency.breakpoints
    ) { energy, below in
      let found = efficiency.value(at: energy)
      let width = resolution.width(at: scale * energy)
      for (index, edge) in measured.enumerated() {
        below[index] = found * Gaussian.probability(below: edge - scale * energy, width: width)
      }
      below[measured.count] = found
    }
  }

  /// Width in GeV in which the spectrum of leptons is a parabola to some 10⁻³, behind a beam of whatever energy.
  private static func scale(at energy: Double) -> Double { 0.05 + 0.05 * energy }

  /// How wide a true bin should be at most, GeV.
  private func target(at energy: Double) -> Double {
    Pieces.widthInSigmas * resolution.width(at: energy * scale) / scale
  }

  /// Edges after `start`, on the way to `end`, about as far apart as the resolution asks for.
  private func steps(from start: Double, to end: Double) -> [Double] {
    guard abs(end - start) > 1e-9 * start else { return [] }
    var edges = [start]
    while edges[edges.count - 1] != end {
      let here = edges[edges.count - 1]
      let step = max(target(at: here), min(Self.scale(at: here), abs(end - start) / Double(2 * mostPieces)))
      edges.append(abs(end - here) < 1.5 * step ? end : here + (end > start ? step : -step))
    }
    return Array(edges.dropFirst())
  }

  /// The lowest mean that six standard deviations take up to `energy`, GeV; at least zero.
  private func lowestSmeared(into energy: Double) -> Double {
    Self.crossing(0, energy) { $0 + Gaussian.reach * resolution.width(at: $0) >= energy }
  }

  /// The highest mean that six standard deviations take down to `energy`, GeV.
  private func highestSmeared(into energy: Double) -> Double {
    Self.crossing(energy, Self.furthest * energy) { $0 - Gaussian.reach * resolution.width(at: $0) >= energy }
  }

  /// The smallest value between two at which `isBeyond` is true, the upper one when it never is.
  private static func crossing(_ low: Double, _ high: Double, _ isBeyond: (Double) -> Bool) -> Double {
    if isBeyond(low) { return low }
    var (low, high) = (low, high)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if isBeyond(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
