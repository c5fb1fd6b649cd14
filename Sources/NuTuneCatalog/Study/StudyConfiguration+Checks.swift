import Foundation
import NuTuneCore

extension StudyConfiguration {
  /// Structure functions belong to one target: experiments with another one serve their own far samples, and models learn
  /// from near data on every target.
  func checkTargets() throws {
    var problems = NuTuneErrors()
    let labels = Set(farSamples.compactMap(\.experiment))
    let others = joint.filter { !labels.contains($0.label) } + (prediction.map { [$0.experiment] } ?? [])
    for other in others where other.target != experiment.target {
      problems.add(
        NuTuneError(
          .badData, at: other.targetLocation, key: "\(other.path).target", found: other.target.name,
          expected:
            "\(experiment.target.name), the target of \(experiment.path): structure functions belong to one target",
          suggestion: "{base: \(other.base ?? other.name), target: \(experiment.target.name)}"))
    }
    for model in models where problems.errors.isEmpty {
      guard let tuning = tunings[model.label], let positions = tuning.positions else { continue }
      let learned = nearDetectors.filter { positions.contains($0.position) }.map { self.experiment(of: $0).target }
      for target in targets where !learned.isEmpty && !learned.contains(target) {
        let others = nearDetectors.filter { self.experiment(of: $0).target == target }.map(\.position)
        problems.add(
          NuTuneError(
            .badData, at: tuning.positionsLocation, key: "\(model.path).tune_on",
            found: "no near detector on \(target.name)",
            expected: "one of \(others.joined(separator: ", ")) beside it: structure functions belong to one target"))
      }
    }
    try problems.throwIfAny()
  }

  /// What is predicted has a number of events and a flux of its own.
  func checkPrediction() throws {
    var problems = NuTuneErrors()
    let hasEvents =
      far.optionalNumber("events") != nil || farSamples.contains { $0.components.contains { $0.events != nil } }
    if let detector = farDetector, !hasEvents, detector.events == nil {
      problems.add(
        NuTuneError(
          .badData, at: prediction?.experiment.targetLocation, key: "far.events", found: "nothing",
          expected: "a number of events, because \(detector.path) gives none"))
    }
    if let detector = farDetector, !hasEvents, let events = detector.events {
      let samples = samples(at: .far)
      if samples.count > 1 || samples.first?.mode != detector.modes.first {
        problems.add(
          NuTuneError(
            .badData, at: far.location(of: "sample"), key: "far.events",
            found: "nothing, for \(samples.map(\.name).joined(separator: ", "))",
            expected:
              "a number of events of all these samples; the \(ParameterValue.number(events)) of \(detector.path) are "
              + "those of one channel in the mode \(detector.modes.first ?? "")"))
      }
    }
    if prediction != nil, let location = far.location(of: "flux"), far.optionalText("flux") == "near" {
      problems.add(
        NuTuneError(
          .badData, at: location, key: "far.flux", found: "“near” with predict",
          expected: "own, because the flux is that of another beam"))
    }
    if let detector = farDetector, farSampling == .poisson, farEvents > StudySections.largestDraw,
      far.optionalNumber("events") == nil
    {
      problems.add(
        NuTuneError(
          .badData, at: detector.eventsLocation, key: "\(detector.path).events",
          found: "\(ParameterValue.number(farEvents)) events to draw",
          expected: "at most \(Int(StudySections.largestDraw)), or far.sample: asimov"))
    }
    try problems.throwIfAny()
  }

  /// Events are shared out by exposures, which every near detector and every horn mode then has.
  func checkExposures() throws {
    var problems = NuTuneErrors()
    let exposed = nearDetectors.filter { $0.exposure != nil }
    if nearEvents != nil, !exposed.isEmpty, let other = nearDetectors.first(where: { $0.exposure == nil }) {
      problems.add(
        NuTuneError(
          .badData, at: other.binningLocation, key: "\(other.path).exposure",
          found: "nothing, beside an exposure of \(exposed[0].path)",
          expected: "protons on target and mass of every near detector, by which near.events are shared out"))
    }
    for detector in nearDetectors + farDetectors {
      guard let exposure = detector.exposure, exposure.pot == nil else { continue }
      for mode in modes where exposure.pots[mode] == nil {
        problems.add(
          NuTuneError(
            .badData, at: detector.exposureLocations.first, key: "\(detector.path).exposure.pot",
            found: "no protons on target in the horn mode “\(mode)”",
            expected: "those of every horn mode of the study, \(modes.joined(separator: ", ")), or one number for all"))
      }
    }
    try problems.throwIfAny()
  }

  /// Whether the exposure of a detector says how many events the horn modes of the study have relative to one another.
  func comparesModes(_ detector: DetectorConfiguration) -> Bool {
    Set(detector.exposure?.values(in: modes) ?? []).count > 1
  }

  static func checkSampling(_ sections: [String: ParameterValues]) throws {
    guard let near = sections["near"], near.optionalNumber("events") == nil, let method = near.optionalText("sample"),
      method != "asimov"
    else {
      return
    }
    throw NuTuneError(
      .badData, at: near.location(of: "sample"), key: "near.sample", found: "“\(method)” with infinitely many events",
      expected: "asimov, or a number of near.events")
  }

  /// Events that are drawn have to be countable by the generator of random numbers.
  static func checkDraws(_ sections: [String: ParameterValues]) throws {
    var problems = NuTuneErrors()
    for site in ["near", "far"] {
      if let section = sections[site] { problems.attempt { try checkDraw(section, site) } }
    }
    try problems.throwIfAny()
  }

  private static func checkDraw(_ section: ParameterValues, _ site: String) throws {
    guard let events = section.optionalNumber("events"), events > StudySections.largestDraw,
      section.optionalText("sample") != "asimov"
    else { return }
    throw NuTuneError(
      .badData, at: section.location(of: "events"), key: "\(site).events", found: "\(Int(events)) events to draw",
      expected: "at most \(Int(StudySections.largestDraw)), or \(site).sample: asimov")
  }

  static func checkEnergies(_ sections: [String: ParameterValues]) throws {
    guard let fold = sections["fold"], let low = fold.optionalNumber("energy_minimum"),
      let high = fold.optionalNumber("energy_maximum"),
      high - low < StudySections.narrowestFold
    else { return }
    throw NuTuneError(
      .badData, at: fold.location(of: "energy_minimum") ?? fold.location(of: "energy_maximum"),
      key: "fold.energy_minimum", found: "\(low) GeV",
      expected: "at least \(StudySections.narrowestFold) GeV less than fold.energy_maximum "
        + "(\(high) GeV)")
  }
}
