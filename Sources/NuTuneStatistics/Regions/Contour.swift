import NuTuneNumerics

/// A connected piece of a contour line.
public struct Contour: Equatable, Sendable {
  /// Points along the line, shape [points]; the first is not repeated at the end of a closed line.
  public let points: [Point]
  /// False for a line that ends at the edge of the grid.
  public let isClosed: Bool

  /// A point of a contour, in the units of the axes.
  public struct Point: Equatable, Sendable {
    /// Position along the first axis.
    public let x: Double
    /// Position along the second axis.
    public let y: Double
  }

  /// The area inside a closed line (shoelace formula), in the product of the axes' units; positive; nil for an open
  /// line.
  public var area: Double? {
    guard isClosed, let last = points.last else { return nil }
    var previous = last
    var twice = 0.0
    for point in points {
      twice += previous.x * point.y - point.x * previous.y
      previous = point
    }
    return 0.5 * abs(twice)
  }

  /// Computes Δ(−2 ln L) of the joint region of `parameters` parameters with the given probability: the χ² quantile,
  /// for two parameters 2.30 (68.27 %) and 6.18 (95.45 %).
  public static func level(probability: Double, parameters: Int = 2) throws -> Double {
    try SpecialFunctions.chiSquareQuantile(probability, degreesOfFreedom: Double(parameters))
  }
}

extension ScalarField {
  /// Finds the contour lines at `level` by marching squares (W. Lorensen, H. Cline, SIGGRAPH 1987, in two dimensions)
  /// with linear interpolation along cell edges; the ambiguous cells are decided by the value at the saddle of the
  /// bilinear surface. O(xs · ys). Points at the level count as inside (below).
  public func contours(at level: Double) -> [Contour] {
    var squares = MarchingSquares(field: self, level: level)
    return squares.trace()
  }
}

private struct MarchingSquares {
  let field: ScalarField
  let level: Double
  /// For each crossed cell edge the one or two crossed edges to which its segments lead, in the order found.
  private var links: [Int: [Int]] = [:]
  private var edges: [Int] = []

  init(field: ScalarField, level: Double) {
    self.field = field
    self.level = level
    for iy in 0..<(field.ys.count - 1) { for ix in 0..<(field.xs.count - 1) { addCell(ix, iy) } }
  }

  /// Returns the number of an edge: edges from (ix, iy) to the right are even, upward odd.
  private func edge(_ ix: Int, _ iy: Int, upward: Bool) -> Int { 2 * (iy * field.xs.count + ix) + (upward ? 1 : 0) }

  private mutating func addCell(_ ix: Int, _ iy: Int) {
    let (a, b) = (field[ix, iy] - level, field[ix + 1, iy] - level)
    let (d, c) = (field[ix, iy + 1] - level, field[ix + 1, iy + 1] - level)
    let inside = (a <= 0, b <= 0, c <= 0, d <= 0)
    let bottom = edge(ix, iy, upward: false)
    let top = edge(ix, iy + 1, upward: false)
    let left = edge(ix, iy, upward: true)
    let right = edge(ix + 1, iy, upward: true)
    switch inside {
    case (true, false, true, false), (false, true, false, true):
      // The bilinear surface has its saddle at the value (ac − bd)/(a + c − b − d); the denominator is not zero since
      // a, c and b, d have opposite signs.
      let saddleInside = (a * c - b * d) / (a + c - b - d) <= 0
      if saddleInside == inside.0 {
        // The corners a and c are joined through the middle; b and d are cut off.
        link(bottom, right)
        link(left, top)
      } else {
        link(bottom, left)
        link(right, top)
      }
    default:
      var crossed: [Int] = []
      if inside.0 != inside.1 { crossed.append(bottom) }
      if inside.1 != inside.2 { crossed.append(right) }
      if inside.2 != inside.3 { crossed.append(top) }
      if inside.3 != inside.0 { crossed.append(left) }
      if crossed.count == 2 { link(crossed[0], crossed[1]) }
    }
  }

  private mutating func link(_ first: Int, _ second: Int) {
    for (from, to) in [(first, second), (second, first)] {
      if links[from] == nil { edges.append(from) }
      links[from, default: []].append(to)
    }
  }

  private func point(_ edge: Int) -> Contour.Point {
    let (ix, iy) = ((edge / 2) % field.xs.count, (edge / 2) / field.xs.count)
    let isUpward = edge % 2 == 1
    let (here, there) = (field[ix, iy], isUpward ? field[ix, iy + 1] : field[ix + 1, iy])
    let t = (level - here) / (there - here)
    return isUpward
      ? Contour.Point(x: field.xs[ix], y: field.ys[iy] + t * (field.ys[iy + 1] - field.ys[iy]))
      : Contour.Point(x: field.xs[ix] + t * (field.xs[ix + 1] - field.xs[ix]), y: field.ys[iy])
  }

  /// Traces open lines first (they start at edges with one neighbour), then closed ones; deterministic.
  mutating func trace() -> [Contour] {
    var visited: Set<Int> = []
    var contours: [Contour] = []
    func follow(_ start: Int) -> [Int] {
      var chain: [Int] = []
      var current: Int? = start
      while let edge = current {
        visited.insert(edge)
        chain.append(edge)
        current = links[edge]?.first { !visited.contains($0) }
      }
      return chain
    }
    for start in edges where links[start]?.count == 1 && !visited.contains(start) {
      contours.append(Contour(points: follow(start).map(point), isClosed: false))
    }
    for start in edges where !visited.contains(start) {
      contours.append(Contour(points: follow(start).map(point), isClosed: true))
    }
    return contours
  }
}
