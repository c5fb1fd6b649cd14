import NuTuneAnalysis
import NuTuneCore

extension StudyConfiguration {
  /// The oscillation at whose parameters events of far components are given; the model is that of the study when left out.
  static func eventsAt(_ node: ConfigurationNode, in context: ReadingContext) throws -> OscillationConfiguration? {
    guard let written = node["far"]?["events_at"] else { return nil }
    let path = "far.events_at"
    _ = try written.entries(of: path)
    if let fit = written["fit"] {
      throw NuTuneError(
        .badData, at: fit.location, key: "\(path).fit", found: "parameters to fit",
        expected: "oscillation parameters with their values; oscillation.fit says what is fitted")
    }
    var named = written
    if written["model"] == nil, let model = node["oscillation"]?["model"] {
      named = try written.setting(["model"], to: model)
    }
    return try OscillationConfiguration(from: named, at: written.location, path: path, in: context)
  }

  /// Far samples have a horn mode of the study, one set of bins, and their events once.
  func checkFarSamples() throws {
    var problems = NuTuneErrors()
    for sample in farSamples where !modes.contains(sample.mode) {
      problems.add(
        NuTuneError(
          .badData, at: sample.modeLocation, key: "\(sample.path).mode", found: "“\(sample.mode)”",
          expected: "one of \(modes.joined(separator: ", ")), the horn modes of the study",
          suggestion: Suggestion.nearest(to: sample.mode, among: modes)))
    }
    let events = farSamples.flatMap(\.components).compactMap(\.events)
    if !events.isEmpty, let location = far.location(of: "events") {
      problems.add(
        NuTuneError(
          .badData, at: location, key: "far.events", found: "a number of events beside those of components",
          expected: "one of both"))
    }
    if let eventsAt, events.isEmpty {
      problems.add(
        NuTuneError(
          .badData, at: eventsAt.selection.location, key: "far.events_at", found: "parameters for no numbers of events",
          expected: "components with events in far.samples"))
    }
    problems.attempt(checkFarExperiments)
    if !farSamples.isEmpty, !hasJointFarSamples, farDetector == nil || prediction?.site == .near {
      problems.add(
        NuTuneError(
          .badData, at: farSamples[0].location, key: "far.samples", found: "samples of no far detector",
          expected: "an experiment with one"))
    }
    for sample in farSamples {
      guard let binning = sample.binning ?? binning(of: sample) else { continue }
      for background in sample.backgrounds { problems.attempt { try background.check(binning) } }
    }
    let experiments = farDetectors.map { experiment(of: $0).label }
    for norm in experimentNorms where !experiments.contains(norm.experiment) {
      problems.add(
        NuTuneError(
          .badData, at: norm.location, key: norm.path, found: "no far samples of “\(norm.experiment)”",
          expected: experiments.isEmpty
            ? "an experiment with a far detector"
            : "one of \(experiments.joined(separator: ", ")), the experiments with far samples",
          suggestion: Suggestion.nearest(to: norm.experiment, among: experiments)))
    }
    for norm in sampleNorms where !farSamples.contains(where: { $0.name == norm.sample }) {
      problems.add(
        NuTuneError(
          .badData, at: norm.location, key: norm.path, found: "no sample “\(norm.sample)”",
          expected: farSamples.isEmpty
            ? "far.samples, by whose names norms of samples go"
            : "one of \(farSamples.map(\.name).joined(separator: ", ")), the names in far.samples",
          suggestion: Suggestion.nearest(to: norm.sample, among: farSamples.map(\.name))))
    }
    try problems.throwIfAny()
  }

  /// The bins of the far detector that measures a sample.
  private func binning(of sample: FarSampleConfiguration) -> Binning? {
    farDetectors.first { farSamples(of: $0).contains { $0.name == sample.name } }?.binning
  }

  /// The backgrounds of all far samples in their bins.
  var farBackgrounds: [Background] {
    farSamples.flatMap { sample in
      sample.backgrounds.compactMap { background in
        (sample.binning ?? binning(of: sample)).map {
          Background(
            background.name, in: sample.measuredAs, events: background.contents(in: $0), sigma: background.norm)
        }
      }
    }
  }

  /// What a fit of numbers does not know of numbers: norms by what they act on, those of all far samples first, then those
  /// of experiments and of samples.
  package var norms: [NormUncertainty] {
    guard statistic == .poisson else { return [] }
    let general = likelihood.norms(prefix: "norm.").map { NormUncertainty($0.kind, sigma: $0.sigma) }
    let ofExperiments = experimentNorms.flatMap { experiment in
      experiment.norms.norms().map {
        NormUncertainty(
          $0.kind, ofExperiment: hasJointFarSamples ? experiment.experiment : "", titled: experiment.experiment,
          sigma: $0.sigma)
      }
    }
    return general + ofExperiments
      + sampleNorms.compactMap { norm in
        farSamples.first { $0.name == norm.sample }.map {
          NormUncertainty(ofSample: $0.measuredAs, titled: norm.sample, sigma: norm.sigma)
        }
      }
  }

  /// Experiments of far samples are those of the study and have a far detector; see ``checkJointNumbers()`` for several.
  private func checkFarExperiments() throws {
    var problems = NuTuneErrors()
    let withFar = ([experiment] + joint).filter { $0.far != nil }.map(\.label)
    func refuse(_ sample: FarSampleConfiguration, found: String, expected: String? = nil, suggestion: String? = nil) {
      problems.add(
        NuTuneError(
          .badData, at: sample.experimentLocation, key: "\(sample.path).experiment", found: found,
          expected: expected
            ?? (withFar.isEmpty ? "an experiment with one" : "one of \(withFar.joined(separator: ", "))"),
          suggestion: suggestion))
    }
    for sample in farSamples {
      guard let label = sample.experiment else {
        if hasJointFarSamples, experiment.far == nil {
          refuse(sample, found: "nothing, which stands for \(experiment.label), without a far detector")
        }
        continue
      }
      if prediction != nil {
        refuse(
          sample, found: "“\(label)” beside predict",
          expected: "one of both: predict names the detector of all far samples")
      } else if !experimentLabels.contains(label) {
        refuse(
          sample, found: "“\(label)”",
          expected: "one of \(experimentLabels.joined(separator: ", ")), the experiment and those under joint",
          suggestion: Suggestion.nearest(to: label, among: experimentLabels))
      } else if !withFar.contains(label) {
        refuse(sample, found: "“\(label)”, which has no far detector")
      }
    }
    try problems.throwIfAny()
    if hasJointFarSamples { try checkJointNumbers() }
  }

  /// Components of several experiments have numbers of events, and near events of their neutrino sign.
  private func checkJointNumbers() throws {
    var problems = NuTuneErrors()
    let signs = Set(channels.map(\.helicity))
    for sample in farSamples {
      for component in sample.components {
        func refuse(_ found: String, _ expected: String) {
          problems.add(
            NuTuneError(
              .badData, at: sample.location, key: "\(sample.path).components.\(component.key)", found: found,
              expected: expected))
        }
        let helicity = component.species.helicity
        if component.events == nil {
          refuse(
            "“\(FarSampleConfiguration.byRate)” with several experiments",
            "a number of events: beams and detectors of different experiments have no exposure in common")
        } else if !signs.contains(helicity) {
          refuse(
            "\(helicity.rawValue)s without near events of that sign at \(sample.experiment ?? experiment.label)",
            "channels of both neutrino signs, because near events fix the scale of far ones")
        }
      }
    }
    try problems.throwIfAny()
  }

  /// Norms that the study gives and that nothing uses.
  var unusedNorms: [UnusedValue] {
    let reason =
      statistic == .poisson
      ? "it acts on far samples, or components of them, that are not there"
      : "shapes do not see it; likelihood.statistic: poisson compares numbers"
    func unused(_ values: ParameterValues, _ path: String, prefix: String = "", in detectors: [DetectorConfiguration])
      -> [UnusedValue]
    {
      idleNorms(of: detectors).map { prefix + $0.rawValue }.filter(values.isGiven).map {
        UnusedValue(location: values.location(of: $0), key: "\(path).\($0)", reason: reason)
      }
    }
    return unused(likelihood, "likelihood", prefix: "norm.", in: farDetectors)
      + experimentNorms.flatMap { norm in
        unused(norm.norms, norm.path, in: farDetectors.filter { experiment(of: $0).label == norm.experiment })
      }
      + (statistic == .poisson ? [] : sampleNorms).map {
        UnusedValue(location: $0.location, key: $0.path, reason: reason)
      }
  }

  /// Norms that move no charged-current events of some far detectors.
  private func idleNorms(of detectors: [DetectorConfiguration]) -> [NormUncertainty.Kind] {
    guard statistic == .poisson else { return NormUncertainty.Kind.allCases }
    return NormUncertainty.Kind.allCases.filter { kind in
      detectors.allSatisfy { detector in
        farSamples.isEmpty
          ? samples(of: detector, at: .far).allSatisfy {
            kind.sign(for: $0.reaction.species, from: nil, mode: $0.mode) == 0
          }
          : farSamples(of: detector).allSatisfy { sample in
            sample.components.allSatisfy { kind.sign(for: $0.species, from: $0.initial, mode: sample.mode) == 0 }
          }
      }
    }
  }
}
