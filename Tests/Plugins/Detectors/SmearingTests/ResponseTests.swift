import Foundation
import NuTuneCore
import Smearing
import Testing

@Suite struct ResponseTests {
  /// Every lepton that cannot leave the range is measured once.
  @Test func probabilitiesSumToOne() throws {
    let binning = try Fixture.duneBinning()
    let detector = try Fixture.detector()
    let trueBinning = try detector.trueBinning(for: binning)
    #expect(trueBinning.count < 8000)
    let response = try detector.response(for: binning)
    let sums = Fixture.columnSums(response, trueBins: trueBinning.count)
    let energies = trueBinning.grids[0].first.edges
    var inside = 0
    for (bin, sum) in sums.enumerated() {
      #expect(sum >= 0 && sum <= 1 + 1e-12)
      let first = bin / trueBinning.grids[0].second.count
      // A bin's content reaches into the parabolas of its two neighbours.
      let (low, high) = (max(first - 1, 0), min(first + 2, energies.count - 1))
      guard energies[low] * (1 - 6 * 0.04) > 0.2, energies[high] * (1 + 6 * 0.04) < 8 else { continue }
      inside += 1
      #expect(abs(sum - 1) < 1e-8)
    }
    #expect(inside > trueBinning.count / 2)
    guard case .rows(let rows) = response else {
      Issue.record("no rows")
      return
    }
    #expect(rows.count == binning.count)
    #expect(rows.joined().allSatisfy { $0.probability >= 0 && $0.probability <= 1 })
  }

  @Test func trueBinsHoldTheMeasuredEdgesAndReachBeyondThem() throws {
    for binning in [try Fixture.duneBinning(), try Fixture.smallBinning()] {
      let (grid, found) = (binning.grids[0], try Fixture.detector().trueBinning(for: binning).grids[0])
      #expect(Set(found.first.edges).isSuperset(of: grid.first.edges))
      #expect(Set(found.second.edges).isSuperset(of: grid.second.edges))
      let (low, high) = (grid.first.edges[0], grid.first.edges[grid.first.count])
      #expect(found.first.edges[0] * (1 + 6 * 0.04) <= low + 1e-12)
      #expect(found.first.edges[found.first.count] * (1 - 6 * 0.04) >= high - 1e-12)
    }
    let small = try Fixture.detector().trueBinning(for: Fixture.smallBinning()).grids[0].second.edges
    let degrees = small.map { acos($0) * 180 / Double.pi }
    #expect(abs(degrees[0] - 126) < 1e-9 && abs(degrees[degrees.count - 1] - (acos(0.96) * 180 / Double.pi - 6)) < 1e-9)
  }

  /// Without errors every lepton is measured where it is, whatever its share of a measured bin.
  @Test func perfectDetector() throws {
    let binning = try Fixture.smallBinning()
    for plateau in [1, 0.6] {
      let detector = try Fixture.detector([
        "energy.resolution": .number(0), "angle.resolution": .number(0), "efficiency.plateau": .number(plateau),
      ])
      let found = try detector.response(for: binning).apply(
        SmoothDistribution.contents(try detector.trueBinning(for: binning)))
      for (a, b) in zip(found, try SmoothDistribution.contents(binning)) { #expect(abs(a - plateau * b) < 1e-6 * b) }
    }
  }

  /// A step inside a bin takes the part below it, by the density inside the bin.
  @Test func efficiencyStep() throws {
    let energies = [1.0, 1.5, 2, 2.5, 3]
    let binning = try Binning(Axis(.leptonEnergy, edges: energies), Axis(.cosTheta, edges: [-1, 1]))
    let detector = try Fixture.detector([
      "energy.resolution": .number(0), "angle.resolution": .number(0), "efficiency.plateau": .number(0.8),
      "efficiency.threshold": .number(2.15),
    ])
    // The density E: contents are differences of E²/2.
    let edges = try detector.trueBinning(for: binning).grids[0].first.edges
    let found = try detector.response(for: binning).apply(zip(edges, edges.dropFirst()).map { ($1 * $1 - $0 * $0) / 2 })
    let above = [2.15, 2.15, 2.15, 2.5, 3]
    for (bin, (low, high)) in zip(above, above.dropFirst()).enumerated() {
      #expect(abs(found[bin] - 0.8 * (high * high - low * low) / 2) < 1e-9)
    }
  }

  /// A Gaussian turns the density θ² into θ² + σ², which gives back σ = 1° ⊕ 3° GeV/E at every energy.
  @Test func scatteringDependsOnEnergy() throws {
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0.5, 0.5001, 3, 3.001]), Axis(.theta, edges: [70, 80, 83, 100]))
    let detector = try Fixture.detector(["energy.resolution": .number(0), "angle.scattering": .number(3)])
    let found = try detector.trueBinning(for: binning).grids[0]
    let edges = found.second.edges
    let contents = (0..<found.count).map { bin in
      let (i, j) = (bin / found.second.count, bin % found.second.count)
      return found.first.width(i) * (pow(edges[j + 1], 3) - pow(edges[j], 3)) / 3
    }
    let measured = try detector.response(for: binning).apply(contents)
    for (row, energy) in [(0, 0.50005), (2, 3.0005)] {
      for (bin, (low, high)) in [(70.0, 80.0), (80, 83), (83, 100)].enumerated() {
        let excess = measured[row * 3 + bin] / binning.grids[0].first.width(row) - (pow(high, 3) - pow(low, 3)) / 3
        let variance = 1 + 9 / (energy * energy)
        #expect(abs(excess / (high - low) / variance - 1) < 1e-3, "E = \(energy), \(low) to \(high) degrees")
      }
    }
  }

  /// Angles beyond 0 and 180 degrees come back: nothing is lost over the sphere, and the widest Gaussian is uniform in θ.
  @Test func reflection() throws {
    let edges: [Double] = [0, 10, 30, 90, 170, 180]
    let binning = try Binning(Axis(.leptonEnergy, edges: [1, 2]), Axis(.theta, edges: edges))
    for resolution in [1.0, 20, 90] {
      let detector = try Fixture.detector(["energy.resolution": .number(0), "angle.resolution": .number(resolution)])
      let found = try detector.trueBinning(for: binning).grids[0]
      #expect(found.second.edges[0] == 0 && found.second.edges[found.second.count] == 180)
      let sums = Fixture.columnSums(try detector.response(for: binning), trueBins: found.count)
      let first = try #require(found.first.edges.firstIndex(of: 1))
      for bin in 0..<found.second.count { #expect(abs(sums[(first + 1) * found.second.count + bin] - 1) < 1e-8) }
    }
    let wide = try Fixture.detector(["energy.resolution": .number(0), "angle.scattering": .number(100)])
    let slow = try Binning(Axis(.leptonEnergy, edges: [0.2, 0.21]), Axis(.theta, edges: edges))
    let found = try wide.trueBinning(for: slow).grids[0]
    var contents = [Double](repeating: 0, count: found.count)
    let first = try #require(found.first.edges.firstIndex(of: 0.2))
    for piece in first..<first + 4 { contents[piece * found.second.count] = 0.25 }
    let total = try wide.response(for: slow).apply(contents)
    for (bin, (low, high)) in zip(edges, edges.dropFirst()).enumerated() {
      #expect(abs(total[bin] - (high - low) / 180) < 1e-6)
    }
  }

  /// The same leptons in θ and cosθ, in E and p: the same response.
  @Test func observables() throws {
    let degrees: [Double] = [0, 12, 25, 60, 110]
    let energies = [0.4, 0.7, 1, 1.6]
    let detector = try Fixture.detector(["angle.scattering": .number(0.5)])
    let inTheta = try Binning(Axis(.leptonEnergy, edges: energies), Axis(.theta, edges: degrees))
    let inCosine = try Binning(
      Axis(.leptonMomentum, edges: energies),
      Axis(.cosTheta, edges: degrees.reversed().map { cos($0 * Double.pi / 180) }))
    let (first, second) = (try detector.trueBinning(for: inTheta), try detector.trueBinning(for: inCosine))
    #expect(first.count == second.count && second.observableNames[0] == .leptonMomentum)
    let contents = (0..<first.count).map { 1 + sin(Double($0)) }
    let n = first.grids[0].second.count
    let turned = (0..<first.count).map { contents[$0 / n * n + n - 1 - $0 % n] }
    let a = try detector.response(for: inTheta).apply(contents)
    let b = try detector.response(for: inCosine).apply(turned)
    for bin in a.indices { #expect(abs(a[bin] - b[bin / 4 * 4 + 3 - bin % 4]) < 1e-9) }
  }

  @Test func scalesShareTrueBins() throws {
    let binning = try Fixture.smallBinning()
    let detector = try Fixture.detector()
    let trueBinning = try detector.trueBinning(for: binning)
    let contents = try SmoothDistribution.contents(trueBinning)
    let nominal = try detector.response(for: binning).apply(contents)
    for factor in [0.9, 0.95, 1.05, 1.1] {
      let scaled = detector.scaled(energyBy: factor)
      #expect(try scaled.trueBinning(for: binning) == trueBinning)
      // The same as a detector made with that scale, in true bins of its own.
      let other = try Fixture.detector(["energy.scale": .number(factor), "precision.pieces": .integer(6)])
      let expected = try other.response(for: binning).apply(
        SmoothDistribution.contents(try other.trueBinning(for: binning)))
      let found = try scaled.response(for: binning).apply(contents)
      let total = expected.reduce(0, +)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-4 * total) }
      #expect(zip(found, nominal).contains { abs($0 - $1) > 1e-3 * total })
    }
  }

  @Test func derivedObservablesAreRefused() throws {
    for binning in [
      try Binning(Axis(.quasielasticEnergy, edges: [0, 1]), Axis(.theta, edges: [0, 180])),
      try Binning(Axis(.leptonEnergy, edges: [0.2, 1]), Axis(.q2, edges: [0, 1])),
    ] {
      let error = try #require(throws: NuTuneError.self) { try Fixture.detector().trueBinning(for: binning) }
      #expect(error.expected.contains("what this detector smears"))
    }
  }

  @Test func refusals() throws {
    let binning = try Binning(
      Axis(.transverseMomentum, edges: [0, 1, 2]), Axis(.longitudinalMomentum, edges: [0, 1, 2]))
    do {
      _ = try Fixture.detector().trueBinning(for: binning)
      Issue.record("no error")
    } catch let error as NuTuneError {
      #expect(error.category == .badData)
      #expect(
        "\(error)" == "found bins in (transverse_momentum, longitudinal_momentum); expected bins in lepton_energy or "
          + "lepton_momentum and cos_theta or theta, which are what this detector smears")
    }
  }
}
