import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import Smearing
import Testing
import TestSupport
import ThreeFlavorOscillations

/// Changes of the far rates by nuisance parameters against rates folded again.
@Suite struct NuisanceTests {
  private func covariance() throws -> FluxCovariance {
    let bins = DetectorSite.allCases.flatMap { site in
      [(0.0, 1.5), (1.5, 2.5), (2.5, 10)].flatMap { low, high in
        [NeutrinoSpecies.numu, .nue].map { FluxBin(site: site, mode: "fhc", species: $0, low: low, high: high) }
      }
    }
    var matrix = Matrix(rows: bins.count, columns: bins.count)
    for i in bins.indices {
      for j in bins.indices { matrix[i, j] = 0.01 * (bins[i].low == bins[j].low ? 1 : 0.3) + (i == j ? 1e-4 : 0) }
    }
    return try FluxCovariance(bins: bins, covariance: matrix)
  }

  /// D_k of a flux component is the change of the rates with the flux that is moved by it, for every oscillation.
  @Test func fluxComponentsAreDifferencesOfFoldedRates() throws {
    let covariance = try covariance()
    let analysis = try AnalysisFixture.analysis(settings: AnalysisFixture.fineSettings) {
      $0.nuisance = NuisanceOptions(fluxComponents: 3, retunes: false, fluxCovariance: covariance)
    }
    let model = try analysis.preparedTruth()
    let nuisances = try #require(model.nuisances)
    #expect(nuisances.names == ["flux_1", "flux_2", "flux_3"])
    let weights = model.responses.folded.rateShares(of: covariance.bins, model.responses)
    let components = try covariance.principalVariations(count: 3, weights: weights).map(\.variation)
    for changes in [[:], ["sin2_theta23": 0.55, "dm2_32": 2.3e-3]] {
      let oscillation = try ThreeFlavorModel().setting(changes)
      let folded = analysis.folded
      let nominal = try model.responses.farRates(oscillation)[0]
      let found = try AnalysisFixture.changes(model, oscillation)[0]
      for (index, component) in components.enumerated() {
        let moved = try model.responses.under(folded.varied(by: component)).farRates(oscillation)[0]
        for bin in nominal.indices {
          let (expected, scale) = (moved[bin] - nominal[bin], nominal.max() ?? 0)
          // Where a change goes through zero, averaging over a cell leaves out a correction: 7·10⁻⁵ here.
          #expect(abs(found[index * nominal.count + bin] - expected) < 2e-4 * scale)
        }
      }
    }
  }

  private func smearing(_ scale: Double) throws -> SmearingDetector {
    try SmearingDetector(
      PluginConfiguration(
        parameters: SmearingDetector.descriptor.parameters.defaults().setting([
          "energy.resolution": .number(0.06), "energy.scale": .number(scale),
        ])))
  }

  /// Far samples of the same species, nuclei, bins and detector share one response in memory, scaled or not, whatever their
  /// beams; others do not.
  @Test func samplesShareAResponse() throws {
    var datasets = try [(NeutrinoSpecies.numu, 1.0), (.numu, 1), (.nue, 1), (.numu, 1.1)].enumerated().map {
      index, sample in
      var dataset = try AnalysisFixture.dataset(sample.0, at: .far, detector: smearing(sample.1))
      dataset.sample.mode = index == 1 ? "rhc" : "fhc"
      dataset.sample.component = "component-\(index)"
      return dataset
    }
    datasets[1].flux = BellFlux(peak: 1.5)
    let responses = try ModelResponses(of: try SmallNearProblem.toy(), in: try AnalysisFixture.forward(datasets))
    for responses in [responses, responses.scalingFar(by: [datasets[0].nearGroup: 1.25])] {
      #expect((0..<4).map { responses.far[0].isSame(as: responses.far[$0]) } == [true, true, false, false])
    }
    #expect(responses.far[0].values != responses.far[2].values && responses.far[0].values != responses.far[3].values)
    let scaled = responses.scalingFar(by: [datasets[0].nearGroup: 1.25]).far[1].values
    #expect(scaled == responses.far[1].values.map { 1.25 * $0 })
  }

  /// The change by the energy scale is half the difference of rates measured with the scale on both sides.
  @Test func theEnergyScaleIsADifferenceOfResponses() throws {
    func rates(_ scale: Double) throws -> [Double] {
      let datasets = [try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far, detector: smearing(scale))]
      return try AnalysisFixture.analysis(datasets).closureTruth().farRates(ThreeFlavorModel())[0]
    }
    let datasets = [try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far, detector: smearing(1))]
    let analysis = try AnalysisFixture.analysis(datasets) { $0.nuisance = NuisanceOptions(energyScale: 0.02) }
    let model = try analysis.preparedTruth()
    let found = try AnalysisFixture.changes(model)[0]
    let (up, down) = (try rates(1.02), try rates(0.98))
    let total = up.reduce(0, +)
    var largest = 0.0
    for bin in found.indices {
      // True bins of the two differ at the edges of the response, and with them points by the accuracy of the fold.
      #expect(abs(found[bin] - 0.5 * (up[bin] - down[bin])) < 3e-5 * total)
      largest = max(largest, abs(found[bin]))
    }
    #expect(largest > 5e-4 * total)
  }
}
