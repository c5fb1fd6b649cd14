import Foundation
import NuTuneCore

/// A rectangular grid in smooth functions of the two invariants, on which structure functions are sampled.
///
///     t = asinh((W² − M²)/0.25 GeV²)        u = ln(Q² + 0.03 GeV²)
///
/// In t the quasi-elastic peak stands at a fixed place and keeps its width; u is logarithmic above and linear below the
/// scale where structure functions stop varying. Values between nodes follow from four-point (cubic) Lagrange
/// interpolation in each direction, one-sided at the edges.
public struct NodeGrid: Sendable, Hashable {
  /// Scale of W² − M² in t, GeV².
  public static let hadronicScale = 0.25
  /// Offset of Q² in u, GeV².
  public static let momentumScale = 0.03

  /// Lowest W² − M² in GeV² of a fold; structure functions below are taken as zero. A nucleon at rest has none below 0;
  /// Fermi motion reaches about −1.
  public static let lowestHadronicExcess = -2.5

  /// Lowest t.
  public let tMinimum: Double
  /// Spacing in t.
  public let tStep: Double
  /// Number of nodes in t.
  public let tCount: Int
  /// Lowest u.
  public let uMinimum: Double
  /// Spacing in u.
  public let uStep: Double
  /// Number of nodes in u.
  public let uCount: Int

  /// Number of nodes; node (i, j) has index i · uCount + j.
  public var count: Int { tCount * uCount }

  /// Creates a grid that covers the invariants within reach of a beam.
  ///
  /// - Parameters:
  ///   - maximumEnergy: largest neutrino energy in GeV.
  ///   - minimumLeptonEnergy: lowest lepton energy of any bin in GeV.
  ///   - tCount: number of nodes in W².
  ///   - uCount: number of nodes in Q².
  ///   - minimumHadronicMassSquared: lowest W² − M² in GeV².
  public init(
    maximumEnergy: Double, minimumLeptonEnergy: Double = 0, tCount: Int = 140, uCount: Int = 80,
    minimumHadronicMassSquared: Double = NodeGrid.lowestHadronicExcess
  ) {
    let mass = PhysicalConstants.nucleonMass
    let omega = maximumEnergy - minimumLeptonEnergy
    let maximumW = 2 * mass * omega
    let maximumQ2 = 2 * mass * omega - minimumHadronicMassSquared
    let t0 = asinh(minimumHadronicMassSquared / Self.hadronicScale)
    let u0 = log(Self.momentumScale + 1e-5)
    self.tMinimum = t0
    self.tCount = tCount
    tStep = (asinh(maximumW / Self.hadronicScale) - t0) / Double(tCount - 1)
    uMinimum = u0
    self.uCount = uCount
    uStep = (log(maximumQ2 + Self.momentumScale) - u0) / Double(uCount - 1)
  }

  /// Computes the grid coordinates (t, u) of a point.
  @inlinable
  public static func coordinates(omega: Double, q2: Double) -> (t: Double, u: Double) {
    (asinh((2 * PhysicalConstants.nucleonMass * omega - q2) / hadronicScale), log(q2 + momentumScale))
  }

  /// Computes the invariants at every node, shape [count]. ω may be slightly negative at nodes next to the physical
  /// region.
  public func invariants() -> InvariantPoints {
    var points = InvariantPoints(omega: [], q2: [])
    for i in 0..<tCount {
      let excess = Self.hadronicScale * sinh(tMinimum + Double(i) * tStep)
      for j in 0..<uCount {
        let q2 = exp(uMinimum + Double(j) * uStep) - Self.momentumScale
        points.omega.append((excess + q2) / (2 * PhysicalConstants.nucleonMass))
        points.q2.append(q2)
      }
    }
    return points
  }

  /// Returns the first node and the four cubic Lagrange weights at fractional position `x` of an axis with `count`
  /// nodes.
  @inline(__always)
  static func stencil(_ x: Double, count: Int) -> (start: Int, weights: SIMD4<Double>) {
    let start = min(max(Int(x.rounded(.down)) - 1, 0), count - 4)
    let s = x - Double(start)
    let s1 = s - 1
    let s2 = s - 2
    let s3 = s - 3
    return (start, SIMD4(-s1 * s2 * s3 / 6, s * s2 * s3 / 2, -s * s1 * s3 / 2, s * s1 * s2 / 6))
  }
}
