import NuTuneCore

extension StudyConfiguration {
  /// The study as it is run: every value by dotted path, every default of the study and of its plugins filled in.
  ///
  /// File names stay as written, relative to the file that names them.
  public var effective: EffectiveStudy {
    var values: [String: ParameterValue] = [
      "schema": .text(Self.schemaName), "name": .text(name), "title": .text(title),
      "channels": .texts(channels.map(\.rawValue)), "modes": .texts(modes),
    ]
    func add(_ other: [String: ParameterValue]) { values.merge(other) { $1 } }
    add(experiment.effective)
    add(truth.effective)
    for model in models { add(model.effective) }
    add(oscillation.selection.effective)
    values["oscillation.preset"] = oscillation.preset.map { .text($0) }
    values["oscillation.fit"] = .texts(oscillation.fit)
    let sections = [
      "near": near, "far": far, "seed": seed, "slices": slices, "fold": fold, "fit": fit,
      "systematics": systematics,
    ]
    for (key, section) in sections {
      for (name, value) in section.effective { values["\(key).\(name)"] = value }
    }
    values["near.sample"] = .text(nearSampling.rawValue)
    values["seed.network"] = .integer(networkSeed)
    values["seed.data"] = .integer(dataSeed)
    return EffectiveStudy(
      name: name, title: title, models: models.map(\.label), values: values, plugins: plugins.isEmpty ? nil : plugins)
  }
}

extension ExperimentConfiguration {
  fileprivate var effective: [String: ParameterValue] {
    var values: [String: ParameterValue] = [
      "experiment.name": .text(name), "experiment.title": .text(title), "experiment.target": .text(target.name),
      "experiment.baseline.length": .number(baseline.length),
      "experiment.baseline.density": .number(baseline.density),
      "experiment.baseline.electron_fraction": .number(baseline.electronFraction),
    ]
    values["experiment.base"] = base.map { .text($0) }
    for site in DetectorSite.allCases {
      guard let detector = detector(at: site) else { continue }
      let path = "experiment.\(site.rawValue)"
      values.merge(detector.detector.effective) { $1 }
      for axis in [detector.binning.first, detector.binning.second] {
        values["\(path).binning.\(axis.observable.rawValue)"] = .numbers(axis.edges)
      }
      for flux in detector.fluxes {
        values.merge(flux.selection.effective) { $1 }
        values["\(flux.selection.path).base"] = flux.base.map { .text($0) }
      }
    }
    return values
  }
}
