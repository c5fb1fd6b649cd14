import Foundation
import NuTuneCore

/// Tests whether contents jump with the width of the bins, which happens when densities are mistaken for numbers in
/// bins.
///
/// Where the width changes by a factor r, ln(density) is extrapolated to the common edge from the bins of one width on
/// both sides. A smooth spectrum gives the same value twice; one that is divided by the width k times too often or too
/// seldom differs by ∓k ln r. All changes of width together give k by least squares; bins with little flux do not
/// count.
struct WidthHint {
  /// Excess powers of the width in the densities, near a whole number; zero for a smooth spectrum.
  let power: Int

  /// Largest number of bins on a side that enter.
  private static let reach = 6
  /// Densities below this part of the largest are tails, which fall too fast for a straight line.
  private static let faintest = 1e-6
  /// Largest ratio of widths that count as equal.
  private static let sameWidth = 1.01
  /// Largest distance of a power from a whole number at which it has a meaning.
  private static let tolerance = 0.3

  /// Tests a spectrum; nil if its width does not change.
  init?(_ spectrum: FluxSpectrum) {
    let widths = zip(spectrum.edges, spectrum.edges.dropFirst()).map { $1 - $0 }
    let floor = Self.faintest * (spectrum.densities.max() ?? 0)
    var (product, square) = (0.0, 0.0)
    for edge in widths.indices.dropFirst() {
      let ratio = widths[edge] / widths[edge - 1]
      guard max(ratio, 1 / ratio) > Self.sameWidth,
        let below = Self.extrapolated(spectrum, widths, to: edge, bins: Array((0..<edge).reversed()), floor),
        let above = Self.extrapolated(spectrum, widths, to: edge, bins: Array(edge..<widths.count), floor)
      else { continue }
      let slope = below.slope ?? above.slope ?? 0
      let jump = above.value(slope) - below.value(slope)
      product += jump * log(ratio)
      square += log(ratio) * log(ratio)
    }
    guard square > 0 else { return nil }
    let power = product / square
    guard abs(power - power.rounded()) <= Self.tolerance, abs(power) < 4 else { return nil }
    self.power = Int(power.rounded())
  }

  /// ln(density) on one side of an edge: its mean, the distance of the mean from the edge, and its slope if there are
  /// two bins.
  private struct Side {
    var mean: Double
    var distance: Double
    var slope: Double?
    func value(_ other: Double) -> Double { mean + (slope ?? other) * distance }
  }

  private static func extrapolated(
    _ spectrum: FluxSpectrum, _ widths: [Double], to edge: Int, bins: [Int], _ floor: Double
  ) -> Side? {
    guard let first = bins.first else { return nil }
    let near = bins.prefix(reach).prefix { bin in
      spectrum.densities[bin] > floor
        && max(widths[bin] / widths[first], widths[first] / widths[bin]) <= sameWidth
    }
    guard !near.isEmpty else { return nil }
    let x = near.map { (spectrum.edges[$0] + spectrum.edges[$0 + 1]) / 2 }
    let y = near.map { log(spectrum.densities[$0]) }
    let count = Double(near.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let slope = spread > 0 ? zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread : nil
    return Side(mean: meanY, distance: spectrum.edges[edge] - meanX, slope: slope)
  }

  /// Returns a warning for the user, nil for a smooth spectrum.
  func sentence(per: FluxUnits.Width) -> String? {
    let found = "the density jumps like the width of the bins to the power \(power) where the width changes"
    switch (power, per) {
    case (0, _): return nil
    case (1, .energy): return "\(found): the contents look like numbers in bins, which --per bin says"
    case (-1, .bin): return "\(found): the contents look like densities, which --per GeV or another energy says"
    case (1, .bin), (2, .energy):
      return "\(found): the contents look like numbers in bins that were multiplied by the width once more"
    default: return found
    }
  }
}
