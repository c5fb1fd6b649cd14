import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct EnsembleTests {
  /// Centres c ~ N(0, σ) as the quantiles of their distribution.
  private static func quantiles(_ count: Int, _ sigma: Double) throws -> [Double] {
    try (0..<count).map { sigma * (try SpecialFunctions.normalQuantile((Double($0) + 0.5) / Double(count))) }
  }

  /// Where Φ((x − a)/σ) + 1 − Φ((x + a)/σ) = f_n for a = nσ_stat, σ_stat = 1.
  private static func countingEdge(_ n: Double, _ sigma: Double) throws -> Double {
    func phi(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
    return try Brent.root(in: 0...(2 * n * (1 + sigma)), absoluteTolerance: 1e-12) {
      phi(($0 - n) / sigma) + phi(-($0 + n) / sigma) - phi(n)
    }.position
  }

  @Test func fractionsAndLevels() throws {
    #expect(abs(EnsembleRule.outsideFraction(sigmas: 1) - 0.841345) < 1e-6)
    #expect(abs(EnsembleRule.outsideFraction(sigmas: 2) - 0.977250) < 1e-6)
    for n in [0.5, 1, 2] {
      #expect(abs(EnsembleRule.outsideFraction(sigmas: n) - 0.5 * (1 + erf(n / 2.0.squareRoot()))) < 1e-15)
      #expect(abs(try EnsembleRule.level(sigmas: n, parameters: 1) - n * n) < 1e-9)
    }
    #expect(abs(EnsembleRule.probability(sigmas: 1) - 0.6827) < 5e-5)
    #expect(abs(EnsembleRule.probability(sigmas: 2) - 0.9545) < 5e-5)
    #expect(abs(try EnsembleRule.level(sigmas: 1) - 2.2957) < 5e-5)
    #expect(abs(try EnsembleRule.level(sigmas: 2) - 6.1801) < 5e-5)
  }

  @Test(arguments: [1.0, 2], [0.25, 0.5, 1]) func errorsAddLinearly(n: Double, sigma: Double) throws {
    let expected = n * (1 + sigma)
    func check(_ centers: [Double], _ tolerance: Double) throws {
      let interval = try CombinedInterval(members: centers.map { ($0 - n)...($0 + n) }, sigmas: n)
      let pieces = interval.byCounting
      let (first, last) = (try #require(pieces.first), try #require(pieces.last))
      // The length without the gaps, the hull, and the form by edges.
      let length = pieces.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
      let edges = interval.byEdges
      for whole in [length, last.upperBound - first.lowerBound, edges.upperBound - edges.lowerBound] {
        #expect(abs(0.5 * whole / expected - 1) < tolerance)
      }
      #expect(edges.lowerBound <= first.lowerBound && edges.upperBound >= last.upperBound)
    }
    // Quantiles lie 1/(M φ(2)) σ = 5e-3 σ apart at the edge; 3e-3 is what counting loses at σ_sys = σ_stat.
    try check(Self.quantiles(4001, sigma), 5e-3)
    // √(f(1 − f)/M)/φ(n) σ for each edge: 0.02 σ of 4 for n = 2; their mean at 4 standard deviations is below the 2 % asked.
    let stream = try RandomStream(seed: 3, purpose: "members", member: Int(10 * n + 4 * sigma))
    try check((0..<20_000).map { _ in stream.gaussian(standardDeviation: sigma) }, 0.02)
  }

  /// Where σ_sys is large counting loses what is outside on the other side, and finally everything.
  @Test(arguments: [(1.0, 1.0, 0.9972), (1, 2, 0.9224), (1, 4, 0.5345), (2, 2, 0.9998), (2, 4, 0.9894)])
  func countingDepartsForLargeScatter(n: Double, sigma: Double, ratio: Double) throws {
    let edge = try Self.countingEdge(n, sigma)
    #expect(abs(edge / (n * (1 + sigma)) - ratio) < 1e-4)
    let members = try Self.quantiles(20_001, sigma).map { ($0 - n)...($0 + n) }
    let interval = try CombinedInterval(members: members, sigmas: n)
    let (first, last) = (try #require(interval.byCounting.first), try #require(interval.byCounting.last))
    // One member more or less, 5·10⁻⁵, moves the edge by that over dF/dx > 0.02.
    #expect(abs(last.upperBound / edge - 1) < 5e-3 && abs(first.lowerBound / edge + 1) < 5e-3)
    #expect(abs(interval.byEdges.upperBound / (n * (1 + sigma)) - 1) < 2e-3)
  }

  @Test func countingMayLeaveNothing() throws {
    func counted(_ sigma: Double) throws -> [ClosedRange<Double>] {
      try CombinedInterval(members: Self.quantiles(20_001, sigma).map { ($0 - 1)...($0 + 1) }, sigmas: 1).byCounting
    }
    // 2[1 − Φ(1/σ)] = f₁ at σ = 4.996.
    #expect(try !counted(4.9).isEmpty)
    #expect(try counted(5.1).isEmpty)
  }

  @Test func fewIntervalsAreCountedExactly() throws {
    // f = ¾ of four members may miss a point: one has to contain it.
    let n = try SpecialFunctions.normalQuantile(0.75)
    let members = [0.0...1, 1...2, 3...4, 3.5...5]
    let interval = try CombinedInterval(members: members, sigmas: n)
    #expect(interval.byCounting == [0...2, 3...5])
    // Upper edges 1, 2, 4, 5 at position 4, lower edges 0, 1, 3, 3.5 at position 1.
    #expect(interval.byEdges == 0...5)
    // f = ½ + a little: two of four.
    let two = try CombinedInterval(members: members, sigmas: 1e-12)
    #expect(two.byCounting == [1...1, 3.5...4])
    #expect(abs(two.byEdges.lowerBound - 1) < 1e-9 && abs(two.byEdges.upperBound - 4) < 1e-9)
    // One member is itself.
    #expect(try CombinedInterval(members: [2...3], sigmas: 1).byCounting == [2...3])
    #expect(try CombinedInterval(members: [2...3], sigmas: 2).byEdges == 2...3)
  }

  @Test func theRegionCountsExactlyWhereItCan() throws {
    // Eight members, f = ¾: six may miss a point.
    let n = try SpecialFunctions.normalQuantile(0.75)
    let stream = try RandomStream(seed: 5, purpose: "members")
    let axis = ScanTests.axis(-3...3, 31)
    let members = try (0..<8).map { _ in
      let (a, b) = (stream.gaussian(), stream.gaussian())
      return try ScanTests.field(axis, axis) { x, y in (x - a) * (x - a) + (y - b) * (y - b) }
    }
    let region = try CombinedRegion(members: members)
    let (field, outside) = (try region.field(sigmas: n), try region.outsideFraction(level: 1.5))
    #expect(Set(outside.values).isSubset(of: Set((0...8).map { Double($0) / 8 })))
    #expect(zip(field.values, outside.values).allSatisfy { ($0 <= 1.5) == ($1 <= 0.75) })
    #expect(outside.values.contains { $0 <= 0.75 } && outside.values.contains { $0 > 0.75 })
    // In between: f M = 0.7 · 8 = 5.6, h = 2.4.
    let between = try region.field(sigmas: SpecialFunctions.normalQuantile(0.7))
    for point in field.values.indices {
      let sorted = members.map { $0.values[point] }.sorted()
      #expect(field.values[point] == sorted[1])
      #expect(abs(between.values[point] - (0.6 * sorted[1] + 0.4 * sorted[2])) < 1e-9)
    }
    // At two standard deviations eight members give their union.
    let union = try region.field(sigmas: 2)
    #expect(union.values.indices.allSatisfy { p in union.values[p] == members.map { $0.values[p] }.min() })
    #expect(try CombinedRegion(members: [members[0]]).field(sigmas: 1) == members[0])
  }

  /// Parabolas in x alone, on a field: the edge of the combined region is at n(σ_stat + σ_sys).
  @Test(arguments: [1.0, 2]) func regionsOfOneParameterAddLinearly(n: Double) throws {
    let sigma = 0.7
    let xs = ScanTests.axis(-6...6, 241)
    let members = try Self.quantiles(1001, sigma).map { c in
      try ScanTests.field(xs, [0, 1]) { x, _ in (x - c) * (x - c) }
    }
    let field = try CombinedRegion(members: members).field(sigmas: n)
    let ends = field.contours(at: n * n).map { $0.points[0].x }.sorted()
    #expect(ends.count == 2)
    // Members are (M φ(2))⁻¹ = 0.019 σ apart at the edge, lines between points of the grid cost (0.05)²/8n.
    for (end, sign) in zip(ends, [-1.0, 1]) { #expect(abs(end / (sign * n * (1 + sigma)) - 1) < 0.01) }
  }

  /// Circular regions of two parameters scattered by σ in each: the fraction that misses a point at distance R is
  ///
  ///     1 − ∫ dv φ(v/σ)/σ [Φ((R + w)/σ) − Φ((R − w)/σ)],  w = √(L − v²)
  @Test(arguments: [(1.0, 0.5, 1.146), (1, 1, 1.039), (1, 2, 0.604), (2, 1, 1.232)])
  func regionsOfTwoParameters(n: Double, sigma: Double, ratio: Double) throws {
    let level = try EnsembleRule.level(sigmas: n)
    func outside(_ radius: Double) throws -> Double {
      let reach = level.squareRoot()
      return try 1
        - Quadrature.adaptive(over: -reach...reach) { v in
          let w = max(0, level - v * v).squareRoot()
          let across = erfc((radius - w) / sigma / 2.0.squareRoot()) - erfc((radius + w) / sigma / 2.0.squareRoot())
          return 0.5 * across * exp(-0.5 * v * v / (sigma * sigma)) / (sigma * (2 * Double.pi).squareRoot())
        }.value
    }
    let radius = try Brent.root(in: 0...10, absoluteTolerance: 1e-9) {
      try outside($0) - EnsembleRule.outsideFraction(sigmas: n)
    }.position
    #expect(abs(radius / (level * (1 + sigma * sigma)).squareRoot() - ratio) < 6e-4)
    let stream = try RandomStream(seed: 9, purpose: "members", member: Int(10 * n + 4 * sigma))
    let axis = ScanTests.axis(-6...6, 41)
    let count = 1000
    let members = try (0..<count).map { _ in
      let (a, b) = (stream.gaussian(standardDeviation: sigma), stream.gaussian(standardDeviation: sigma))
      return try ScanTests.field(axis, axis) { x, y in (x - a) * (x - a) + (y - b) * (y - b) }
    }
    let region = try CombinedRegion(members: members)
    let fractions = try region.outsideFraction(level: level)
    for (iy, y) in axis.enumerated() {
      for (ix, x) in axis.enumerated() where (ix + iy) % 5 == 0 {
        let expected = try outside(hypot(x, y))
        // 5 binomial standard deviations and one member.
        let tolerance = 5 * max(0, expected * (1 - expected) / Double(count)).squareRoot() + 1 / Double(count)
        #expect(abs(fractions[ix, iy] - expected) < tolerance)
      }
    }
    let contours = try region.field(sigmas: n).contours(at: level)
    // Crumbs aside; the edge of 1000 members is uncertain by √(f(1 − f)/M) over the slope of f, 3 % for n = 1 and σ = 2 in
    // any direction and less in the mean over them.
    let area = try #require(contours.compactMap(\.area).max())
    #expect(abs((area / Double.pi).squareRoot() / radius - 1) < 0.03)
  }

  @Test func ensemblesAreChecked() throws {
    let field = try ScanTests.field([0, 1], [0, 1]) { x, y in x + y }
    let other = try ScanTests.field([0, 2], [0, 1]) { x, y in x + y }
    #expect(throws: InferenceError.badEnsemble("no members")) { try CombinedRegion(members: []) }
    #expect(throws: InferenceError.badEnsemble("the scan of member 1 is on other axes than that of member 0")) {
      try CombinedRegion(members: [field, other])
    }
    #expect(throws: InferenceError.self) { try CombinedRegion(members: [field]).field(sigmas: 0) }
    #expect(throws: InferenceError.self) { try CombinedInterval(members: [], sigmas: 1) }
    #expect(throws: InferenceError.self) { try CombinedInterval(members: [0 ... .infinity], sigmas: 1) }
    #expect(throws: InferenceError.self) { try CombinedInterval(members: [0...1], sigmas: .nan) }
  }

  @Test func spreadOfBestFits() throws {
    let spread = try EnsembleSpread([[1, 10], [2, 10], [3, 10], [6, 10]])
    #expect(spread.members == 4 && spread.means == [3, 10])
    // (4 + 1 + 0 + 9)/3.
    #expect(abs(spread.standardDeviations[0] - (14.0 / 3).squareRoot()) < 1e-15 && spread.standardDeviations[1] == 0)
    #expect(abs(spread.meanErrors[0] - (14.0 / 12).squareRoot()) < 1e-15)
    #expect(abs(spread.standardDeviationErrors[0] - (14.0 / 18).squareRoot()) < 1e-15)
    #expect(throws: InferenceError.self) { try EnsembleSpread([[1]]) }
    #expect(throws: InferenceError.self) { try EnsembleSpread([[1], [1, 2]]) }
    #expect(throws: InferenceError.self) { try EnsembleSpread([[1], [.nan]]) }
  }
}
