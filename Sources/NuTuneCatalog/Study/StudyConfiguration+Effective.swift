import NuTuneAnalysis
import NuTuneCore
import NuTuneResults

extension StudyConfiguration {
  /// The study as it is run: every value by dotted path, every default of the study and of its plugins filled in.
  ///
  /// File names stay as written, relative to the file that names them.
  package var effective: EffectiveStudy {
    var values: [String: ParameterValue] = [
      "schema": .text(Self.schemaName), "name": .text(name), "title": .text(title),
      "channels": .texts(channels.map(\.rawValue)), "modes": .texts(modes),
    ]
    func add(_ other: [String: ParameterValue]) { values.merge(other) { $1 } }
    add(experiment.effective)
    if let truth { add(truth.effective) }
    for role in Dataset.Role.allCases {
      let names = measurements.filter { $0.role == role }.map(\.name)
      if !names.isEmpty { values["data.\(role.rawValue)"] = .texts(names) }
    }
    for measurement in measurements {
      let path = "data.\(measurement.role.rawValue).\(measurement.name)"
      if measurement.weight != 1 { values["\(path).weight"] = .number(measurement.weight) }
      guard let selection = measurement.selection else { continue }
      values["\(path).measurement"] = .text(selection.entry)
      for (observable, range) in selection.ranges {
        values["\(path).select.\(observable.rawValue)"] = .texts(
          [range.lowerBound, range.upperBound].map { $0.isFinite ? "\($0)" : MeasurementSelection.open })
      }
    }
    for other in joint { add(other.effective) }
    if let prediction {
      add(prediction.experiment.effective)
      values["predict.at"] = .text(prediction.site == .far ? "far" : prediction.detector.position.nonEmpty ?? "near")
    }
    for model in models {
      add(model.effective)
      add(tunings[model.label]?.effective(path: model.path) ?? [:])
    }
    add(oscillation.selection.effective)
    values["oscillation.preset"] = oscillation.preset.map { .text($0) }
    values["oscillation.fit"] = .texts(oscillation.fit)
    let sections = [
      "near": near, "far": far, "likelihood": likelihood, "seed": seed, "slices": slices, "fold": fold, "fit": fit,
      "systematics": systematics,
    ]
    for (key, section) in sections {
      for (name, value) in section.effective { values["\(key).\(name)"] = value }
    }
    add(effectiveLists)
    if let eventsAt {
      for (name, value) in eventsAt.selection.effective where name.hasPrefix("far.events_at") { values[name] = value }
      values["far.events_at.preset"] = eventsAt.preset.map { .text($0) }
    }
    if farDetector != nil {
      if farSamples.flatMap(\.components).allSatisfy({ $0.events == nil }) { values["far.events"] = .number(farEvents) }
      // Experiments may differ in it; then each says its own.
      let choices = Set(farDetectors.map(usesOwnFlux))
      values["far.flux"] = choices.count > 1 ? nil : .text((usesOwnFarFlux ? FarFlux.own : .near).rawValue)
    }
    values["slices.energies"] = .numbers(sliceEnergies)
    values["near.sample"] = .text(nearSampling.rawValue)
    values["seed.network"] = .integer(networkSeed)
    values[EffectiveStudy.dataSeedKey] = .integer(dataSeed)
    return EffectiveStudy(
      name: name, title: title, models: models.map(\.label), values: values, plugins: plugins.isEmpty ? nil : plugins)
  }
}

extension StudyConfiguration {
  /// Samples, their norms and nuisances, which are lists by name.
  private var effectiveLists: [String: ParameterValue] {
    var values: [String: ParameterValue] = [:]
    for sample in farSamples { values.merge(sample.effective) { $1 } }
    for norm in experimentNorms { values.merge(norm.effective) { $1 } }
    for norm in sampleNorms { values[norm.path] = norm.sigma.map { .number($0) } ?? .text(StudySections.free) }
    for nuisance in hadronicNuisances {
      values[nuisance.path] = nuisance.width.map { .number($0) } ?? .text(StudySections.free)
    }
    return values
  }
}

extension ExperimentConfiguration {
  fileprivate var effective: [String: ParameterValue] {
    var values: [String: ParameterValue] = [
      "\(path).name": .text(name), "\(path).title": .text(title), "\(path).target": .text(target.name),
    ]
    if let baseline {
      values["\(path).baseline.length"] = .number(baseline.length)
      values["\(path).baseline.density"] = .number(baseline.density)
      values["\(path).baseline.electron_fraction"] = .number(baseline.electronFraction)
    }
    values["\(path).base"] = base.map { .text($0) }
    for detector in detectors { values.merge(detector.effective) { $1 } }
    return values
  }
}

extension DetectorConfiguration {
  fileprivate var effective: [String: ParameterValue] {
    var values = detector.effective
    if let trueDetector { values.merge(trueDetector.effective) { $1 } }
    for (index, grid) in binning.grids.enumerated() {
      let block = binning.grids.count > 1 ? ".\(index)" : ""
      for axis in [grid.first, grid.second] + (binning.hadronic(ofGrid: index).map { [$0] } ?? []) {
        values.merge(axis.effective("\(path).binning\(block)")) { $1 }
      }
    }
    values["\(path).binning.largest_angle"] = binning.largestAngle.map { .number($0) }
    for flux in fluxes {
      values.merge(flux.selection.effective) { $1 }
      values["\(flux.selection.path).base"] = flux.base.map { .text($0) }
    }
    values["\(path).exposure.pot"] = exposure?.pot.map { .number($0) }
    for (mode, pot) in exposure?.pots ?? [:] { values["\(path).exposure.pot.\(mode)"] = .number(pot) }
    values["\(path).exposure.mass"] = exposure.map { .number($0.mass) }
    values["\(path).events"] = events.map { .number($0) }
    values["\(path).flux"] = fluxChoice.map { .text($0.rawValue) }
    return values
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
