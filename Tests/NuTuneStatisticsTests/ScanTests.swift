import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct ScanTests {
  static func axis(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1) }
  }

  static func field(_ xs: [Double], _ ys: [Double], _ f: (Double, Double) -> Double) throws -> ScalarField {
    try ScalarField(xs: xs, ys: ys, values: ys.flatMap { y in xs.map { f($0, y) } })
  }

  @Test func theNumberOfJobsDoesNotMatter() throws {
    let likelihood = try TwoOctants.likelihood(s: 0.42, events: 5000)
    let parameters = try TwoOctants.parameters()
    let fit = try Fit.minimize(likelihood, parameters)
    func scan(_ jobs: Int) throws -> GridScan {
      try GridScan(
        likelihood, parameters, x: (0, Self.axis(0.3...0.7, 41)), y: (1, Self.axis(0.9...1.1, 23)),
        others: .fixed([0, 0]), reference: fit.best.value, jobs: jobs)
    }
    let (one, two) = (try scan(1), try scan(2))
    #expect(one.field == two.field)
    #expect(try scan(100).field == one.field)
    #expect(one.xName == "s" && one.yName == "m" && one.notConverged == 0)
    #expect(one.field[12, 11] < 1e-6)  // (0.42, 1)
    #expect(one.field.values.allSatisfy { $0 > -1e-6 })
    let direct = try likelihood.minusTwoLogLikelihood(at: [one.field.xs[3], one.field.ys[20]]) - fit.best.value
    #expect(one.field[3, 20] == direct)
  }

  @Test func otherParametersAreProfiled() throws {
    // Profiling the third of a Gaussian leaves the inverse of the 2×2 block of its covariance.
    let covariance = try Matrix([[1, 0.3, 0.5], [0.3, 2, -0.4], [0.5, -0.4, 1.5]])
    let likelihood = QuadraticLikelihood(center: [0, 0, 0], weight: try Cholesky(covariance).inverse())
    let block = try Cholesky(Matrix([[1, 0.3], [0.3, 2]])).inverse()
    let parameters = try ["a", "b", "c"].map { try FitParameter(name: $0, starts: [0], bounds: -20...20, scale: 1) }
    let (xs, ys) = (Self.axis(-2...2, 7), Self.axis(-3...3, 5))
    func scan(_ jobs: Int) throws -> GridScan {
      try GridScan(
        likelihood, parameters, x: (0, xs), y: (1, ys), others: .profiled(from: [0, 0, 0]), reference: 0, jobs: jobs)
    }
    let found = try scan(2)
    #expect(found.notConverged == 0)
    #expect(try scan(1).field == found.field)
    for (iy, y) in ys.enumerated() {
      for (ix, x) in xs.enumerated() {
        let expected = block[0, 0] * x * x + 2 * block[0, 1] * x * y + block[1, 1] * y * y
        #expect(abs(found.field[ix, iy] - expected) < 1e-6)
      }
    }
  }

  @Test func errorsOfRowsArePassedOn() throws {
    let likelihood = FunctionLikelihood { x in
      if x[1] > 0.5 { throw InferenceError.badGrid("row at \(x[1])") }
      return 0
    }
    let parameters = try ["a", "b"].map { try FitParameter(name: $0, starts: [0], scale: 1) }
    for jobs in [1, 2, 3] {
      // The lowest failing row, however many jobs.
      #expect(throws: InferenceError.badGrid("row at 0.6")) {
        try GridScan(
          likelihood, parameters, x: (0, [0, 1]), y: (1, [0, 0.3, 0.6, 0.8, 0.9]), others: .fixed([0, 0]),
          reference: 0, jobs: jobs)
      }
    }
    #expect(throws: InferenceError.self) {
      try GridScan(likelihood, parameters, x: (0, [0, 1]), y: (0, [0, 1]), others: .fixed([0, 0]), reference: 0)
    }
    #expect(throws: InferenceError.self) {
      try GridScan(likelihood, parameters, x: (0, [0, 0]), y: (1, [0, 1]), others: .fixed([0, 0]), reference: 0)
    }
  }

  @Test func anEllipseHasItsArea() throws {
    // Semi-axes 2√L and 0.5√L at level L, turned by 30°.
    let (c, s) = (cos(Double.pi / 6), sin(Double.pi / 6))
    let field = try Self.field(Self.axis(-7...7, 201), Self.axis(-5...5, 201)) { x, y in
      pow((c * x + s * y) / 2, 2) + pow((-s * x + c * y) / 0.5, 2)
    }
    for probability in [0.6827, 0.9545] {
      let level = try Contour.level(probability: probability)
      let contours = field.contours(at: level)
      #expect(contours.count == 1)
      let contour = try #require(contours.first)
      #expect(contour.isClosed)
      #expect(abs((contour.area ?? 0) / (Double.pi * level) - 1) < 1e-3)
    }
    #expect(abs(try Contour.level(probability: 0.6827) - 2.2958) < 5e-5)
    #expect(abs(try Contour.level(probability: 0.9545) - 6.1801) < 5e-5)
  }

  @Test func linesAreClosedInsideAndOpenAtTheEdge() throws {
    let axis = Self.axis(-3...3, 40)
    // Two separate rings.
    let rings = try Self.field(axis, axis) { x, y in min(hypot(x - 1.4, y), hypot(x + 1.4, y)) }
    let two = rings.contours(at: 1)
    #expect(two.count == 2 && two.allSatisfy(\.isClosed))
    for ring in two {
      // Consecutive points are at most a cell diagonal apart, the closing step included.
      let next = ring.points.dropFirst() + ring.points.prefix(1)
      let longest = zip(ring.points, next).map { hypot($0.x - $1.x, $0.y - $1.y) }.max() ?? .infinity
      #expect(longest < 1.5 * 6.0 / 39)
      #expect(Set(ring.points.map { "\($0)" }).count == ring.points.count)
    }
    let plane = try Self.field(axis, axis) { x, y in x + 0.3 * y }
    let line = plane.contours(at: 0.5)
    #expect(line.count == 1 && !line[0].isClosed && line[0].area == nil)
    // A plane is interpolated exactly, from edge to edge.
    #expect(line[0].points.allSatisfy { abs($0.x + 0.3 * $0.y - 0.5) < 1e-12 })
    #expect(abs(abs(line[0].points[0].y) - 3) < 1e-12 && abs(abs(line[0].points.last!.y) - 3) < 1e-12)
    #expect(plane.contours(at: 100).isEmpty)
  }

  @Test func saddleCellsFollowTheBilinearSurface() throws {
    // Corners (0,0), (1,1) at 0 and (1,0), (0,1) at 1: the saddle is at ½.
    let field = try Self.field([0, 1], [0, 1]) { x, y in x * (1 - y) + y * (1 - x) }
    // Below the saddle's value the low corners are cut off one by one, above they are joined.
    let apart = field.contours(at: 0.4)
    #expect(apart.count == 2)
    #expect(
      apart.allSatisfy { line in
        line.points.allSatisfy { $0.x + $0.y < 0.9 } || line.points.allSatisfy { $0.x + $0.y > 1.1 }
      })
    let joined = field.contours(at: 0.6)
    #expect(joined.count == 2)
    #expect(
      joined.allSatisfy { line in line.points.allSatisfy { $0.x > $0.y } || line.points.allSatisfy { $0.x < $0.y } })
  }

  @Test(arguments: [0.0, 0.5, 1.2, 1.9]) func overlapOfTwoCircles(distance: Double) throws {
    let axis = Self.axis(-3...3, 121)
    let first = try Self.field(axis, axis) { x, y in x * x + y * y }
    let second = try Self.field(axis, axis) { x, y in (x - distance) * (x - distance) + y * y }
    let overlap = try RegionOverlap(first, second, level: 1)
    let lens = 2 * acos(distance / 2) - distance / 2 * (4 - distance * distance).squareRoot()
    // Bilinear chords lose h²/8 of radius (3e-4 relative per region); the boundary, 2π/h cells of 16² points, is
    // sampled to better than that.
    #expect(abs(overlap.intersection - lens) < 3e-3)
    #expect(abs(overlap.union - (2 * Double.pi - lens)) < 6e-3)
    #expect(abs(overlap.ratio - lens / (2 * Double.pi - lens)) < 2e-3)
    #expect(!overlap.touchesEdge)
  }

  @Test func containedFractions() throws {
    let axis = Self.axis(-3...3, 121)
    let wide = try Self.field(axis, axis) { x, y in x * x + y * y }
    let moved = try Self.field(axis, axis) { x, y in (x - 0.5) * (x - 0.5) + y * y }
    // A circle of radius ½ inside one of radius 1, touching it from within; and the other way around.
    let inside = try RegionOverlap(moved, level: 0.24, wide, level: 1)
    #expect(inside.containedFraction == 1)
    let around = try RegionOverlap(wide, level: 1, moved, level: 0.24)
    // Bilinear interpolation lies above x² + y² by h²/3 in the mean, which costs any circle the area π h²/3 = 2.6e-3.
    #expect(abs((around.containedFraction ?? 0) - 0.24) < 1.5e-3)
    #expect(abs(around.first - Double.pi) < 5e-3 && abs(around.second - 0.24 * Double.pi) < 5e-3)
    #expect(around.intersection == inside.intersection && around.union == inside.union)
    // Circles of radius 1 at distance ½.
    let lens = 2 * acos(0.25) - 0.25 * (4 - 0.25).squareRoot()
    let partly = try RegionOverlap(wide, moved, level: 1)
    #expect(abs((partly.containedFraction ?? 0) - lens / Double.pi) < 2e-3)
    #expect(try RegionOverlap(wide, level: -1, moved, level: 1).containedFraction == nil)
  }

  @Test func fieldsAreBilinear() throws {
    func f(_ x: Double, _ y: Double) -> Double { 1 + 2 * x - y + 0.5 * x * y }
    let coarse = try Self.field([0, 1, 4], [-1, 2], f)
    let (xs, ys) = ([-1, 0, 0.3, 1, 3, 4, 5], [-1.0, 0, 2])
    let fine = try coarse.interpolated(xs: xs, ys: ys)
    for (iy, y) in ys.enumerated() {
      for (ix, x) in xs.enumerated() { #expect(abs(fine[ix, iy] - f(max(0, min(4, x)), y)) < 1e-12) }
    }
  }

  @Test func overlapsAreRefusedWhereTheyMeanNothing() throws {
    let axis = Self.axis(-1...1, 11)
    let field = try Self.field(axis, axis) { x, y in x * x + y * y }
    #expect(try RegionOverlap(field, field, level: 10).touchesEdge)
    #expect(try RegionOverlap(field, field, level: 10).ratio == 1)
    #expect(throws: InferenceError.self) { try RegionOverlap(field, field, level: -1) }
    let other = try Self.field(Self.axis(-1...1, 12), axis) { x, y in x * x + y * y }
    #expect(throws: InferenceError.self) { try RegionOverlap(field, other, level: 1) }
    #expect(throws: InferenceError.self) { try Self.field(axis, axis) { x, _ in x > 0.9 ? .nan : x } }
  }
}
