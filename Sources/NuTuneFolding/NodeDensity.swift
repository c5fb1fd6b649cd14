import Foundation
import NuTuneCore

/// A smooth density over the invariants, from shares of the nodes of a grid.
///
/// The share of a node divided by its area in (t, u), spread with cubic B-splines: never negative, twice continuously
/// differentiable, and with the same integral as the shares (inside the grid; a kernel at the edge extends beyond it).
public struct NodeDensity: Sendable {
  /// The grid.
  public let grid: NodeGrid
  private let shares: [Double]

  /// Creates the density of some shares, shape [grid nodes].
  public init(grid: NodeGrid, shares: [Double]) {
    precondition(shares.count == grid.count)
    self.grid = grid
    self.shares = shares
  }

  /// Computes the density per unit of t and u.
  public func value(t: Double, u: Double) -> Double {
    let (first, rows) = Self.spline((t - grid.tMinimum) / grid.tStep)
    let (start, columns) = Self.spline((u - grid.uMinimum) / grid.uStep)
    var sum = 0.0
    for i in 0..<4 where (0..<grid.tCount).contains(first + i) {
      for j in 0..<4 where (0..<grid.uCount).contains(start + j) {
        sum += rows[i] * columns[j] * shares[(first + i) * grid.uCount + start + j]
      }
    }
    return sum / (grid.tStep * grid.uStep)
  }

  /// Computes the density per unit of ln x and ln Q² at x > 0 and Q² > 0 (GeV²): the density in (t, u) times the
  /// Jacobian.
  ///
  /// With 2Mω = Q²/x and v = W² − M² = Q²/x − Q²: |∂t/∂ln x| = (Q²/x)/√(v² + s²), ∂u/∂ln Q² = Q²/(Q² + k), and u does
  /// not depend on x; s and k are ``NodeGrid/hadronicScale`` and ``NodeGrid/momentumScale``.
  public func value(x: Double, q2: Double) -> Double {
    let omega = q2 / (2 * PhysicalConstants.nucleonMass * x)
    let (t, u) = NodeGrid.coordinates(omega: omega, q2: q2)
    let excess = q2 / x - q2
    let scale = NodeGrid.hadronicScale
    let jacobian =
      q2 / x / (excess * excess + scale * scale).squareRoot() * q2 / (q2 + NodeGrid.momentumScale)
    return value(t: t, u: u) * jacobian
  }

  /// Smooths the shares with the same kernel, shape [grid nodes]: differences between neighbours even out.
  public func smoothed() -> [Double] {
    let kernel = [1.0 / 6, 4.0 / 6, 1.0 / 6]
    var result = [Double](repeating: 0, count: grid.count)
    for i in 0..<grid.tCount {
      for j in 0..<grid.uCount {
        for di in -1...1 where (0..<grid.tCount).contains(i + di) {
          for dj in -1...1 where (0..<grid.uCount).contains(j + dj) {
            result[i * grid.uCount + j] += kernel[di + 1] * kernel[dj + 1] * shares[(i + di) * grid.uCount + j + dj]
          }
        }
      }
    }
    return result
  }

  /// Returns the first node and the four cubic B-spline weights at a fractional position.
  private static func spline(_ position: Double) -> (first: Int, weights: SIMD4<Double>) {
    // Far outside the density is zero; the bounds keep the conversion to Int defined.
    let bounded = min(max(position, -8), 1e6)
    let floor = bounded.rounded(.down)
    let s = bounded - floor
    let r = 1 - s
    return (
      Int(floor) - 1,
      SIMD4(r * r * r, 3 * s * s * s - 6 * s * s + 4, 3 * r * r * r - 6 * r * r + 4, s * s * s) / 6
    )
  }
}
