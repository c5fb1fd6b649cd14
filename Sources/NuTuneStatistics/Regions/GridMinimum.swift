/// The minimum of a function on a rectangular grid, interpolated between its points.
///
/// Every point that is not above its eight neighbours may hold the lowest minimum (two octants): around each the
/// function is approximated by the quadratic form that has the point's value and the derivatives of the parabolas
/// through three points along each axis, mixed ones by the product of both, and minimised within the neighbouring
/// cells. At the edge of the grid the three points are the three outermost ones. Exact for a quadratic function; a
/// minimum beyond the edge is put on it. A rise by more than 10³ to one of the points is no curvature but an event
/// where none is expected: the minimum then stays at the point.
struct GridMinimum {
  /// The lowest value.
  let value: Double
  /// Whether it lies on the edge of the grid.
  let isAtEdge: Bool

  private static let largestRise = 1e3

  /// Finds the minimum. O(points).
  /// - Parameters:
  ///   - values: shape [ys × xs], row-major.
  ///   - x: derivative formulas of the first axis.
  ///   - y: derivative formulas of the second axis.
  init(_ values: UnsafePointer<Double>, x: ParabolaAxis, y: ParabolaAxis) {
    var best = (value: Double.infinity, isAtEdge: false)
    let (columns, rows) = (x.count, y.count)
    for iy in 0..<rows {
      for ix in 0..<columns where Self.isLowest(values, ix, iy, columns, rows) {
        let found = Self.refined(values, ix, iy, x, y)
        if found.value < best.value { best = found }
      }
    }
    (value, isAtEdge) = best
  }

  private static func isLowest(_ values: UnsafePointer<Double>, _ ix: Int, _ iy: Int, _ columns: Int, _ rows: Int)
    -> Bool
  {
    let here = values[iy * columns + ix]
    // Most points fail at the first neighbour or two.
    if ix > 0, values[iy * columns + ix - 1] < here { return false }
    if ix + 1 < columns, values[iy * columns + ix + 1] < here { return false }
    for row in [iy - 1, iy + 1] where row >= 0 && row < rows {
      for column in max(0, ix - 1)...min(columns - 1, ix + 1) where values[row * columns + column] < here {
        return false
      }
    }
    return true
  }

  private static func refined(
    _ values: UnsafePointer<Double>, _ ix: Int, _ iy: Int, _ x: ParabolaAxis, _ y: ParabolaAxis
  ) -> (value: Double, isAtEdge: Bool) {
    let (cx, cy) = (x.center(of: ix), y.center(of: iy))
    let (wx, wy) = (x.weights[cx - 1], y.weights[cy - 1])
    let columns = x.count
    func isAtEdge(_ u: Double, _ v: Double) -> Bool { x.isEdge(u, from: cx) || y.isEdge(v, from: cy) }
    func f(_ i: Int, _ j: Int) -> Double { values[(cy + j) * columns + cx + i] }
    let f0 = f(0, 0)
    let here = values[iy * columns + ix]
    for j in -1...1 {
      for i in -1...1 where f(i, j) - here > largestRise {
        return (here, isAtEdge(x.offset(ix, from: cx), y.offset(iy, from: cy)))
      }
    }
    // Differences keep the digits of a small variation on a large value.
    let (gx, hx) = (
      wx.first.0 * (f(-1, 0) - f0) + wx.first.1 * (f(1, 0) - f0),
      wx.second.0 * (f(-1, 0) - f0) + wx.second.1 * (f(1, 0) - f0)
    )
    let (gy, hy) = (
      wy.first.0 * (f(0, -1) - f0) + wy.first.1 * (f(0, 1) - f0),
      wy.second.0 * (f(0, -1) - f0) + wy.second.1 * (f(0, 1) - f0)
    )
    func cross(_ i: Int, _ j: Int) -> Double { f(i, j) - f(i, 0) - f(0, j) + f0 }
    let hxy =
      wx.first.0 * (wy.first.0 * cross(-1, -1) + wy.first.1 * cross(-1, 1))
      + wx.first.1 * (wy.first.0 * cross(1, -1) + wy.first.1 * cross(1, 1))
    func q(_ u: Double, _ v: Double) -> Double {
      gx * u + gy * v + 0.5 * (hx * u * u + hy * v * v) + hxy * u * v
    }
    // The cells around the point itself, relative to the centre of the three points.
    let (left, right) = (x.reach(below: ix, from: cx), x.reach(above: ix, from: cx))
    let (bottom, top) = (y.reach(below: iy, from: cy), y.reach(above: iy, from: cy))
    var best = (value: here, u: x.offset(ix, from: cx), v: y.offset(iy, from: cy))
    func consider(_ u: Double, _ v: Double) {
      let value = f0 + q(u, v)
      if value < best.value { best = (value, u, v) }
    }
    let determinant = hx * hy - hxy * hxy
    if hx > 0, determinant > 0 {
      let (u, v) = ((hxy * gy - hy * gx) / determinant, (hxy * gx - hx * gy) / determinant)
      if u >= left, u <= right, v >= bottom, v <= top {
        consider(u, v)
        return (best.value, isAtEdge(best.u, best.v))
      }
    }
    for u in [left, right] { consider(u, hy > 0 ? min(top, max(bottom, -(gy + hxy * u) / hy)) : bottom) }
    for v in [bottom, top] { consider(hx > 0 ? min(right, max(left, -(gx + hxy * v) / hx)) : right, v) }
    return (best.value, isAtEdge(best.u, best.v))
  }
}
