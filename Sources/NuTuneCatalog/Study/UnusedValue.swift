import NuTuneAnalysis
import NuTuneCore

/// A value that a user gave and that nothing uses, with what would use it.
package struct UnusedValue: Sendable, Equatable, CustomStringConvertible {
  /// Where it stands.
  package var location: SourceLocation?
  /// Its key, `experiment.far.exposure`.
  package var key: String
  /// Why it has no effect, and what would use it.
  package var reason: String

  /// `file:line:column: key has no effect: reason`.
  package var description: String { (location.map { "\($0): " } ?? "") + "\(key) has no effect: \(reason)" }
}

extension StudyConfiguration {
  /// Values that the study gives and that nothing uses, in the order of the reference.
  package var unusedValues: [UnusedValue] {
    unusedInExperiment + unusedInSections
  }

  private var unusedInExperiment: [UnusedValue] {
    var unused: [UnusedValue] = []
    func isOfStudy(_ location: SourceLocation?) -> Bool {
      location?.file == path || location?.file == StudyOverride.file
    }
    // Far events by rate are shared out among horn modes whose protons on target differ.
    let sharesFarEvents = prediction == nil && !farSamples.flatMap(\.components).contains { $0.events != nil }
    if let far = experiment.far, !(sharesFarEvents && comparesModes(far)),
      let place = far.exposureLocations.first(where: { isOfStudy($0) && $0.file != far.eventsLocation?.file })
        ?? (far.events == nil ? far.exposureLocations.first : nil)
    {
      unused.append(
        UnusedValue(
          location: place, key: "\(far.path).exposure",
          reason: "events at the far detector are a number of their own; far.events or \(far.path).events sets it"))
    }
    if nearDetectors.count == 1, let near = nearDetectors.first, !comparesModes(near),
      let place = near.exposureLocations.first(where: isOfStudy)
    {
      unused.append(
        UnusedValue(
          location: place, key: "\(near.path).exposure",
          reason:
            "it shares out near.events among several near detectors, or horn modes with protons on target of their "
            + "own, and this study has one; near.events sets it")
      )
    }
    if prediction != nil, let far = experiment.far,
      let place = ([far.detector.location, far.hasOwnBinning ? far.binningLocation : nil] + far.exposureLocations)
        .first(where: isOfStudy)
    {
      unused.append(
        UnusedValue(
          location: place, key: far.path,
          reason: "predict puts another detector in its place; predict.experiment.far is used"
        ))
    }
    return unused
  }

  /// What only measured data use, or only simulated ones.
  private var unusedOfData: [UnusedValue] {
    func unused(_ section: ParameterValues, _ name: String, _ names: [String], _ reason: String) -> [UnusedValue] {
      names.filter(section.isGiven).map {
        UnusedValue(location: section.location(of: $0), key: "\(name).\($0)", reason: reason)
      }
    }
    guard !measurements.isEmpty else {
      return unused(
        likelihood, "likelihood", ["measured", "flux_components", "flux_pulls", "pseudo_data", "pseudo_experiments"],
        "no data are measured; a list of measurements under data would be")
    }
    return unused(
      likelihood, "likelihood", likelihood.integer("flux_components") == 0 ? ["flux_pulls"] : [],
      "the flux uncertainty stays in the covariance; likelihood.flux_components would fit it")
      + unused(
        likelihood, "likelihood", ["statistic"],
        "measured values are compared as likelihood.measured says, and there are no far events")
      + unused(slices, "slices", ["energies"], "slices compare models with a truth, and measured data have none")
      + unused(
        near, "near", ["events", "sample", "precision", "lepton_sign"],
        "near data are measured; truth: {model: …} would be drawn from"
      )
  }

  private var unusedInSections: [UnusedValue] {
    var unused: [UnusedValue] = []
    func add(_ section: ParameterValues, _ name: String, _ names: [String], _ reason: String) {
      for key in names where section.isGiven(key) {
        unused.append(UnusedValue(location: section.location(of: key), key: "\(name).\(key)", reason: reason))
      }
    }
    if nearEvents != nil { add(near, "near", ["precision"], "it belongs to near.events: infinite") }
    if farDetector == nil {
      add(
        far, "far", ["events", "sample", "flux", "exposure"],
        "\(experiment.title) has no far detector; predict names another one")
    }
    unused += unusedOfData
    unused += unusedNorms
    addUnusedInFit(add)
    let vary = variedSources
    if fluxCovariance == nil {
      add(
        systematics, "systematics", ["flux.vary", "flux.scale"],
        "there is no covariance to throw from; systematics.flux.covariance names one")
    } else if !vary.contains(.flux) {
      let user = "flux in systematics.ensemble.vary"
      add(systematics, "systematics", ["flux.vary"], "no flux is thrown; \(user) does")
      if oscillation.fit.isEmpty || fit.integer("nuisance.flux") == 0 {
        add(systematics, "systematics", ["flux.covariance", "flux.scale"], "\(user) or fit.nuisance.flux would use it")
      }
    }
    if !vary.contains(.statistics) {
      add(systematics, "systematics", ["statistics.method"], "statistics in systematics.ensemble.vary would use it")
    }
    return unused
  }

  /// Values of `fit` that decide nothing.
  private func addUnusedInFit(
    _ add: (_ section: ParameterValues, _ name: String, _ names: [String], _ reason: String) -> Void
  ) {
    let beside = [
      "scan_points", "nuisance.flux", "nuisance.retune", "nuisance.energy_scale", "nuisance.density",
      "hypotheses",
    ]
    if oscillation.fit.isEmpty {
      add(fit, "fit", beside, "nothing is fitted; oscillation.fit names parameters")
      // Without a fit it still decides whether far predictions have bands.
      if farDetector == nil { add(fit, "fit", ["marginalize"], "nothing is fitted or predicted") }
    } else {
      if oscillation.fit.count == 2 {
        add(fit, "fit", ["planes"], "two fitted parameters have one plane, which is drawn")
      }
      if oscillation.fit.count == 1 {
        add(fit, "fit", ["scan_points"], "a scan needs two parameters in oscillation.fit")
      }
      if fit.integer("nuisance.flux") == 0 {
        add(fit, "fit", ["nuisance.retune"], "no component of the flux is profiled; fit.nuisance.flux says how many")
      }
    }
  }
}
