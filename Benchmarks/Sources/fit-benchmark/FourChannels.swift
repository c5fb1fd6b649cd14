import BuiltInPlugins
import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneStatistics

/// Four far samples of twelve components in 780 bins each, the size of DUNE's, with bells for fluxes.
struct FourChannels {
  let analysis: Analysis
  let fit: OscillationFit

  init(threads: Int) throws {
    let registry = try BuiltInPlugins.registry()
    func plugin<Result>(_ kind: PluginKind, _ name: String) throws -> Result {
      let defaults = try registry.descriptor(kind, named: name).parameters.defaults()
      return try registry.make(kind, named: name, PluginConfiguration(parameters: defaults))
    }
    let toy: any CrossSectionModel = try plugin(.crossSection, "toy-sf")
    let oscillation: any OscillationModel = try plugin(.oscillation, "three-flavor")
    let detector: any Detector = try plugin(.detector, "ideal")
    let binning = try Binning(
      Axis(.leptonEnergy, edges: (0...39).map { 0.2 + 0.2 * Double($0) }),
      Axis(
        .cosTheta, edges: [-1, -0.6, -0.2, 0.2, 0.4, 0.6, 0.7, 0.8] + (0...12).map { 0.84 + 0.16 / 12 * Double($0) }))
    let target = try Target(named: "Ar40")
    func dataset(_ species: NeutrinoSpecies, _ mode: String, site: DetectorSite) -> Dataset {
      Dataset(
        Sample(
          reaction: Reaction(species: species, target: target), mode: mode, site: site, position: "", binning: binning),
        flux: Bells(mode: mode), baseline: site == .far ? Baseline(length: 1284.9, density: 2.848) : nil,
        detector: detector)
    }
    var datasets = [dataset(.numu, "fhc", site: .near), dataset(.numubar, "rhc", site: .near)]
    let components: [(LeptonFlavor, NeutrinoSpecies)] = [
      (.muon, .numu), (.muon, .numubar), (.muon, .nue), (.muon, .nuebar), (.electron, .nue), (.electron, .nuebar),
    ]
    for mode in ["fhc", "rhc"] {
      for (initial, species) in components {
        var far = dataset(species, mode, site: .far)
        far.initial = initial
        far.statistic = .poisson
        far.measuredAs = "far-\(species.flavor)-\(mode)"
        far.sample.component = "\(initial)-\(species.rawValue)-\(mode)"
        datasets.append(far)
      }
    }
    var options = AnalysisOptions(
      near: .init(nil, .asimov), far: .init(12_000, .asimov),
      fitted: ["sin2_theta23", "dm2_32", "delta_cp", "sin2_theta13"])
    options.nuisance.norms = [
      NormUncertainty(.common, sigma: 0.02), NormUncertainty(.antineutrino, sigma: 0.02),
      NormUncertainty(.electron, sigma: 0.02), NormUncertainty(.beamElectron, sigma: 0.05),
    ]
    options.priors = [try GaussianPrior(parameter: "sin2_theta13", mean: 0.02215, sigma: 0.00057)]
    analysis = try Analysis(
      datasets, FoldSettings(), over: 0.25...15, truth: toy, oscillation: oscillation, options: options,
      threads: threads)
    fit = try analysis.fit(try analysis.preparedTruth(), try analysis.farData(of: analysis.truth))
  }
}
