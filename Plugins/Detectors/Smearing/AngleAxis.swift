import Foundation
import NuTuneCore

/// The second axis of a smeared binning, in degrees whether its bins are in θ or in cosθ.
struct AngleAxis: Sendable {
  /// Standard deviation of measured angles.
  let resolution: AngleResolution
  /// Most pieces of a measured bin.
  let mostPieces: Int

  /// Edges of an axis in degrees, increasing; in cosθ the order turns round.
  static func degrees(_ axis: Axis) -> [Double] {
    axis.observable == .theta ? axis.edges : axis.edges.reversed().map { acos($0) * 180 / Double.pi }
  }

  /// Width in degrees in which the distribution of angles is a parabola to some 10⁻³: leptons are the more forward the
  /// higher their energies.
  private static func scale(at degrees: Double) -> Double { 1.5 + 0.1 * degrees }

  /// The true bins for measured ones: pieces even in θ, and beyond them as far as leptons migrate from.
  ///
  /// - Parameter energies: of leptons in GeV; the resolution at the upper end says how fine the pieces are, the one at
  ///   the lower end how far they go.
  func trueAxis(for measured: Axis, energies: ClosedRange<Double>) throws -> Axis {
    let edges = Self.degrees(measured)
    let target = Pieces.widthInSigmas * resolution.width(at: energies.upperBound)
    let reach = Gaussian.reach * resolution.width(at: energies.lowerBound)
    let (low, high) = (edges[0], edges[edges.count - 1])
    // Measured edges stay as they were given.
    let given = measured.observable == .theta ? measured.edges : measured.edges.reversed()
    func value(_ degrees: Double) -> Double {
      measured.observable == .theta ? degrees : min(max(cos(degrees * Double.pi / 180), -1), 1)
    }
    func pieces(_ left: Double, _ right: Double) -> [Double] {
      guard right - left > 1e-9 else { return [] }
      guard target > 0 else { return [right] }
      return Pieces.edges(from: left, to: right, most: mostPieces, target: { _ in target }, scale: Self.scale(at:))
    }
    let lowest = max(low - reach, 0)
    var values: [Double] = []
    let below = pieces(lowest, low)
    if !below.isEmpty { values = ([lowest] + below.dropLast()).map(value) }
    values.append(given[0])
    for bin in 1..<edges.count { values += pieces(edges[bin - 1], edges[bin]).dropLast().map(value) + [given[bin]] }
    values += pieces(high, min(high + reach, 180)).map(value)
    return try Axis(measured.observable, edges: measured.observable == .theta ? values : values.reversed())
  }

  /// The response of true bins at a lepton energy in GeV; bins are counted with θ.
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
    let density = ParabolicDensity(
      edges: trueEdges, isOddAtStart: trueEdges[0] == 0, isOddAtEnd: trueEdges[trueEdges.count - 1] == 180)
    return try AxisResponse(
      density: density, turns: measured.map { AxisResponse.Turn(center: $0, width: width) },
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
