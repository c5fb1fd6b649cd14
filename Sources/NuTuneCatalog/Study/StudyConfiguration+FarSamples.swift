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
    if !farSamples.isEmpty, farDetector == nil || prediction?.site == .near {
      problems.add(
        NuTuneError(
          .badData, at: farSamples[0].location, key: "far.samples", found: "samples of no far detector",
          expected: "an experiment with one"))
    }
    for sample in farSamples {
      guard let binning = sample.binning ?? farDetector?.binning else { continue }
      for background in sample.backgrounds { problems.attempt { try background.check(binning) } }
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

  /// The backgrounds of all far samples in their bins.
  var farBackgrounds: [Background] {
    farSamples.flatMap { sample in
      sample.backgrounds.compactMap { background in
        (sample.binning ?? farDetector?.binning).map {
          Background(
            background.name, in: sample.measuredAs, events: background.contents(in: $0), sigma: background.norm)
        }
      }
    }
  }

  /// What a fit of numbers does not know of numbers: norms by what they act on, then those of samples.
  var norms: [NormUncertainty] {
    guard statistic == .poisson else { return [] }
    let general = NormUncertainty.Kind.allCases.compactMap { kind -> NormUncertainty? in
      let sigma = likelihood.optionalNumber("norm.\(kind.rawValue)")
      return sigma == 0 ? nil : NormUncertainty(kind, sigma: sigma)
    }
    return general
      + sampleNorms.compactMap { norm in
        farSamples.first { $0.name == norm.sample }.map {
          NormUncertainty(ofSample: $0.measuredAs, titled: norm.sample, sigma: norm.sigma)
        }
      }
  }

  /// Keys of norms that act on nothing, with the reason.
  var idleNorms: (keys: [String], reason: String) {
    guard statistic == .poisson else {
      return (
        NormUncertainty.Kind.allCases.map { "norm.\($0.rawValue)" },
        "shapes do not see it; likelihood.statistic: poisson compares numbers"
      )
    }
    let isBeam = farSamples.contains { $0.components.contains { $0.initial == .electron } }
    let isWrongSign = samples(at: .far).contains {
      ($0.reaction.species.helicity == .antineutrino) != ($0.mode == "rhc")
    }
    let signs = Set(samples(at: .far).map(\.reaction.species.helicity))
    return (
      Helicity.allCases.filter { !signs.contains($0) }.map { "norm.\($0.rawValue)" }
        + (isBeam ? [] : ["norm.beam_electron"]) + (isWrongSign ? [] : ["norm.wrong_sign"]),
      "it acts on far samples, or components of them, that are not there"
    )
  }
}
