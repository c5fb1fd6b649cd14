import NuTuneAnalysis
import NuTuneCore
import NuTuneStatistics

/// The plugins of a study, made and checked against each other.
package struct StudyAssembly: Sendable {
  /// The model that makes the data; nil where they are measured.
  package var truth: (any CrossSectionModel)?
  /// The models of the study, in its order.
  package var models: [any CrossSectionModel]
  /// The oscillation model at the true parameters.
  package var oscillation: any OscillationModel
  /// The oscillation model at whose parameters events of components are given; nil for those of the study.
  package var eventsAt: (any OscillationModel)?
  /// The near detectors, in the order of ``StudyConfiguration/nearDetectors``.
  package var near: [AssembledDetector]
  /// The detectors that are predicted, in the order of ``StudyConfiguration/farDetectors``.
  package var far: [AssembledDetector]
  /// Neutrino energies that are folded, and those that could be.
  package var energies: FoldedEnergies

  /// The flux of every detector.
  package var fluxes: [any FluxProvider] { (near + far).flatMap { $0.fluxes.values } }
}

extension StudyConfiguration {
  /// Checks the study so far that nothing fails later for a reason that could have been known; see ``assemble(_:)``.
  package func check(_ registry: Registry) throws {
    _ = try assemble(registry)
  }

  /// Makes every plugin and checks that they serve the study: models the reactions, fluxes the channels and energies,
  /// the oscillation model the fit. Every mistake is reported.
  package func assemble(_ registry: Registry) throws -> StudyAssembly {
    var problems = NuTuneErrors()
    let truth = problems.attempt { try self.truth.map { try makeTruth($0, registry) } }.flatMap { $0 }
    let made = self.models.compactMap { selection in
      problems.attempt { (selection: selection, model: try makeModel(selection, registry)) }
    }
    let oscillation = problems.attempt { try makeOscillation(registry) }
    let eventsAt = problems.attempt { () -> (any OscillationModel)? in try self.eventsAt?.selection.make(registry) }
    let near = nearDetectors.compactMap { configuration in
      problems.attempt { try makeDetector(configuration, at: .near, registry) }
    }
    let far = farDetectors.compactMap { configuration in
      problems.attempt {
        // One and the same flux is made once, and what is wrong with it said once.
        let index = nearIndex(of: configuration)
        let isNear = !usesOwnFlux(configuration) || hasFluxes(of: nearDetectors[index], configuration)
        let known = near.count == nearDetectors.count ? near[index].fluxes : [:]
        let made = try makeDetector(configuration, at: .far, registry, fluxes: isNear ? known : nil)
        try checkEnergyScale(of: made, configuration)
        return made
      }
    }
    if near.count == nearDetectors.count {
      problems.attempt { try checkEnergies(near: near, far: far) }
      problems.attempt { try checkHadronicNuisances(near, made.map { ($0.selection, $0.model) }) }
      problems.attempt { try checkLearnersOfSums(made.map { ($0.selection, $0.model) }) }
      let fluxes = (near + far).flatMap { $0.fluxes.values }
      let makers = zip(self.truth.map { [$0] } ?? [], truth.map { [$0] } ?? []).map { (selection: $0, model: $1) }
      for (selection, model) in makers + made {
        problems.attempt { try checkEnergies(of: model, selection, folding: fluxes) }
        problems.attempt { try checkObservables(of: model, selection) }
      }
    }
    problems.attempt { try checkLearners(made.map(\.model)) }
    try problems.throwIfAny()
    guard let oscillation else {
      throw NuTuneError(.internalError, found: "no study", expected: "one, or an error")
    }
    let lowest = try lowestLeptonEnergy(near: Array(zip(nearDetectors, near)), far: Array(zip(farDetectors, far)))
    let usable = usableEnergies(above: lowest, (near + far).flatMap { $0.fluxes.values })
    let folded = try foldedEnergies(within: usable, models: (truth.map { [$0] } ?? []) + made.map(\.model))
    let assembly = StudyAssembly(
      truth: truth, models: made.map(\.model), oscillation: oscillation, eventsAt: eventsAt.flatMap { $0 }, near: near,
      far: far,
      energies: FoldedEnergies(folded: folded, usable: usable, lowestLepton: lowest))
    try checkFreeScales(assembly)
    return assembly
  }

  /// Refuses free norms of which far data do not tell one from others.
  private func checkFreeScales(_ assembly: StudyAssembly) throws {
    guard norms.contains(where: { $0.sigma == nil }) else { return }
    do {
      try NormUncertainty.check(norms, of: try datasets(assembly))
    } catch let error as NuTuneError {
      let name = error.key.map { String($0.dropFirst("norm_".count)) } ?? ""
      throw NuTuneError(
        .badData, at: likelihood.location(of: "norm.\(name)") ?? SourceLocation(file: path),
        key: "likelihood.norm.\(name)", found: error.found, expected: error.expected)
    }
  }

  /// Only a model that learns can be told what from.
  private func checkLearners(_ made: [any CrossSectionModel]) throws {
    guard made.count == models.count else { return }
    var problems = NuTuneErrors()
    for (selection, model) in zip(models, made) where !measurements.isEmpty {
      guard let tunable = model as? any TunableModel else { continue }
      guard tunable.comparesShapesOnly else { continue }
      problems.add(
        NuTuneError(
          .badData, at: selection.location, key: "\(selection.path).model",
          found: "“\(selection.name)”, which learns shapes only", expected: "a model with a scale for measured data"))
    }
    for (selection, model) in zip(models, made) where !(model is any TunableModel) {
      guard let tuning = tunings[selection.label] else { continue }
      let given: [(key: String, isGiven: Bool, location: SourceLocation?)] = [
        ("tune_on", tuning.positions != nil, tuning.positionsLocation),
        ("tune_on_channels", tuning.channels != nil, tuning.channelsLocation),
        ("network_seed", tuning.seed != nil, nil),
      ]
      guard let first = given.first(where: \.isGiven) else { continue }
      problems.add(
        NuTuneError(
          .badData, at: first.location ?? selection.location, key: "\(selection.path).\(first.key)",
          found: "“\(selection.title)”, a model that does not learn", expected: "a model that is tuned, or no such key")
      )
    }
    try problems.throwIfAny()
  }

  private func makeTruth(_ truth: PluginSelection, _ registry: Registry) throws -> any CrossSectionModel {
    let model = try makeModel(truth, registry)
    guard !(model is any TunableModel) else {
      throw NuTuneError(
        .badData, at: truth.location, key: "\(truth.path).model",
        found: "“\(truth.name)”, a model that has to be tuned first",
        expected: "a model with a cross section of its own, or {trained: RUN#LABEL}")
    }
    return model
  }

  private func makeModel(_ selection: PluginSelection, _ registry: Registry) throws -> any CrossSectionModel {
    let model: any CrossSectionModel = try selection.make(registry)
    do {
      let all = channels + farChannels.filter { !channels.contains($0) }
      try model.check(targets.flatMap { target in all.map { Reaction(species: $0, target: target) } })
    } catch let error as NuTuneError {
      throw selection.located(error)
    }
    return model
  }

  private func makeOscillation(_ registry: Registry) throws -> any OscillationModel {
    let selection = oscillation.selection
    let model: any OscillationModel = try selection.make(registry)
    let known = model.fittableParameters
    var problems = NuTuneErrors()
    if !oscillation.fit.isEmpty {
      if farDetector == nil {
        problems.add(
          NuTuneError(
            .badData, at: oscillation.fitLocation, key: "oscillation.fit",
            found: "a fit at \(experiment.title), which has no far detector",
            expected: "an experiment with one, or `predict:` another experiment, or an empty list"))
      } else if prediction?.site == .near {
        problems.add(
          NuTuneError(
            .badData, at: oscillation.fitLocation, key: "oscillation.fit",
            found: "a fit at the near detector of \(prediction?.experiment.title ?? ""), where nothing has oscillated",
            expected: "a far detector to predict, or an empty list"))
      }
    }
    for (index, name) in oscillation.fit.enumerated() {
      problems.attempt {
        guard known.contains(name), !oscillation.fit[..<index].contains(name) else {
          let isTwice = oscillation.fit[..<index].contains(name)
          throw NuTuneError(
            .badData, at: oscillation.fitLocation, key: "oscillation.fit",
            found: isTwice ? "“\(name)” twice" : "the unknown parameter “\(name)”",
            expected: known.isEmpty
              ? "no parameters (\(selection.name) has none to fit)"
              : isTwice ? "every parameter once" : "one of \(known.joined(separator: ", "))",
            suggestion: isTwice ? nil : Suggestion.nearest(to: name, among: known))
        }
        _ = try model.value(of: name)
        _ = try FitParameter(name, of: model)
      }
    }
    problems.attempt { try checkPriors(model) }
    problems.attempt { _ = try fitPlanes }
    problems.attempt { _ = try fitQuestions(of: model) }
    try problems.throwIfAny()
    do {
      _ = try model.setting(
        Dictionary(uniqueKeysWithValues: try oscillation.fit.map { ($0, try model.value(of: $0)) }))
    } catch var error as NuTuneError {
      error.location = oscillation.fitLocation
      error.key = "oscillation.fit"
      throw error
    }
    return model
  }

  /// A detector with the given fluxes, or its own.
  private func makeDetector(
    _ configuration: DetectorConfiguration, at site: DetectorSite, _ registry: Registry,
    fluxes given: [String: any FluxProvider]? = nil
  ) throws -> AssembledDetector {
    var problems = NuTuneErrors()
    let samples = site == .far ? farSamples(of: configuration) : []
    let detector = problems.attempt {
      try makeResponse(
        configuration.detector, registry,
        measuring: [configuration.binning] + samples.filter { $0.detector == nil }.compactMap(\.binning),
        at: configuration.binningLocation)
    }
    var ofSamples: [String: any Detector] = [:]
    for sample in samples {
      ofSamples[sample.name] = problems.attempt {
        try sample.detector.map {
          try makeResponse($0, registry, measuring: [sample.binning ?? configuration.binning], at: $0.location)
        }
      }.flatMap { $0 }
    }
    let trueDetector = problems.attempt { try makeTrueDetector(configuration, registry) }
    let fluxes = problems.attempt { try given ?? makeFluxes(configuration, at: site, registry) }
    try problems.throwIfAny()
    guard let detector, let fluxes else {
      throw NuTuneError(.internalError, key: configuration.path, found: "no detector", expected: "one, or an error")
    }
    return AssembledDetector(
      detector: detector, ofSamples: ofSamples, trueDetector: trueDetector.flatMap { $0 }, fluxes: fluxes)
  }

  /// Makes the response of a detector, or of a far sample, and checks that it measures some bins, which stand at a place.
  private func makeResponse(
    _ selection: PluginSelection, _ registry: Registry, measuring binnings: [Binning], at place: SourceLocation?
  ) throws -> any Detector {
    let detector: any Detector = try selection.make(registry)
    do {
      for binning in binnings {
        _ = try detector.trueBinning(for: binning.folded.lepton)
        if let axis = binning.hadronic { try check(detector, named: selection.name, measures: axis) }
      }
    } catch let error as NuTuneError {
      throw error.located(at: place, key: selection.path)
    }
    return detector
  }

  /// Bins of hadronic energy need a detector that measures it.
  private func check(_ detector: any Detector, named name: String, measures axis: Axis) throws {
    guard let detector = detector as? any HadronicDetector else {
      throw NuTuneError(
        .badData,
        found: "bins in \(axis.observable.rawValue) for the detector “\(name)”, which measures the lepton alone",
        expected: "{model: calorimeter}, or another detector of hadronic energy, or bins without it")
    }
    guard axis.observable == .reconstructedEnergy else {
      _ = try detector.hadronicResponse(for: axis)
      return
    }
    // Edges in E_had are different for every lepton energy.
    guard (try? detector.hadronicResponse(for: Axis(.hadronicEnergy, edges: [0, 1 / 3.0, 1]))) != nil else {
      throw NuTuneError(
        .badData, found: "bins in reconstructed_energy for a hadronic response from a table of the detector “\(name)”",
        expected: "a response in numbers, which has probabilities between any two visible energies")
    }
  }

  /// An energy scale can be uncertain only where there is one.
  private func checkEnergyScale(of far: AssembledDetector, _ configuration: DetectorConfiguration) throws {
    guard fit.number("nuisance.energy_scale") > 0 else { return }
    let samples = farSamples(of: configuration)
    let ofDetector = samples.isEmpty || samples.contains { $0.detector == nil }
    let used =
      (ofDetector ? [(configuration.detector, far.detector)] : [])
      + samples.compactMap { sample in
        sample.detector.flatMap { selection in far.ofSamples[sample.name].map { (selection, $0) } }
      }
    for (selection, detector) in used where !((detector as? any EnergyScalableDetector)?.hasEnergyScale ?? false) {
      throw NuTuneError(
        .badData, at: fit.location(of: "nuisance.energy_scale"), key: "fit.nuisance.energy_scale",
        found: "the far detector “\(selection.name)”, which has no energy scale",
        expected: "\(selection.path): {model: smearing}, or another one with a scale")
    }
  }

  /// Whether two detectors have the same fluxes in all modes of the study.
  private func hasFluxes(of other: DetectorConfiguration, _ detector: DetectorConfiguration) -> Bool {
    modes.allSatisfy { mode in
      guard let one = detector.flux(mode: mode)?.selection, let two = other.flux(mode: mode)?.selection else {
        return false
      }
      return one.name == two.name && one.directory == two.directory && one.directories == two.directories
        && one.parameters.effective == two.parameters.effective
    }
  }

  private func makeFluxes(
    _ configuration: DetectorConfiguration, at site: DetectorSite, _ registry: Registry
  ) throws -> [String: any FluxProvider] {
    var problems = NuTuneErrors()
    var fluxes: [String: any FluxProvider] = [:]
    for mode in configuration.measurement.map({ [$0.mode] }) ?? modes {
      fluxes[mode] = problems.attempt {
        guard let flux = configuration.flux(mode: mode) else {
          throw NuTuneError(
            .badData, at: configuration.detector.location, key: configuration.detector.path,
            found: "no flux for the horn mode “\(mode)”",
            expected: "one of \(configuration.modes.joined(separator: ", "))")
        }
        let provider: any FluxProvider = try flux.selection.make(registry)
        let channels = site == .far ? farChannels(of: configuration) : channels(of: configuration)
        try check(provider, flux.selection, channels: channels)
        try checkContent(provider, flux.selection, channels: channels, at: site)
        return provider
      }
    }
    try problems.throwIfAny()
    return fluxes
  }

  private func check(_ flux: any FluxProvider, _ selection: PluginSelection, channels: [NeutrinoSpecies]) throws {
    var problems = NuTuneErrors()
    for channel in channels where !flux.species.contains(channel) {
      problems.add(
        NuTuneError(
          .badData, at: selection.location, key: selection.path, found: "no \(channel.rawValue) in the flux",
          expected: "a flux with the channel \(channel.rawValue); it has "
            + flux.species.map(\.rawValue).joined(separator: ", ")))
    }
    if let first = flux.breakpoints.first, let last = flux.breakpoints.last {
      let low = fold.optionalNumber("energy_minimum") ?? first
      let high = fold.optionalNumber("energy_maximum") ?? last
      guard min(high, last) - max(low, first) < StudySections.narrowestFold else { return try problems.throwIfAny() }
      problems.add(
        NuTuneError(
          .badData, at: fold.location(of: "energy_minimum") ?? fold.location(of: "energy_maximum"),
          key: "fold.energy_minimum", found: "energies from \(low) to \(high) GeV",
          expected: "some that \(selection.path) has, \(first) to \(last) GeV"))
    }
    try problems.throwIfAny()
  }
}
