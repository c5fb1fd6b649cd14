import NuTuneCore

/// The first axis of a smeared binning: lepton energy, or momentum, for which all formulas hold with p in place of E.
struct EnergyAxis: Sendable {
  /// Standard deviation of measured energies.
  let resolution: EnergyResolution
  /// Measured energy over true energy, before smearing.
  let scale: Double
  /// A further factor on the scale, on which the true bins do not depend.
  let factor: Double
  /// The efficiency.
  let efficiency: Efficiency
  /// Largest number of pieces of a measured bin.
  let mostPieces: Int

  /// Range of factors on the scale for which the true bins reach far enough.
  static let factors = 0.9...1.1
  /// Largest true energy, in units of the highest measured one.
  static let furthest = 5.0

  /// Returns the edges of the true bins for measured ones in GeV: pieces of these, and further bins as far as leptons
  /// migrate from.
  ///
  /// For a scale other than one, the pieces lie between the true energies that are measured at the edges.
  func trueEdges(for measured: [Double]) -> [Double] {
    let (low, high) = (measured[0], measured[measured.count - 1])
    let limit = Observable.leptonEnergy.range.upperBound
    let lowest = min(lowestSmeared(into: low) / (scale * Self.factors.upperBound), low)
    let highest = min(max(highestSmeared(into: high) / (scale * Self.factors.lowerBound), high), limit)
    var turns = measured.map { min($0 / scale, limit) }
    if efficiency.threshold > 0 { turns.append(efficiency.threshold) }
    turns = Set(turns).filter { lowest < $0 && $0 < highest }.sorted()
    let stops = [lowest] + turns + [highest]
    var edges = [lowest]
    for (left, right) in zip(stops, stops.dropFirst()) {
      edges += pieces(left, right).edges(
        from: left, to: right, hasEdgeBelow: left != lowest, hasEdgeAbove: right != highest)
    }
    return edges
  }

  /// Returns the pieces between two edges.
  private func pieces(_ left: Double, _ right: Double) -> GradedPieces {
    let (resolution, scale, threshold) = (resolution, scale, efficiency)
    func width(_ energy: Double) -> Double {
      let width = resolution.width(at: energy * scale) / scale
      // Next to the threshold its width matters.
      guard threshold.threshold > 0, threshold.width > 0, left == threshold.threshold || right == threshold.threshold
      else { return width }
      return min(width > 0 ? width : threshold.width, threshold.width)
    }
    func widest(_ energy: Double) -> Double {
      let width = resolution.width(at: energy * scale) / scale
      return left == threshold.threshold || right == threshold.threshold ? max(width, threshold.width) : width
    }
    // Another scale shifts the positions where weights change, unless zones reach that far.
    let reaches = GradedPieces.zone * widest(left) >= (1 - Self.factors.lowerBound) * left
    return GradedPieces(
      perZone: mostPieces - 1, width: width, widest: widest, scale: Self.scale(at:),
      middlePieces: reaches ? 1 : mostPieces)
  }

  /// Computes the response of true bins with these edges; efficiency included.
  func response(trueEdges: [Double], measured: [Double]) throws -> AxisResponse {
    let scale = scale * factor
    let breakpoints = measured.flatMap {
      Gaussian.breakpoints(around: $0 / scale, width: resolution.width(at: $0) / scale)
    }
    var turns = measured.map { AxisResponse.Turn(center: $0 / scale, width: resolution.width(at: $0) / scale) }
    if efficiency.threshold > 0 {
      turns.append(AxisResponse.Turn(center: efficiency.threshold, width: efficiency.width))
    }
    return try AxisResponse(
      edges: trueEdges, turns: turns, measuredBins: measured.count - 1, plateau: efficiency.plateau,
      breakpoints: breakpoints + efficiency.breakpoints
    ) { energy, below in
      let found = efficiency.shareOfPlateau(at: energy)
      let width = resolution.width(at: scale * energy)
      for (index, edge) in measured.enumerated() {
        below[index] = found * Gaussian.probability(below: edge - scale * energy, width: width)
      }
      below[measured.count] = found
    }
  }

  /// Returns the width in GeV in which the spectrum of leptons is a cubic to some 10⁻⁴, for any beam energy.
  private static func scale(at energy: Double) -> Double { 0.05 + 0.05 * energy }

  /// Returns the lowest mean whose six standard deviations reach up to `energy`, GeV; at least zero.
  private func lowestSmeared(into energy: Double) -> Double {
    Self.crossing(0, energy) { $0 + Gaussian.reach * resolution.width(at: $0) >= energy }
  }

  /// Returns the highest mean whose six standard deviations reach down to `energy`, GeV.
  private func highestSmeared(into energy: Double) -> Double {
    Self.crossing(energy, Self.furthest * energy) { $0 - Gaussian.reach * resolution.width(at: $0) >= energy }
  }

  /// Finds the smallest value between two at which `isBeyond` is true; the upper one when it never is.
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
