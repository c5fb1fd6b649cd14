import Foundation
import NuTuneCore

/// A flux density beyond the ends of its table, and nothing within: below, the density of the first bin; above, the
/// exponential through the last two bins.
struct ContinuedDensity {
  /// First and last energy of the table, GeV.
  let first: Double, last: Double
  /// Density below, ν/cm²/GeV/POT.
  let below: Double
  /// Density at the upper end, ν/cm²/GeV/POT.
  let above: Double
  /// Energy in GeV over which it falls by e, infinite where it does not fall.
  let length: Double

  init(_ flux: any FluxProvider, _ species: NeutrinoSpecies) throws {
    let edges = flux.breakpoints
    guard edges.count > 1 else {
      (first, last, below, above, length) = (0, .greatestFiniteMagnitude, 0, 0, 1)
      return
    }
    (first, last) = (edges[0], edges[edges.count - 1])
    let centers = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }.suffix(2)
    let ends = try flux.density(of: species, at: [(edges[0] + edges[1]) / 2] + centers)
    below = ends[0]
    let (low, high) = (ends[1], ends[ends.count - 1])
    let distance = centers[centers.endIndex - 1] - centers[centers.startIndex]
    length = high > 0 && high < low ? distance / log(low / high) : .infinity
    above = high * exp(-(last - centers[centers.endIndex - 1]) / length)
  }

  /// Density at an energy in GeV; zero within the table.
  func value(_ energy: Double) -> Double {
    if energy < first { return below }
    return energy > last ? above * exp(-(energy - last) / length) : 0
  }
}
