import Calorimeter
import Foundation
import IdealDetector
import NuTuneAnalysis
import NuTuneCore
import NuTuneFolding
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Datasets with bins of visible hadronic energy, near and far.
@Suite struct HadronicEnergyTests {
  static let edges = [0, 0.15, 0.3, 0.6, 1.2, 3]
  static let parts = edges.count - 1

  static func calorimeter(_ changes: [String: Double] = [:]) throws -> CalorimeterDetector {
    let values = CalorimeterDetector.descriptor.parameters.defaults()
    return try CalorimeterDetector(
      PluginConfiguration(parameters: values.setting(changes.mapValues { .number($0) })))
  }

  static func dataset(
    _ species: NeutrinoSpecies = .numu, at site: DetectorSite = .near, edges: [Double] = edges, detector: any Detector
  ) throws -> Dataset {
    var dataset = try AnalysisFixture.dataset(species, at: site, detector: detector)
    dataset.sample.binning = try Binning(dataset.sample.binning.grids, hadronic: Axis(.hadronicEnergy, edges: edges))
    return dataset
  }

  private static func rates(_ datasets: [Dataset]) throws -> [[Double]] {
    let responses = try ModelResponses(of: SmallNearProblem.toy(), in: AnalysisFixture.forward(datasets))
    return try responses.nearRates() + responses.farRates(ThreeFlavorModel())
  }

  /// Near and far, with oscillation: sums over hadronic bins are the rates of the lepton, and a single bin changes no bit.
  @Test func sumsAreTheLeptonAlone() throws {
    let detector = try Self.calorimeter()
    let alone = try Self.rates([AnalysisFixture.dataset(), AnalysisFixture.dataset(at: .far)])
    let divided = try Self.rates([
      Self.dataset(detector: detector), Self.dataset(at: .far, detector: detector),
    ])
    for (found, expected) in zip(divided, alone) {
      let least = 1e-10 * (expected.max() ?? 0)
      for bin in expected.indices {
        let sum = found[bin * Self.parts..<(bin + 1) * Self.parts].reduce(0, +)
        #expect(abs(sum - expected[bin]) < max(1e-10 * expected[bin], least))
      }
    }
    let coarse = try Self.rates([
      Self.dataset(edges: [0, 5], detector: detector), Self.dataset(at: .far, edges: [0, 5], detector: detector),
    ])
    #expect(coarse == alone)
  }

  /// Datasets of one table that differ in their hadronic response only are kept apart.
  @Test func responsesAreNotShared() throws {
    let detectors = try [1, 1.2, 1].map { try Self.calorimeter(["scale": $0]) }
    let rates = try Self.rates(try detectors.map { try Self.dataset(detector: $0) })
    #expect(rates[0] == rates[2] && rates[0] != rates[1])
    // A larger scale moves events up.
    let low = rates.map { rates in rates.indices.filter { $0 % Self.parts == 0 }.reduce(0) { $0 + rates[$1] } }
    #expect(low[1] < 0.97 * low[0])
  }

  /// A number for antineutrinos is that of their datasets alone, near and far.
  @Test func antineutrinosHaveTheirOwn() throws {
    func rates(_ species: NeutrinoSpecies, _ changes: [String: Double]) throws -> [[Double]] {
      let detector = try Self.calorimeter(changes)
      return try Self.rates(
        [DetectorSite.near, .far].map { site in
          var dataset = try Self.dataset(species, at: site, detector: detector)
          dataset.flux = FourSpeciesFlux()
          return dataset
        })
    }
    let own = ["antineutrino_visible": 0.7]
    #expect(try rates(.numubar, own) == rates(.numubar, ["visible": 0.7]))
    #expect(try rates(.numubar, own) != rates(.numubar, [:]))
    #expect(try rates(.numu, own) == rates(.numu, [:]))
    #expect(throws: NuTuneError.self) { try Self.rates([Self.dataset(.numubar, detector: Self.calorimeter())]) }
  }

  /// Numbers that are varied give the forward model of a detector made with them.
  @Test func variedNumbers() throws {
    let datasets = try [
      Self.dataset(detector: Self.calorimeter()), AnalysisFixture.dataset(),
      Self.dataset(at: .far, detector: Self.calorimeter()),
    ]
    let model = try AnalysisFixture.forward(datasets)
    let other = try AnalysisFixture.forward([
      Self.dataset(detector: Self.calorimeter(["scale": 1.03])), AnalysisFixture.dataset(),
      Self.dataset(at: .far, detector: Self.calorimeter(["scale": 1.03])),
    ])
    let toy = try SmallNearProblem.toy()
    func rates(_ model: ForwardModel) throws -> [[Double]] {
      let responses = try ModelResponses(of: toy, in: model)
      return try responses.nearRates() + responses.farRates(ThreeFlavorModel())
    }
    let varied = try model.settingHadronicParameters(["scale": 1.03])
    #expect(try rates(varied) == rates(other) && rates(varied) != rates(model))
    let nearOnly = try rates(model.settingHadronicParameters(["scale": 1.03], at: [.near]))
    #expect(try nearOnly[0] == rates(other)[0] && nearOnly[2] == rates(model)[2])
    #expect(throws: NuTuneError.self) { try model.settingHadronicParameters(["flavour": 1]) }
  }

  /// Bins of E_l + E_had, near and far: sums are the rates of the lepton in the parts that are folded, and those of the lepton's
  /// bins to the accuracy of a fold in other bins; a single bin changes no bit.
  @Test func reconstructedEnergy() throws {
    func dataset(at site: DetectorSite, _ edges: [Double]) throws -> Dataset {
      var dataset = try AnalysisFixture.dataset(at: site, detector: Self.calorimeter())
      dataset.sample.binning = try Binning(
        dataset.sample.binning.grids, hadronic: Axis(.reconstructedEnergy, edges: edges))
      return dataset
    }
    let edges = [0, 0.6, 0.9, 1.2, 8]
    let count = edges.count - 1
    let alone = try Self.rates([AnalysisFixture.dataset(), AnalysisFixture.dataset(at: .far)])
    let divided = try [dataset(at: .near, edges), dataset(at: .far, edges)]
    let folded = divided[0].sample.binning.folded
    let parts = divided.map { dataset in
      var dataset = dataset
      dataset.sample.binning = folded.lepton
      return dataset
    }
    let rates = try Self.rates([divided[0], parts[0], divided[1], parts[1]])
    for (site, place) in [0, 2].enumerated() {
      let (found, ofParts, expected) = (rates[place], rates[place + 1], alone[site])
      #expect(found.count == expected.count * count)
      var sums = [Double](repeating: 0, count: expected.count)
      for (part, whole) in folded.whole.enumerated() { sums[whole] += ofParts[part] }
      let total = expected.reduce(0, +)
      for bin in expected.indices {
        let sum = found[bin * count..<(bin + 1) * count].reduce(0, +)
        #expect(abs(sum - sums[bin]) < 1e-10 * total)
        #expect(abs(sum - expected[bin]) < 5e-3 * expected[bin] + 3e-4 * total)
      }
      // No lepton has more energy than is reconstructed: bins of E_l above 0.6 GeV have nothing below.
      #expect(stride(from: 5 * count, to: found.count, by: count).allSatisfy { found[$0] < 1e-9 * total })
    }
    #expect(try Self.rates([dataset(at: .near, [0, 9]), dataset(at: .far, [0, 9])]) == alone)
  }

  /// Grids of the lepton with edges of their own in E_had or in E_l + E_had, near and far: their bins are sums of those with all
  /// edges everywhere, also where a published axis ends at its edges.
  @Test(arguments: [Observable.hadronicEnergy, .reconstructedEnergy], [false, true])
  func gridsOfTheirOwn(observable: Observable, ends: Bool) throws {
    let halves = [[0.6, 0.75, 0.9], [0.9, 1.1, 1.3]]
    let edges = observable == .hadronicEnergy ? [[0, 0.3, 1.2], [0, 0.6, 1.2, 3]] : [[0, 0.9, 4], [0, 1.5, 4, 8]]
    let all = observable == .hadronicEnergy ? [0, 0.3, 0.6, 1.2, 3] : [0, 0.9, 1.5, 4, 8]
    let grids = try halves.map {
      BinGrid(try Axis(.leptonEnergy, edges: $0), try Axis(.cosTheta, edges: [0, 0.8, 1]))
    }
    var own = try Binning(grids, hadronicOfGrids: edges.map { try Axis(observable, edges: $0) })
    var fine = try Binning(grids, hadronic: Axis(observable, edges: all))
    (own.endsAtHadronicEdges, fine.endsAtHadronicEdges) = (ends, ends)
    func rates(_ binning: Binning) throws -> [[Double]] {
      try Self.rates(
        [DetectorSite.near, .far].map { site in
          var dataset = try AnalysisFixture.dataset(at: site, detector: Self.calorimeter())
          dataset.sample.binning = binning
          return dataset
        })
    }
    let runs = try #require(own.hadronicRuns)
    for (found, parts) in zip(try rates(own), try rates(fine)) {
      let expected = zip(runs, fine.binsOfLepton).flatMap { runs, bins in
        runs.map { run in run.reduce(0) { $0 + parts[bins.lowerBound + $1] } }
      }
      let total = expected.reduce(0, +)
      #expect(found.count == 4 * 2 + 4 * 3)
      // The calorimeter takes probabilities below 10⁻¹² as zero, those of narrow bins sooner.
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-11 * total) }
    }
  }

  @Test func aDetectorOfTheLeptonIsRefused() throws {
    let error = try #require(throws: NuTuneError.self) {
      try AnalysisFixture.forward([Self.dataset(detector: IdealDetectorModel())])
    }
    #expect(error.found == "bins in hadronic_energy of a detector that does not measure it")
  }

  /// From near data in three observables to an oscillation fit: a Gaussian process learns, predicts and fits.
  @Test func analysis() throws {
    let detector = try Self.calorimeter()
    let analysis = try AnalysisFixture.analysis(
      [Self.dataset(detector: detector), Self.dataset(at: .far, detector: detector)], fitted: ["dm2_32"]
    ) { $0.near = .init(1e7, .poisson) }
    let truth = try #require(analysis.truth)
    let near = try analysis.nearData(of: truth)
    let tuned = try analysis.tuned(
      AnalysisFixture.detunedProcess(), label: "process", on: near, in: analysis.folded)
    let comparison = try ModelComparison(analysis, nearData: near, farData: analysis.farData(of: truth))
    var predictions = try comparison.predictions()
    #expect(predictions.samples[0].binning.count == 200)
    let results = try comparison.results(
      of: tuned.model, tuned.responses, record: tuned.record, seconds: 0, fit: nil, label: "process",
      into: &predictions)
    #expect(results.near.bins == 200 && results.near.tv < 5e-3 && results.far?.tv ?? 1 < 0.02)
    #expect(predictions.slices.allSatisfy { $0.binning.hadronic == nil && $0.models["process"]?.count == 40 })
  }
}
