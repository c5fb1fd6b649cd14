import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// The analysis that a study asks for, with its data.
  ///
  /// - Parameters:
  ///   - assembly: what the study is made of.
  ///   - threads: number of threads; the results do not depend on it.
  ///   - folded: ``foldedAnalysis(_:threads:)`` of a study that differs from this one in `seed.data` alone; nil to fold.
  package func analysis(_ assembly: StudyAssembly, threads: Int, from folded: Analysis? = nil) throws -> Analysis {
    var analysis = try folded ?? foldedAnalysis(assembly, threads: threads)
    analysis.options.dataSeed = UInt64(dataSeed)
    analysis.options.feldmanCousins?.seed = UInt64(dataSeed)
    guard !measurements.isEmpty, let label = likelihood.optionalText("pseudo_data") else { return analysis }
    guard let index = models.firstIndex(where: { $0.label == label }), !(assembly.models[index] is any TunableModel)
    else {
      throw NuTuneError(
        .badData, at: likelihood.location(of: "pseudo_data"), key: "likelihood.pseudo_data", found: "“\(label)”",
        expected: "the label of a model that does not learn")
    }
    return try analysis.observingPseudoData(of: assembly.models[index], seed: UInt64(dataSeed))
  }

  /// The analysis that a study asks for, folded, with measured values as they were published.
  package func foldedAnalysis(_ assembly: StudyAssembly, threads: Int) throws -> Analysis {
    try Analysis(
      try datasets(assembly), foldSettings, over: assembly.energies.folded, truth: assembly.truth,
      oscillation: assembly.oscillation, options: try analysisOptions(assembly), threads: threads)
  }

  /// The datasets of a study: every channel in every horn mode at every detector, near ones first.
  package func datasets(_ assembly: StudyAssembly) throws -> [Dataset] {
    func datasets(
      _ configuration: DetectorConfiguration, _ detector: AssembledDetector, at site: DetectorSite,
      exposure: [String: Double]
    ) throws -> [Dataset] {
      try samples(of: configuration, at: site).map { sample in
        guard let flux = detector.fluxes[sample.mode] else {
          throw NuTuneError(.internalError, key: sample.name, found: "no flux", expected: "one for each horn mode")
        }
        var dataset = Dataset(
          sample, title: configuration.title, composition: configuration.measurement?.configuration.composition,
          flux: flux, baseline: site == .near ? nil : baseline(of: configuration),
          detector: detector.detector, exposure: exposure[sample.mode] ?? 1,
          observation: configuration.measurement?.configuration.observation ?? .simulated,
          // Near data fix the scale by their total, and what is learned by their shape.
          statistic: configuration.measurement != nil ? measuredStatistic : site == .far ? statistic : nil,
          roles: (configuration.measurement?.role).map { [$0] },
          place: configuration.flux(mode: sample.mode)?.selection.place)
        dataset.trueDetector = detector.trueDetector
        if let measurement = configuration.measurement { try addErrors(of: measurement, to: &dataset) }
        if hasJointFarSamples { dataset.experiment = experiment(of: configuration).label }
        if site == .near, sumsNearSigns {
          let sum = nearSum(of: sample)
          dataset.measuredAs = "near-\(sum)"
          dataset.title += ", \(sum)"
        }
        if let (part, component) = farComponents[sample.component] {
          if let own = detector.ofSamples[part.name] { (dataset.detector, dataset.trueDetector) = (own, nil) }
          dataset.initial = component.initial
          dataset.measuredAs = part.measuredAs
          dataset.events = component.events
          dataset.eventsOf = component.key
          dataset.title += ", \(part.name)"
        }
        return dataset
      }
    }
    let exposures = relativeExposures(of: nearDetectors)
    return try zip(nearDetectors, assembly.near).enumerated().flatMap { index, detector in
      try datasets(detector.0, detector.1, at: .near, exposure: exposures[index])
    }
      + zip(farDetectors, assembly.far).flatMap {
        try datasets($0, $1, at: .far, exposure: relativeExposures(of: [$0])[0])
      }
  }

  /// Components of far samples with their samples, by name of the component.
  private var farComponents: [String: (FarSampleConfiguration, FarSampleConfiguration.Component)] {
    Dictionary(
      farSamples.flatMap { sample in sample.components.map { ("\(sample.name)-\($0.name)", (sample, $0)) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// How finely the study folds.
  package var foldSettings: FoldSettings {
    FoldSettings(
      accuracy: fold.number("accuracy"), energyPoints: fold.integer("points_energy"),
      firstPoints: fold.integer("points_lepton"), secondPoints: fold.integer("points_angle"),
      nodesW2: fold.integer("nodes_w2"), nodesQ2: fold.integer("nodes_q2"), cellScale: fold.number("cell_scale"),
      // A flux that varies does so in steps at the edges of its covariance's bins.
      breakpoints: (fluxCovariance?.covariance.bins ?? []).flatMap { [$0.low, $0.high] })
  }

  /// What the study does with its datasets.
  package func analysisOptions(_ assembly: StudyAssembly) throws -> AnalysisOptions {
    var options = AnalysisOptions(
      near: .init(nearEvents, nearSampling), far: .init(farEvents, farSampling), fitted: oscillation.fit)
    options.eventsAt = assembly.eventsAt
    options.dataSeed = UInt64(dataSeed)
    options.networkSeed = UInt64(networkSeed)
    options.networkSeeds = tunings.compactMapValues { $0.seed.map(UInt64.init) }
    options.positions = tunings.compactMapValues(\.positions)
    options.channels = tunings.compactMapValues(\.channels)
    options.judging = judgingPositions
    options.marginalizes = fit.boolean("marginalize")
    options.nuisance = NuisanceOptions(
      fluxComponents: fit.integer("nuisance.flux"), retunes: fit.boolean("nuisance.retune"),
      energyScale: fit.number("nuisance.energy_scale"), fluxCovariance: try scaledFluxCovariance)
    options.nuisance.density = fit.number("nuisance.density")
    options.nuisance.norms = norms
    options.backgrounds = farBackgrounds
    options.pseudoExperiments = likelihood.integer("pseudo_experiments")
    options.scan = ScanSettings(points: fit.integer("scan_points"))
    options.scan.planes = try fitPlanes
    options.priors = try fitPriors
    options.questions = try fitQuestions(of: assembly.oscillation)
    let experiments = fit.integer("feldman_cousins")
    options.feldmanCousins =
      experiments > 0 ? FeldmanCousinsRequest(experiments: experiments, seed: UInt64(dataSeed)) : nil
    options.sliceEnergies = sliceEnergies
    options.hadronicNuisances = hadronicNuisances.map { HadronicNuisance($0.name, width: $0.width) }
    options.precision = near.number("precision")
    return options
  }

  /// Protons on target × tonnes of some detectors by horn mode, relative to the mean, shape [detectors]; none where all are
  /// the same, or an experiment does not say.
  private func relativeExposures(of detectors: [DetectorConfiguration]) -> [[String: Double]] {
    let exposures = detectors.compactMap { $0.exposure?.values(in: modes) }
    guard exposures.count == detectors.count, exposures.allSatisfy({ $0.count == modes.count }),
      Set(exposures.joined()).count > 1
    else { return detectors.map { _ in [:] } }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let overall = mean(exposures.map(mean))
    return exposures.map { Dictionary(uniqueKeysWithValues: zip(modes, $0.map { $0 / overall })) }
  }
}
