import Foundation
import NuTuneAnalysis
import NuTuneCore
import Smearing
import Testing
import TestSupport
import ThreeFlavorOscillations

/// Rates of the forward model against plain sums over a fine lattice and against itself in other arrangements.
@Suite struct ForwardModelTests {
  /// Flux × oscillation × cross section summed over midpoints of a lattice that knows nothing of cells, nodes and tables.
  /// 400 × 40 × 40 midpoints leave 3·10⁻⁴ in these bins, the fold 2·10⁻⁴ and its nodes 2·10⁻³.
  @Test(arguments: [DetectorSite.near, .far])
  func ratesAreTheIntegral(site: DetectorSite) throws {
    let dataset = try AnalysisFixture.dataset(at: site)
    let forward = try ForwardModel(
      [dataset], over: AnalysisFixture.energies, oscillation: ThreeFlavorModel(), threads: 2)
    let toy = try SmallNearProblem.toy()
    let responses = try ModelResponses(of: toy, in: forward)
    let oscillation = ThreeFlavorModel()
    let rates = try site == .near ? responses.nearRates()[0] : responses.farRates(oscillation)[0]
    let binning = dataset.sample.binning
    let (first, second) = (binning.grids[0].first.edges, binning.grids[0].second.edges)
    for (i, j) in [(1, 3), (2, 4), (4, 4), (3, 1)] {
      let (n, m) = (400, 40)
      let range = AnalysisFixture.energies
      let energies = (0..<n).map {
        range.lowerBound + (range.upperBound - range.lowerBound) * (Double($0) + 0.5) / Double(n)
      }
      let survival = try oscillation.probabilities(at: energies, over: AnalysisFixture.baseline, helicity: .neutrino)
      let flux = BellFlux(peak: 2).density(of: .numu, at: energies)
      let electrons = BellFlux(peak: 2).density(of: .nue, at: energies)
      var sum = 0.0
      for (index, energy) in energies.enumerated() {
        let weight =
          site == .near
          ? flux[index]
          : flux[index] * Array(survival[.muon, .muon])[index] + electrons[index]
            * Array(survival[.electron, .muon])[index]
        var points = KinematicPoints(neutrinoEnergy: [], leptonEnergy: [], cosTheta: [])
        for a in 0..<m {
          for b in 0..<m {
            points.neutrinoEnergy.append(energy)
            points.leptonEnergy.append(first[i] + (first[i + 1] - first[i]) * (Double(a) + 0.5) / Double(m))
            points.cosTheta.append(second[j] + (second[j + 1] - second[j]) * (Double(b) + 0.5) / Double(m))
          }
        }
        sum += weight * (try toy.crossSection(of: dataset.sample.reaction, at: points)).reduce(0, +)
      }
      let cell =
        (range.upperBound - range.lowerBound) / Double(n) * (first[i + 1] - first[i]) * (second[j + 1] - second[j])
        / Double(m * m)
      let rate = rates[i * (second.count - 1) + j]
      let allowed = 4e-3 * rate + 1e-4 * (rates.max() ?? 0)
      #expect(abs(rate - sum * cell) < allowed, "bin \(i), \(j): \(rate) and \(sum * cell)")
    }
  }

  /// Far datasets with different baselines in one model are those of two models.
  @Test func severalBaselinesAtOnce() throws {
    let baselines = [Baseline(length: 1285, density: 2.85), Baseline(length: 295, density: 2.6)]
    let datasets = try baselines.enumerated().map {
      try AnalysisFixture.dataset(at: .far, baseline: $0.element, position: "\($0.offset)")
    }
    let toy = try SmallNearProblem.toy()
    let both = try ModelResponses(of: toy, in: AnalysisFixture.forward(datasets)).farRates(ThreeFlavorModel())
    for (index, dataset) in datasets.enumerated() {
      let alone = try ModelResponses(of: toy, in: AnalysisFixture.forward([dataset])).farRates(ThreeFlavorModel())[0]
      let total = alone.reduce(0, +)
      for (one, other) in zip(both[index], alone) { #expect(abs(one - other) < 5e-4 * total) }
    }
    let totals = both.map { $0.reduce(0, +) }
    #expect(abs(totals[0] / totals[1] - 1) > 0.1)
  }

  /// CH is 12/13 carbon and 1/13 hydrogen, also for a model without structure functions.
  @Test func compositionsAddUp() throws {
    let names = ["C12", "H1"]
    let targets = try names.map { try Target(named: $0) }
    let mixed = try AnalysisFixture.dataset(
      target: "C12",
      composition: [.init(targets[0], share: 12.0 / 13), .init(targets[1], share: 1.0 / 13)])
    let alone = try names.map { try AnalysisFixture.dataset(target: $0) }
    let forward = try AnalysisFixture.forward([mixed] + alone)
    let toy = try SmallNearProblem.toy()
    for model in [toy as any CrossSectionModel, PointModel(toy)] {
      let rates = try ModelResponses(of: model, in: forward).nearRates()
      let scale = rates[0].max() ?? 0
      for bin in rates[0].indices {
        let expected = (12 * rates[1][bin] + rates[2][bin]) / 13
        #expect(abs(rates[0][bin] - expected) < 1e-9 * scale)
      }
      let totals = rates.map { $0.reduce(0, +) }
      #expect(abs(totals[1] / totals[2] - 1) > 0.05)
    }
  }

  /// Twice the flux makes twice the rate, and a changed flux changes the rates by its share in them.
  @Test func ratesAreLinearInTheFlux() throws {
    let forward = try AnalysisFixture.forward([AnalysisFixture.dataset(), AnalysisFixture.dataset(at: .far)])
    let responses = try ModelResponses(of: try SmallNearProblem.toy(), in: forward)
    func variation(_ low: Double, _ high: Double, _ change: Double) -> FluxVariation {
      FluxVariation(
        bins: DetectorSite.allCases.flatMap { site in
          [NeutrinoSpecies.numu, .nue].map {
            FluxBin(site: site, mode: "fhc", species: $0, low: low, high: high)
          }
        }, relativeChanges: [Double](repeating: change, count: 4))
    }
    func rates(_ variation: FluxVariation) throws -> [[Double]] {
      let moved = responses.under(try forward.varied(by: variation))
      return try moved.nearRates() + moved.farRates(ThreeFlavorModel())
    }
    let nominal = try rates(.nominal)
    for (before, after) in zip(nominal, try rates(variation(0, 10, 0.25))) {
      let scale = before.max() ?? 0
      for (x, y) in zip(before, after) { #expect(abs(y - 1.25 * x) < 1e-9 * scale) }
    }
    // Below and above 2 GeV together are everything.
    let (low, high) = (try rates(variation(0, 2, 0.1)), try rates(variation(2, 10, 0.1)))
    for sample in nominal.indices {
      for bin in nominal[sample].indices {
        let sum = low[sample][bin] + high[sample][bin] - 2 * nominal[sample][bin]
        let (expected, scale) = (0.1 * nominal[sample][bin], nominal[sample].max() ?? 0)
        #expect(abs(sum - expected) < 1e-9 * scale)
      }
    }
  }
}

/// A model that hides its structure functions.
private struct PointModel: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "point", summary: "A point model.", parameters: [], citations: [])
  private let base: any CrossSectionModel

  init(_ configuration: PluginConfiguration) throws {
    throw NuTuneError(.internalError, found: "none", expected: "one")
  }
  init(_ base: any CrossSectionModel) { self.base = base }
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    try base.crossSection(of: reaction, at: points)
  }
}
