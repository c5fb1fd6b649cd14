/// The overlap of two regions {Δ ≤ level} on the same grid.
public struct RegionOverlap: Equatable, Sendable {
  /// Area of the first region, in the product of the axes' units.
  public let first: Double
  /// Area of the second region.
  public let second: Double
  /// Area in both regions, in the product of the axes' units.
  public let intersection: Double
  /// Area in at least one of them.
  public let union: Double
  /// Whether a region reaches the edge of the grid, so that the grid cuts areas off.
  public let touchesEdge: Bool

  /// Intersection over union: 1 for equal regions, 0 for disjoint ones.
  public var ratio: Double { intersection / union }
  /// The share of the first region's area inside the second: 1 when it lies within; nil when the first region is empty.
  public var containedFraction: Double? { first > 0 ? intersection / first : nil }

  /// Computes the overlap of two regions of the same level; see ``init(_:level:_:level:subdivisions:)``.
  public init(_ first: ScalarField, _ second: ScalarField, level: Double, subdivisions: Int = 16) throws {
    try self.init(first, level: level, second, level: level, subdivisions: subdivisions)
  }

  /// Computes areas by bilinear interpolation at the centres of `subdivisions`² parts of each cell; cells entirely
  /// inside or outside both regions cost nothing. Throws when both regions are empty: the grid misses or is too coarse
  /// for them.
  public init(
    _ first: ScalarField, level firstLevel: Double, _ second: ScalarField, level secondLevel: Double,
    subdivisions: Int = 16
  ) throws {
    guard first.xs == second.xs, first.ys == second.ys else {
      throw InferenceError.badGrid("an overlap needs two scans of the same grid")
    }
    var (areas, intersection, union) = ([0.0, 0.0], 0.0, 0.0)
    let parts = max(1, subdivisions)
    let regions = [(field: first, level: firstLevel), (field: second, level: secondLevel)]
    for iy in 0..<(first.ys.count - 1) {
      for ix in 0..<(first.xs.count - 1) {
        let area = (first.xs[ix + 1] - first.xs[ix]) * (first.ys[iy + 1] - first.ys[iy])
        let corners = regions.map { field, level in
          [field[ix, iy], field[ix + 1, iy], field[ix, iy + 1], field[ix + 1, iy + 1]].map { $0 - level }
        }
        let inside = corners.map { $0.count { $0 <= 0 } }
        if inside == [0, 0] { continue }
        if inside == [4, 4] {
          for region in 0..<2 { areas[region] += area }
          intersection += area
          union += area
          continue
        }
        var (each, both, either) = ([0, 0], 0, 0)
        for j in 0..<parts {
          let v = (Double(j) + 0.5) / Double(parts)
          for i in 0..<parts {
            let u = (Double(i) + 0.5) / Double(parts)
            let a = Self.bilinear(corners[0], u, v) <= 0
            let b = Self.bilinear(corners[1], u, v) <= 0
            if a { each[0] += 1 }
            if b { each[1] += 1 }
            if a && b { both += 1 }
            if a || b { either += 1 }
          }
        }
        for region in 0..<2 { areas[region] += area * Double(each[region]) / Double(parts * parts) }
        intersection += area * Double(both) / Double(parts * parts)
        union += area * Double(either) / Double(parts * parts)
      }
    }
    guard union > 0 else {
      let levels = firstLevel == secondLevel ? "\(firstLevel)" : "\(firstLevel) and \(secondLevel)"
      throw InferenceError.badGrid("no point of the grid is within \(levels) in either scan")
    }
    (self.first, self.second) = (areas[0], areas[1])
    self.intersection = intersection
    self.union = union
    touchesEdge = regions.contains { Self.touchesEdge($0.field, $0.level) }
  }

  private static func bilinear(_ corners: [Double], _ u: Double, _ v: Double) -> Double {
    (1 - v) * ((1 - u) * corners[0] + u * corners[1]) + v * ((1 - u) * corners[2] + u * corners[3])
  }

  private static func touchesEdge(_ field: ScalarField, _ level: Double) -> Bool {
    let (right, top) = (field.xs.count - 1, field.ys.count - 1)
    return field.xs.indices.contains { field[$0, 0] <= level || field[$0, top] <= level }
      || field.ys.indices.contains { field[0, $0] <= level || field[right, $0] <= level }
  }
}
