import Foundation
import NuTuneCore

/// The second axis of a smeared binning, in degrees for bins in θ as well as in cosθ.
struct AngleAxis: Sendable {
  /// Standard deviation of measured angles.
  let resolution: AngleResolution
  /// Largest number of pieces of a measured bin.
  let mostPieces: Int

  /// Returns the edges of an axis in degrees, increasing; for cosθ this reverses their order.
  static func degrees(_ axis: Axis) -> [Double] {
    axis.observable == .theta ? axis.edges : axis.edges.reversed().map { acos($0) * 180 / Double.pi }
  }

  /// Returns the width in degrees in which the distribution of angles is a cubic to some 10⁻⁴: leptons are the more
  /// forward the higher their energies.
  private static func scale(at degrees: Double) -> Double { 1 + 0.1 * degrees }

  /// Returns the true bins for measured ones: pieces even in θ, and further bins up to the largest angle from which
  /// leptons migrate.
  ///
  /// - Parameter energies: range of lepton energies in GeV; the resolution at the upper end determines the width of the
  ///   pieces, at the lower end their range.
  func trueAxis(for measured: Axis, energies: ClosedRange<Double>) throws -> Axis {
    let edges = Self.degrees(measured)
    let (finest, widest) = (resolution.width(at: energies.upperBound), resolution.width(at: energies.lowerBound))
    let reach = Gaussian.reach * widest
    let graded = GradedPieces(
      perZone: mostPieces - 1, width: { _ in finest }, widest: { _ in widest }, scale: Self.scale(at:))
    let (low, high) = (edges[0], edges[edges.count - 1])
    // Measured edges stay as given.
    let given = measured.observable == .theta ? measured.edges : measured.edges.reversed()
    func value(_ degrees: Double) -> Double {
      measured.observable == .theta ? degrees : min(max(cos(degrees * Double.pi / 180), -1), 1)
    }
    let (lowest, highest) = (max(low - reach, 0), min(high + reach, 180))
    var values: [Double] = []
    if low - lowest > 1e-9 {
      values = [value(lowest)] + graded.edges(from: lowest, to: low, hasEdgeBelow: false).dropLast().map(value)
    }
    values.append(given[0])
    for bin in 1..<edges.count {
      // Nothing is measured beyond 0 and 180 degrees.
      let pieces = graded.edges(
        from: edges[bin - 1], to: edges[bin], hasEdgeBelow: edges[bin - 1] > 1e-9, hasEdgeAbove: edges[bin] < 180 - 1e-9
      )
      values += pieces.dropLast().map(value) + [given[bin]]
    }
    if highest - high > 1e-9 { values += graded.edges(from: high, to: highest, hasEdgeAbove: false).map(value) }
    return try Axis(measured.observable, edges: measured.observable == .theta ? values : values.reversed())
  }

  /// Computes the response of true bins at a lepton energy in GeV; bins are counted with θ.
  ///
  /// A Gaussian around the true angle, reflected: −θ is measured as θ, and 180° + θ as 180° − θ.
  func response(trueEdges: [Double], measured: [Double], energy: Double) throws -> AxisResponse {
    let width = resolution.width(at: energy)
    let turns = Int((Gaussian.reach * width + 180) / 360) + 1
    var images: Set<Double> = []
    for turn in (-turns...turns).map({ 360 * Double($0) }) {
      images.formUnion(measured.map { turn - $0 })
      images.formUnion(measured.map { turn + $0 })
    }
    return try AxisResponse(
      edges: trueEdges, turns: measured.map { AxisResponse.Turn(center: $0, width: width) },
      measuredBins: measured.count - 1,
      breakpoints: images.flatMap { Gaussian.breakpoints(around: $0, width: width) }
    ) { angle, below in
      for (index, edge) in measured.enumerated() {
        var sum = 0.0
        for turn in -turns...turns {
          let full = 360 * Double(turn) - angle
          sum += Gaussian.probability(below: full + edge, width: width)
          sum -= Gaussian.probability(below: full - edge, width: width)
        }
        below[index] = sum
      }
      below[measured.count] = 1
    }
  }
}
