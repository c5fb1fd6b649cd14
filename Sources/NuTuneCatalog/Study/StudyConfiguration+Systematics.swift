import NuTuneCore
import NuTuneStatistics
import NuTuneResults

extension StudyConfiguration {
  /// What differs between members of the ensemble, in a fixed order.
  package var variedSources: [SystematicSource] {
    let named = Set(systematics.texts("ensemble.vary"))
    return SystematicSource.allCases.filter { named.contains($0.rawValue) }
  }

  /// Where a flux throw acts.
  package var fluxVariationPlace: FluxVariationPlace {
    FluxVariationPlace(rawValue: systematics.text("flux.vary")) ?? .model
  }

  /// How near data of a member are drawn.
  package var statisticsMethod: StatisticsMethod {
    StatisticsMethod(rawValue: systematics.text("statistics.method")) ?? .bootstrap
  }

  /// Label of the model of the ensemble.
  package var ensembleLabel: String { systematics.optionalText("ensemble.model") ?? models[0].label }

  /// Labels of the models that members of a varied architecture take in turn.
  package var architectures: [String] { systematics.texts("ensemble.architectures") }

  /// What Slurm is told about the tasks of a job array.
  package var slurm: SlurmSettings {
    SlurmSettings(
      partition: systematics.optionalText("slurm.partition"), account: systematics.optionalText("slurm.account"),
      time: systematics.text("slurm.time"),
      memory: systematics.text("slurm.memory"), options: systematics.texts("slurm.options"))
  }

  /// Whether fits profile nuisance parameters.
  package var hasNuisances: Bool {
    ["energy_scale", "density"].contains { fit.number("nuisance.\($0)") > 0 } || fit.integer("nuisance.flux") > 0
      || farSamples.contains { $0.backgrounds.contains { $0.norm > 0 } }
  }

  /// The covariance of this study's fluxes, in its horn modes and for the species that matter, scaled as it says.
  package var scaledFluxCovariance: FluxCovariance? {
    get throws {
      let helicities = Set(channels.map(\.helicity))
      let species = NeutrinoSpecies.allCases.filter { helicities.contains($0.helicity) }
      return try fluxCovariance?.covariance.restricted(toModes: modes, species: species)
        .scaled(by: systematics.number("flux.scale"))
    }
  }

  static func fluxCovariance(_ systematics: ParameterValues?, in context: ReadingContext) throws
    -> FluxCovarianceConfiguration?
  {
    guard let systematics, let name = systematics.optionalText("flux.covariance") else { return nil }
    return try FluxCovarianceConfiguration(
      named: name, in: context.catalog, at: systematics.location(of: "flux.covariance"),
      key: "systematics.flux.covariance")
  }

  /// Pseudo-experiments that can be drawn, enough of them for a quantile, of a fit of nothing but two parameters.
  private func checkFeldmanCousins(_ refuse: (String, ParameterValues, String, String, String) -> Void) {
    let experiments = fit.integer("feldman_cousins")
    guard experiments > 0 else { return }
    let least = FeldmanCousinsSettings().leastExperiments
    if experiments < least {
      refuse(
        "fit", fit, "feldman_cousins", "\(experiments) pseudo-experiments",
        "at least \(least), so that one lies beyond the region of 95.45 %, or 0 for none")
    }
    if statistic == .poisson {
      refuse(
        "fit", fit, "feldman_cousins", "pseudo-experiments of a fit of numbers",
        "likelihood.statistic: shape, for which they are drawn")
    }
    if farSamples.contains(where: { $0.components.count > 1 }) {
      refuse(
        "fit", fit, "feldman_cousins", "pseudo-experiments of samples that are sums of components",
        "far.samples of one component each, for which they are drawn")
    }
    if hasNuisances {
      refuse(
        "fit", fit, "feldman_cousins", "pseudo-experiments of a fit that profiles nuisance parameters",
        "fit.nuisance.flux, energy_scale and density and norms of backgrounds of 0: the regions know nothing but the two "
          + "parameters")
    }
    if !fit.texts("priors").isEmpty {
      refuse(
        "fit", fit, "feldman_cousins", "pseudo-experiments of a fit with priors",
        "no fit.priors: the regions know nothing but the two parameters")
    }
    if farEvents > StudySections.largestDraw {
      refuse(
        "fit", fit, "feldman_cousins", "pseudo-experiments of \(ParameterValue.number(farEvents)) far events",
        "far.events of at most \(Int(StudySections.largestDraw))")
    }
  }

  /// Mistakes in labels of models.
  private var labelProblems: NuTuneErrors {
    var problems = NuTuneErrors()
    let labels = models.map(\.label)
    for (name, given) in [
      ("ensemble.model", systematics.optionalText("ensemble.model").map { [$0] } ?? []),
      ("ensemble.architectures", architectures),
    ] {
      for label in given where !labels.contains(label) {
        problems.add(
          NuTuneError(
            .badData, at: systematics.location(of: name), key: "systematics.\(name)", found: "“\(label)”",
            expected: "a label of models: \(labels.joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: label, among: labels)))
      }
    }
    return problems
  }

  /// Mistakes in what Slurm is told.
  private var slurmProblems: NuTuneErrors {
    var problems = NuTuneErrors()
    do {
      try slurm.check()
    } catch {
      var found = NuTuneErrors()
      found.add(error)
      for var problem in found.errors {
        let name = problem.key.map { "slurm.\($0)" } ?? "slurm.options"
        problem.key = "systematics.\(name)"
        problems.add(problem.located(at: systematics.location(of: name)))
      }
    }
    return problems
  }

  /// Checks that what is to vary can: every mistake is reported.
  func checkSystematics() throws {
    var problems = NuTuneErrors()
    func refuse(_ key: String, in section: ParameterValues, _ name: String, found: String, expected: String) {
      problems.add(
        NuTuneError(
          .badData, at: section.location(of: name), key: "\(key).\(name)", found: found, expected: expected))
    }
    let vary = variedSources
    if vary.isEmpty {
      refuse("systematics", in: systematics, "ensemble.vary", found: "nothing", expected: "at least one source")
    }
    if vary.contains(.flux), fluxCovariance == nil {
      refuse(
        "systematics", in: systematics, "ensemble.vary", found: "flux without a covariance",
        expected: "systematics.flux.covariance, the name of an entry of flux-covariances")
    }
    if fluxCovariance != nil, nearDetectors.count > 1 || prediction != nil {
      refuse(
        "systematics", in: systematics, "flux.covariance",
        found: nearDetectors.count > 1
          ? "a covariance with \(nearDetectors.count) near detectors" : "a covariance with predict",
        expected: "one near and one far detector of the same beam, which is what flux covariances know")
    }
    if vary.contains(.statistics), nearEvents == nil {
      refuse(
        "systematics", in: systematics, "ensemble.vary", found: "statistics with infinitely many near events",
        expected: "a number of near.events")
    }
    if vary.contains(.architecture), architectures.count < 2 {
      refuse(
        "systematics", in: systematics, "ensemble.vary",
        found: "architecture with \(architectures.count) of them", expected: "at least 2 in ensemble.architectures")
    }
    problems.add(labelProblems)
    problems.add(slurmProblems)
    if fit.integer("nuisance.flux") > 0, fluxCovariance == nil {
      refuse(
        "fit", in: fit, "nuisance.flux", found: "flux components without a covariance",
        expected: "systematics.flux.covariance, the name of an entry of flux-covariances")
    }
    if fit.integer("feldman_cousins") > 0, oscillation.fit.count != 2 {
      refuse(
        "fit", in: fit, "feldman_cousins", found: "a fit of \(oscillation.fit.count) parameters",
        expected: "two in oscillation.fit")
    }
    checkFeldmanCousins { refuse($0, in: $1, $2, found: $3, expected: $4) }
    if vary.contains(.statistics), let events = nearEvents, events > StudySections.largestDraw {
      problems.add(
        NuTuneError(
          .badData, at: near.location(of: "events"), key: "near.events",
          found: "\(ParameterValue.number(events)) events that every member draws",
          expected: "at most \(Int(StudySections.largestDraw)), or ensemble.vary without statistics"))
    }
    try problems.throwIfAny()
  }
}
