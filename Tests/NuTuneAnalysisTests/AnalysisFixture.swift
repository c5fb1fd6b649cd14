import Foundation
import GaussianProcessStructureFunctions
import IdealDetector
import NuTuneAnalysis
import NuTuneCore
import TestSupport
import ThreeFlavorOscillations

/// A bell-shaped flux of muon neutrinos, with some electron neutrinos.
struct BellFlux: FluxProvider {
  static let descriptor = PluginDescriptor(kind: .flux, name: "bell", summary: "A bell.", parameters: [], citations: [])

  var peak = 2.0
  var width = 0.8
  var species: [NeutrinoSpecies] { [.numu, .nue] }
  var breakpoints: [Double] { [0.4, 1, 2, 3, 5] }

  init(_ configuration: PluginConfiguration) throws {}

  init(peak: Double) { self.peak = peak }

  func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    energies.map { (species == .numu ? 1 : 0.02) * exp(-0.5 * pow(($0 - peak) / width, 2)) }
  }
}

/// A near and a far dataset with toy-sf, folded coarsely.
struct AnalysisFixture {
  static let energies = 0.4...5.0
  static let settings = FoldSettings(accuracy: 1e-2, nodesW2: 40, nodesQ2: 26, cellScale: 3)
  /// For numbers that depend on the cells and the points of a fold.
  static let fineSettings = FoldSettings(accuracy: 1e-3, nodesW2: 70, nodesQ2: 44, cellScale: 3)
  static let baseline = Baseline(length: 1285, density: 2.85)

  static func binning() throws -> Binning {
    try Binning(
      Axis(.leptonEnergy, edges: [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.5, 3, 4]),
      Axis(.cosTheta, edges: [-1, 0, 0.6, 0.8, 0.92, 1]))
  }

  static func dataset(
    _ species: NeutrinoSpecies = .numu, at site: DetectorSite = .near, target: String = "Ar40", peak: Double = 2,
    baseline: Baseline? = nil, composition: [Dataset.Component]? = nil, detector: any Detector = IdealDetectorModel(),
    position: String = "", exposure: Double = 1
  ) throws -> Dataset {
    Dataset(
      Sample(
        reaction: Reaction(species: species, target: try Target(named: target)), mode: "fhc", site: site,
        position: position, binning: try binning()),
      composition: composition, flux: BellFlux(peak: peak), baseline: site == .far ? baseline ?? Self.baseline : nil,
      detector: detector, exposure: exposure)
  }

  static func forward(_ datasets: [Dataset], oscillation: any OscillationModel = ThreeFlavorModel()) throws
    -> ForwardModel
  {
    try ForwardModel(datasets, settings, over: energies, oscillation: oscillation, threads: 2)
  }

  /// A Gaussian process around a theory prior that is not the truth, untuned.
  static func detunedProcess(_ changes: [String: ParameterValue] = [:]) throws -> GaussianProcessStructureFunctions {
    var configuration = PluginConfiguration(
      parameters: GaussianProcessStructureFunctions.descriptor.parameters.defaults().setting(changes))
    configuration.components["prior"] = try SmallNearProblem.detunedToy()
    return try GaussianProcessStructureFunctions(configuration)
  }

  /// One of few basis functions, for what does not depend on how many there are.
  static func smoothProcess() throws -> GaussianProcessStructureFunctions {
    try detunedProcess(["kernel.length_w2": .number(1.5), "kernel.length_q2": .number(2)])
  }

  /// Changes of the far rates along the nuisance parameters of a model, shape [far datasets][parameters × bins].
  static func changes(_ model: TunedModel, _ oscillation: any OscillationModel = ThreeFlavorModel()) throws
    -> [[Double]]
  {
    let names = model.responses.folded.far.map(\.sample.name)
    let far = FarPrediction(
      names: [], oscillation: oscillation, responses: model.responses, nuisances: model.nuisances,
      sums: SampleSums(measuredAs: names, factors: names.map { _ in 1 }))
    return far.prediction(try far.beams(at: [])).directions
  }

  static func analysis(
    _ datasets: [Dataset]? = nil, fitted: [String] = ["sin2_theta23", "dm2_32"],
    settings: FoldSettings = settings, _ change: (inout AnalysisOptions) -> Void = { _ in }
  ) throws -> Analysis {
    var options = AnalysisOptions(
      near: .init(nil, .asimov), far: .init(5000, .asimov), fitted: fitted)
    options.scan = ScanSettings(points: 11)
    change(&options)
    return try Analysis(
      try datasets ?? [dataset(), dataset(at: .far)], settings, over: energies, truth: try SmallNearProblem.toy(),
      oscillation: ThreeFlavorModel(), options: options, threads: 2)
  }
}

/// The same bell of all four species.
struct FourSpeciesFlux: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "four-species", summary: "Four bells.", parameters: [], citations: [])

  var species: [NeutrinoSpecies] { [.numu, .numubar, .nue, .nuebar] }
  var breakpoints: [Double] { [0.4, 1, 2, 3, 5] }

  init(_ configuration: PluginConfiguration) throws {}

  init() {}

  func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    energies.map { exp(-0.5 * pow(($0 - 2) / 0.8, 2)) }
  }
}
