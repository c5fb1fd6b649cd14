import Foundation
import NuTuneCore
import NuTuneNumerics
import Smearing
import Testing

/// Entries of the response are probabilities, for whatever detector and bins.
@Suite struct ProbabilityTests {
  /// Entries and column sums of a response; `most` is what is found at best.
  private func check(_ detector: SmearingDetector, _ binning: Binning, most: Double, _ name: String) throws {
    let trueBinning = try detector.trueBinning(for: binning)
    guard case .rows(let rows) = try detector.response(for: binning) else {
      Issue.record("no rows")
      return
    }
    #expect(rows.joined().allSatisfy { $0.probability >= 0 && $0.probability <= most }, "\(name)")
    let sums = Fixture.columnSums(.rows(rows), trueBins: trueBinning.count)
    #expect(sums.allSatisfy { $0 <= most * (1 + 1e-12) }, "\(name): \(sums.max() ?? 0)")
    #expect(sums.contains { $0 > 0.5 * most } || most == 0, "\(name)")
  }

  /// Detectors and bins as shipped: resolutions of DUNE's studies, T2K, Super-Kamiokande, NOvA, MINERvA and MicroBooNE.
  @Test func usualDetectors() throws {
    for (energy, angle) in [(0.04, 1.0), (0.07, 2), (0.025, 2), (0.035, 2), (0.06, 0.6), (0.1, 3), (0.3, 20)] {
      let detector = try Fixture.detector([
        "energy.resolution": .number(energy), "angle.resolution": .number(angle),
      ])
      for binning in [try Fixture.lowBinning(), try Fixture.duneBinning(), try Fixture.smallBinning()] {
        try check(detector, binning, most: 1, "\(energy), \(angle) degrees")
      }
    }
  }

  @Test func randomDetectorsAndBins() throws {
    let stream = try RandomStream(seed: 11, purpose: "response")
    func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * stream.uniform() }
    func edges(_ count: Int, _ low: Double, _ high: Double) -> [Double] {
      // Widths between which there is a factor of up to 20.
      let widths = (0..<count).map { _ in uniform(0.05, 1) }
      let total = widths.reduce(0, +)
      var edges = [low]
      for width in widths { edges.append(edges[edges.count - 1] + (high - low) * width / total) }
      return edges.dropLast() + [high]
    }
    for trial in 0..<20 {
      let plateau = uniform(0.3, 1)
      let detector = try Fixture.detector([
        "energy.resolution": .number(uniform(0, 0.2)),
        "energy.stochastic": .number(trial % 3 == 0 ? uniform(0, 0.2) : 0),
        "energy.noise": .number(trial % 4 == 0 ? uniform(0, 0.1) : 0), "energy.scale": .number(uniform(0.8, 1.2)),
        "angle.resolution": .number(uniform(0, 10)),
        "angle.scattering": .number(trial % 5 == 0 ? uniform(0, 3) : 0),
        "efficiency.plateau": .number(plateau), "efficiency.threshold": .number(trial % 2 == 0 ? uniform(0, 1) : 0),
        "efficiency.threshold_width": .number(uniform(0, 0.2)), "precision.pieces": .integer(1 + trial % 6),
      ])
      let low = uniform(0, 0.5)
      let second =
        trial % 2 == 0
        ? try Axis(.cosTheta, edges: edges(1 + trial % 9, uniform(-1, 0), trial % 4 == 0 ? 1 : uniform(0.5, 1)))
        : try Axis(.theta, edges: edges(1 + trial % 9, 0, uniform(60, 180)))
      let binning = try Binning(Axis(.leptonEnergy, edges: edges(1 + trial % 25, low, low + uniform(1, 10))), second)
      for factor in [1, 0.9, 1.1] {
        guard let scaled = detector.scaled(energyBy: factor) as? SmearingDetector else { continue }
        try check(scaled, binning, most: plateau, "trial \(trial), factor \(factor)")
      }
    }
  }

  /// Mean and variance of what is measured of a lepton somewhere in a true bin: those of the Gaussian, whichever bin, once
  /// contents of neighbouring bins follow a smooth density. Densities 1, E and E² are measured as E + … says.
  @Test func momentsAreThoseOfTheGaussian() throws {
    let sigma = 0.1
    let detector = try Fixture.detector([
      "energy.resolution": .number(0), "energy.noise": .number(sigma), "angle.resolution": .number(0),
    ])
    let edges = [1, 1.02, 1.1, 1.4, 1.45, 1.5, 2.2, 2.21, 2.5, 4]
    let binning = try Binning(Axis(.leptonEnergy, edges: edges), Axis(.cosTheta, edges: [-1, 1]))
    let trueEdges = try detector.trueBinning(for: binning).grids[0].first.edges
    let response = try detector.response(for: binning)
    func contents(_ edges: [Double], _ integral: (Double) -> Double) -> [Double] {
      zip(edges, edges.dropFirst()).map { integral($1) - integral($0) }
    }
    let pairs: [((Double) -> Double, (Double) -> Double)] = [
      ({ $0 }, { $0 }), ({ $0 * $0 / 2 }, { $0 * $0 / 2 }),
      ({ $0 * $0 * $0 / 3 }, { $0 * $0 * $0 / 3 + sigma * sigma * $0 }),
    ]
    for (before, after) in pairs {
      for (found, expected) in zip(response.apply(contents(trueEdges, before)), contents(edges, after)) {
        #expect(abs(found / expected - 1) < 1e-6)
      }
    }
  }
}
