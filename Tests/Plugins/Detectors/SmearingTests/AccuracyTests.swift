import Foundation
import NuTuneCore
import NuTuneNumerics
import Smearing
import Testing

/// Smeared bin contents of a smooth distribution against summation over a fine grid in true energy and angle.
@Suite struct AccuracyTests {
  /// Largest relative difference among bins with more than 10⁻⁴ of all, and the total variation.
  func difference(_ found: [Double], _ expected: [Double]) -> (worst: Double, totalVariation: Double) {
    let total = expected.reduce(0, +)
    let pairs = zip(found, expected)
    return (
      pairs.filter { $1 > 1e-4 * total }.map { abs($0 / $1 - 1) }.max() ?? .infinity,
      pairs.reduce(0) { $0 + abs($1.0 - $1.1) } / (2 * total)
    )
  }

  /// 4 % and 1 degree in the DUNE bins, all energies and angles: 7.5·10⁻⁵ in the worst bin (0 to 9 degrees at 7.6 GeV), tv
  /// 9·10⁻⁷. In true bins as wide as the measured ones it is more than 100 times worse.
  @Test func duneBins() throws {
    let binning = try Fixture.duneBinning()
    let expected = SmoothDistribution.measured(binning, energyWidth: { 0.04 * $0 }, angleWidth: { _ in 1 })
    func measured(_ detector: SmearingDetector) throws -> [Double] {
      try detector.response(for: binning).apply(
        SmoothDistribution.contents(try detector.trueBinning(for: binning)))
    }
    let found = try measured(Fixture.detector())
    let result = difference(found, expected)
    #expect(result.worst < 1e-3)
    #expect(result.totalVariation < 2e-5)
    let coarse = difference(try measured(Fixture.detector(["precision.pieces": .integer(1)])), expected)
    #expect(coarse.worst > 1e-2)
    #expect(difference(try SmoothDistribution.contents(binning), expected).totalVariation > 1e-3)

    // The steep low end and the upper end of the range, all angles together; 6·10⁻⁴ in the lowest bin.
    let columns = binning.grids[0].second.count
    for row in [0, 1, 38] {
      let bins = row * columns..<(row + 1) * columns
      let sums = (found[bins].reduce(0, +), expected[bins].reduce(0, +))
      #expect(abs(sums.0 / sums.1 - 1) < 1e-3, "row \(row)")
    }
  }

  /// Resolutions as shipped with the experiments, in bins down to 150 MeV and, up to 7 %, in those of DUNE with a scale off by
  /// 2 %, so that edges lie inside true bins.
  @Test(arguments: [(0.07, 2.0), (0.025, 2), (0.06, 0.6), (0.1, 3), (0.035, 2), (0.04, 1)])
  func shippedDetectors(_ energy: Double, _ angle: Double) throws {
    let detector = try Fixture.detector(["energy.resolution": .number(energy), "angle.resolution": .number(angle)])
    for (name, binning) in [("low", try Fixture.lowBinning()), ("DUNE", try Fixture.duneBinning())]
    where name == "low" || energy < 0.1 {
      let contents = try SmoothDistribution.contents(try detector.trueBinning(for: binning), points: 10)
      let factor = name == "low" ? 1 : 1.02
      let response = try detector.scaled(energyBy: factor).response(for: binning)
      let expected = SmoothDistribution.measured(
        binning, scale: factor, energyWidth: { energy * factor * $0 }, angleWidth: { _ in angle })
      let result = difference(response.apply(contents), expected)
      #expect(result.worst < 2e-4, "\(name)")
      #expect(result.totalVariation < 1e-5, "\(name)")
    }
  }

  /// All terms at once, in bins of which leptons leave and enter on all sides. What 2 % of a width are is told by
  /// ``energyTermsAreExact()`` and ``angleTermsAreExact()``.
  @Test func everyTerm() throws {
    let binning = try Fixture.smallBinning()
    let detector = try Fixture.detector([
      "energy.resolution": .number(0.02), "energy.stochastic": .number(0.03), "energy.noise": .number(0.01),
      "energy.scale": .number(1.02), "angle.resolution": .number(1), "angle.scattering": .number(1.5),
      "efficiency.plateau": .number(0.9), "efficiency.threshold": .number(0.45),
      "efficiency.threshold_width": .number(0.08), "precision.pieces": .integer(8),
    ])
    let trueContents = try SmoothDistribution.contents(try detector.trueBinning(for: binning))
    for factor in [0.97, 1, 1.03] {
      let expected = SmoothDistribution.measured(
        binning, scale: 1.02 * factor,
        energyWidth: {
          let energy = 1.02 * factor * $0
          return energy * (0.0004 + 0.0009 / energy + 0.0001 / (energy * energy)).squareRoot()
        },
        angleWidth: { (1 + 2.25 / ($0 * $0)).squareRoot() },
        efficiency: { 0.9 * 0.5 * erfc((0.45 - $0) / 0.08 / 2.0.squareRoot()) }, isAngleWidthConstant: false)
      let result = difference(
        try detector.scaled(energyBy: factor).response(for: binning).apply(trueContents), expected)
      #expect(result.worst < 1e-3, "factor \(factor)")
      #expect(result.totalVariation < 1e-4, "factor \(factor)")
    }
  }

  /// A Gaussian of constant width turns the density E² into E² + σ², and densities up to parabolas come out exactly, in
  /// bins of any widths.
  @Test func parabolasAreExact() throws {
    let sigma = 0.05
    let detector = try Fixture.detector([
      "energy.resolution": .number(0), "energy.noise": .number(sigma), "angle.resolution": .number(0),
    ])
    let edges = [2, 2.05, 2.3, 2.35, 2.9, 3]
    let binning = try Binning(Axis(.leptonEnergy, edges: edges), Axis(.cosTheta, edges: [-1, 1]))
    let trueEdges = try detector.trueBinning(for: binning).grids[0].first.edges
    func contents(_ edges: [Double], _ integral: (Double) -> Double) -> [Double] {
      zip(edges, edges.dropFirst()).map { integral($1) - integral($0) }
    }
    let response = try detector.response(for: binning)
    let flat = response.apply(contents(trueEdges) { $0 })
    for (found, expected) in zip(flat, contents(edges) { $0 }) { #expect(abs(found / expected - 1) < 1e-7) }
    let square = response.apply(contents(trueEdges) { $0 * $0 * $0 / 3 })
    for (found, expected) in zip(square, contents(edges) { $0 * $0 * $0 / 3 + sigma * sigma * $0 }) {
      #expect(abs(found / expected - 1) < 1e-7)
    }
  }

  /// Widths that follow the energy: each term of the resolution, and the scale, count by far more than the tolerance.
  @Test func energyTermsAreExact() throws {
    let detector = try Fixture.detector([
      "energy.resolution": .number(0.06), "energy.stochastic": .number(0.08), "energy.noise": .number(0.05),
      "energy.scale": .number(1.03), "angle.resolution": .number(0),
    ])
    let edges = [1, 1.1, 1.6, 1.7, 2.4, 3]
    let binning = try Binning(Axis(.leptonEnergy, edges: edges), Axis(.cosTheta, edges: [-1, 1]))
    let trueEdges = try detector.trueBinning(for: binning).grids[0].first.edges
    let response = try detector.response(for: binning)
    for power in [0.0, 2] {
      let found = response.apply(
        zip(trueEdges, trueEdges.dropFirst()).map { (pow($1, power + 1) - pow($0, power + 1)) / (power + 1) })
      for (bin, (low, high)) in zip(edges, edges.dropFirst()).enumerated() {
        let expected = try fineIntegral(from: trueEdges[0], to: trueEdges[trueEdges.count - 1], step: 0.02) { energy in
          let center = 1.03 * energy
          let width = (0.0036 * center * center + 0.0064 * center + 0.0025).squareRoot()
          return pow(energy, power) * (below(high - center, width) - below(low - center, width))
        }
        #expect(abs(found[bin] / expected - 1) < 1e-6, "E to the power of \(power), bin \(bin)")
      }
    }
  }

  /// The density θ² at energies that are measured exactly; the angular error of a true bin is that at its middle.
  @Test func angleTermsAreExact() throws {
    let detector = try Fixture.detector([
      "energy.resolution": .number(0), "angle.resolution": .number(2), "angle.scattering": .number(1.5),
    ])
    let (energies, degrees) = ([0.5, 1, 2], [20.0, 30, 50, 60, 90])
    let binning = try Binning(Axis(.leptonEnergy, edges: energies), Axis(.theta, edges: degrees))
    let grid = try detector.trueBinning(for: binning).grids[0]
    let angles = grid.second.edges
    let squares = zip(angles, angles.dropFirst()).map { (pow($1, 3) - pow($0, 3)) / 3 }
    let contents = (0..<grid.first.count).flatMap { row in squares.map { grid.first.width(row) * $0 } }
    let found = try detector.response(for: binning).apply(contents)
    for (row, (slow, fast)) in zip(energies, energies.dropFirst()).enumerated() {
      let pieces = (0..<grid.first.count).filter { slow < grid.first.center($0) && grid.first.center($0) < fast }
      for (column, (low, high)) in zip(degrees, degrees.dropFirst()).enumerated() {
        let expected = try fineIntegral(from: angles[0], to: angles[angles.count - 1], step: 1) { angle in
          var sum = 0.0
          for piece in pieces {
            let energy = grid.first.center(piece)
            let width = (4 + 2.25 / (energy * energy)).squareRoot()
            let inside = below(high - angle, width) - below(low - angle, width)
            let reflected = below(-low - angle, width) - below(-high - angle, width)
            sum += grid.first.width(piece) * (inside + reflected)
          }
          return angle * angle * sum
        }
        #expect(abs(found[row * (degrees.count - 1) + column] / expected - 1) < 1e-6, "bin \(row), \(column)")
      }
    }
  }

  private func below(_ x: Double, _ width: Double) -> Double { 0.5 * erfc(-x / width / 2.0.squareRoot()) }

  private func fineIntegral(
    from low: Double, to high: Double, step: Double, _ function: (Double) -> Double
  ) throws -> Double {
    let rule = try GaussLegendre(points: 8)
    let count = Int(((high - low) / step).rounded(.up))
    let width = (high - low) / Double(count)
    return (0..<count).reduce(0) {
      let start = low + Double($1) * width
      return $0 + rule.integrate(over: start...start + width, function)
    }
  }
}
