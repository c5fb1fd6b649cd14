import NuTuneAnalysis
import NuTuneCore
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Far samples of two experiments in one fit: two beams, baselines and targets, common oscillation parameters.
@Suite struct TwoExperimentTests {
  private enum Place: String, CaseIterable {
    case water, argon

    var target: String { self == .water ? "H2O" : "Ar40" }
    var peak: Double { self == .water ? 1.4 : 2.2 }
    var baseline: Baseline {
      self == .water ? Baseline(length: 500, density: 2.6) : Baseline(length: 1285, density: 2.85)
    }
    var events: [Double] { self == .water ? [300, 40] : [900, 70] }
    /// Bins of its own, from the same lowest lepton energy.
    func binning() throws -> Binning {
      try self == .water
        ? Binning(
          Axis(.leptonEnergy, edges: [0.3, 0.7, 1.1, 1.6, 2.4, 4]), Axis(.cosTheta, edges: [-1, 0.5, 0.85, 1]))
        : Binning(Axis(.leptonEnergy, edges: [0.3, 1, 1.8, 2.5, 3.2, 4]), Axis(.cosTheta, edges: [-1, 0.7, 0.93, 1]))
    }
  }

  /// The near ν_μ and the far ν_μ and ν_e of an experiment.
  private func datasets(_ place: Place, experiment: String, near: [NeutrinoSpecies] = [.numu]) throws -> [Dataset] {
    func dataset(_ species: NeutrinoSpecies, _ site: DetectorSite) throws -> Dataset {
      var dataset = try AnalysisFixture.dataset(
        species, at: site, target: place.target, peak: place.peak, baseline: place.baseline, position: place.rawValue)
      dataset.sample.binning = try place.binning()
      dataset.experiment = experiment
      return dataset
    }
    var far = try [dataset(.numu, .far), dataset(.nue, .far)]
    for index in far.indices {
      far[index].statistic = .poisson
      far[index].events = place.events[index]
    }
    return try near.map { try dataset($0, .near) } + far
  }

  /// Near datasets first, as all users of several detectors give them.
  private func joint(_ experiment: (Place) -> String = { $0.rawValue }) throws -> [Dataset] {
    let all = try Place.allCases.flatMap { try datasets($0, experiment: experiment($0)) }
    return all.filter { $0.baseline == nil } + all.filter { $0.baseline != nil }
  }

  private static let fitted = ["sin2_theta23", "dm2_32", "delta_cp"]

  /// −2lnL of both experiments is the sum of those of each in an analysis of its own, with a model that is not the truth,
  /// and so are their scales; also with norms of each experiment, which in an analysis of its own are norms of all samples.
  @Test(arguments: [false, true]) func theJointLikelihoodIsTheSum(_ hasNorms: Bool) throws {
    func norms(_ place: Place) -> [NormUncertainty] {
      let sigmas = place == .water ? (common: 0.05, electron: 0.03) : (common: 0.08, electron: 0.02)
      return [NormUncertainty(.common, sigma: sigmas.common), NormUncertainty(.electron, sigma: sigmas.electron)]
    }
    func fit(_ datasets: [Dataset], _ norms: [NormUncertainty]) throws
      -> (fit: OscillationFit, scales: [NearGroup: Double])
    {
      let analysis = try AnalysisFixture.analysis(datasets, fitted: Self.fitted) {
        $0.nuisance.norms = hasNorms ? norms : []
      }
      let model = try analysis.prepared(
        try SmallNearProblem.detunedToy(), nil, on: try analysis.nearData(of: analysis.truth), in: analysis.folded)
      return (try analysis.fit(model, try analysis.farData(of: analysis.truth)), model.scales)
    }
    let both = try fit(
      try joint(),
      Place.allCases.flatMap { place in
        norms(place).map { NormUncertainty($0.kind, ofExperiment: place.rawValue, sigma: $0.sigma) }
      })
    let alone = try Place.allCases.map { try fit(try datasets($0, experiment: ""), norms($0)) }
    let shared = try fit(try joint(), norms(.water)).fit
    for values in [[0.47, 2.4381e-3, 3.7], [0.55, 2.4e-3, 1.0], [0.42, -2.5e-3, 0.2]] {
      let sum = try alone.reduce(0) { try $0 + $1.fit.minusTwoLogLikelihood(at: values) }
      let found = try both.fit.minusTwoLogLikelihood(at: values)
      #expect(abs(found - sum) <= 1e-9 * sum, "\(found) and \(sum)")
      #expect(try alone.allSatisfy { try $0.fit.minusTwoLogLikelihood(at: values) > 1e-3 })
    }
    // Pulls that both share are others.
    let place = [0.55, 2.4e-3, 1.0]
    let (own, common) = (try both.fit.minusTwoLogLikelihood(at: place), try shared.minusTwoLogLikelihood(at: place))
    #expect(hasNorms == (abs(common - own) > 1e-3 * own), "\(common) and \(own)")
    #expect(both.scales.count == 2)
    for (place, own) in zip(Place.allCases, alone) {
      let expected = try #require(own.scales[NearGroup(.neutrino)])
      let found = try #require(both.scales[NearGroup(.neutrino, experiment: place.rawValue)])
      #expect(abs(found / expected - 1) < 1e-12)
    }
  }

  /// A cross section off by one factor on water and another on argon has the truth's −2lnL, because near data of each
  /// experiment take its factor back; near data of both together cannot.
  @Test func eachExperimentHasItsScale() throws {
    let factors = ["H2O": 1.7, "Ar40": 0.6]
    let place = [0.53, 2.4e-3, 2.0]
    func values(_ datasets: [Dataset]) throws -> (scales: [NearGroup: Double], model: Double, truth: Double) {
      let analysis = try AnalysisFixture.analysis(datasets, fitted: Self.fitted)
      let data = try analysis.farData(of: analysis.truth)
      let model = try analysis.prepared(
        TargetScaledModel(base: try SmallNearProblem.toy(), factors: factors), nil,
        on: try analysis.nearData(of: analysis.truth), in: analysis.folded)
      return (
        model.scales, try analysis.fit(model, data).minusTwoLogLikelihood(at: place),
        try analysis.fit(try analysis.preparedTruth(), data).minusTwoLogLikelihood(at: place)
      )
    }
    let own = try values(try joint())
    for experiment in Place.allCases {
      let scale = try #require(own.scales[NearGroup(.neutrino, experiment: experiment.rawValue)])
      let factor = try #require(factors[experiment.target])
      #expect(abs(scale * factor - 1) < 1e-10)
    }
    #expect(abs(own.model - own.truth) < 1e-7 * max(own.truth, 1))
    let together = try values(try joint { _ in "" })
    #expect(together.scales.count == 1 && abs(together.model - together.truth) > 10)
  }

  /// What is not known of the structure functions of one target moves the far samples of its experiment alone, and their
  /// near scale with it.
  @Test func modesOfOneTargetMoveItsExperiment() throws {
    let analysis = try AnalysisFixture.analysis(try joint()) { $0.near = .init(2e4, .asimov) }
    let tuned = try analysis.tuned(
      try AnalysisFixture.smoothProcess(), label: "process", on: try analysis.nearData(of: analysis.truth),
      in: analysis.folded)
    let modes = try #require(tuned.modes)
    var moved: Set<String> = []
    for mode in 0..<modes.count {
      let names = zip(analysis.folded.far, modes.slopes).filter { _, slopes in
        stride(from: mode, to: slopes.slopes.count, by: modes.count).contains { slopes.slopes[$0] != 0 }
      }.map(\.0.dataset.experiment)
      #expect(Set(names).count == 1, "mode \(mode) moves \(names)")
      moved.formUnion(names)
    }
    #expect(moved == ["water", "argon"])
  }

  /// Near antineutrinos of the other experiment fix no scale.
  @Test func aSignNeedsNearDataOfItsExperiment() throws {
    var datasets = try datasets(.water, experiment: "water") + datasets(.argon, experiment: "argon", near: [.numubar])
    for index in datasets.indices { datasets[index].flux = FourSpeciesFlux() }
    let analysis = try AnalysisFixture.analysis(datasets)
    let model = try analysis.preparedTruth(on: try analysis.nearData(of: analysis.truth))
    let data = try analysis.farData(of: analysis.truth)
    let error = #expect(throws: NuTuneError.self) { try analysis.fit(model, data) }
    #expect(error?.key == "far-numu-fhc-argon")
    #expect(error?.found == "no near events of neutrinos at argon, which would fix the scale of far ones")
    #expect(error?.expected == "near events of the same neutrino sign and experiment, or shapes")
  }

  /// Two experiments do not add up to one measured sample.
  @Test func aSampleBelongsToOneExperiment() throws {
    var datasets = try datasets(.water, experiment: "water")
    datasets[1].measuredAs = "far-all"
    datasets[2].measuredAs = "far-all"
    datasets[2].experiment = "argon"
    let error = #expect(throws: NuTuneError.self) { try AnalysisFixture.analysis(datasets) }
    #expect(error?.found == "a sample of argon beside one of water")
  }
}

/// A structure-function model times a factor for each target.
private struct TargetScaledModel: StructureFunctionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "target-scaled", summary: "Scaled.", parameters: [], citations: [])

  let base: any StructureFunctionModel
  let factors: [String: Double]

  init(_ configuration: PluginConfiguration) throws { self.init(base: try SmallNearProblem.toy(), factors: [:]) }

  init(base: any StructureFunctionModel, factors: [String: Double]) { (self.base, self.factors) = (base, factors) }

  func check(_ reactions: [Reaction]) throws { try base.check(reactions) }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    var functions = try base.structureFunctions(of: reaction, at: points)
    functions.w = functions.w.map { $0.map { $0 * (factors[reaction.target.name] ?? 1) } }
    return functions
  }
}
