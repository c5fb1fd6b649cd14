import Foundation
import NuTuneCore
import NuTuneFolding
import Testing

@Suite struct NodeDensityTests {
  private let grid = NodeGrid(maximumEnergy: 5, tCount: 40, uCount: 30)

  /// Shares in the inside of the grid only, spiky on purpose.
  private var shares: [Double] {
    var shares = [Double](repeating: 0, count: grid.count)
    for i in 13..<30 {
      for j in 10..<20 { shares[i * grid.uCount + j] = Double((7 * i + 3 * j) % 5) }
    }
    let total = shares.reduce(0, +)
    return shares.map { $0 / total }
  }

  /// A cubic B-spline has integral one, and its samples at integers sum to one.
  @Test func theIntegralIsTheSumOfTheShares() {
    let density = NodeDensity(grid: grid, shares: shares)
    let steps = 4
    var integral = 0.0
    for i in 0..<grid.tCount * steps {
      for j in 0..<grid.uCount * steps {
        let t = grid.tMinimum + (Double(i) + 0.5) / Double(steps) * grid.tStep
        let u = grid.uMinimum + (Double(j) + 0.5) / Double(steps) * grid.uStep
        let value = density.value(t: t, u: u)
        #expect(value >= 0)
        integral += value * grid.tStep * grid.uStep / Double(steps * steps)
      }
    }
    // Sums over a cubic B-spline at any shift are one, so midpoints integrate it exactly.
    #expect(abs(integral - 1) < 1e-12)
    #expect(abs(density.smoothed().reduce(0, +) - 1) < 1e-12)
  }

  /// The same integral over ln x and ln Q², by the Jacobian: a fine midpoint rule over the region the shares are in.
  @Test func theJacobianKeepsTheIntegral() {
    let density = NodeDensity(grid: grid, shares: shares)
    let (n, low, high) = (800, (x: 0.004, q2: 0.005), (x: 200.0, q2: 20.0))
    let (stepX, stepQ) = (log(high.x / low.x) / Double(n), log(high.q2 / low.q2) / Double(n))
    var integral = 0.0
    for i in 0..<n {
      let x = low.x * exp((Double(i) + 0.5) * stepX)
      for j in 0..<n {
        integral += density.value(x: x, q2: low.q2 * exp((Double(j) + 0.5) * stepQ)) * stepX * stepQ
      }
    }
    // Every share lies well inside the rectangle, so that the integral is one.
    let points = grid.invariants()
    for node in shares.indices where shares[node] > 0 {
      let q2 = points.q2[node]
      let x = q2 / (2 * PhysicalConstants.nucleonMass * points.omega[node])
      #expect(x > 2 * low.x)
      #expect(x < high.x / 2)
      #expect(q2 > 2 * low.q2)
      #expect(q2 < high.q2 / 2)
    }
    #expect(abs(integral - 1) < 2e-3, "\(integral)")
  }
}
