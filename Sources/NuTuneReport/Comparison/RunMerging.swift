import NuTuneCore
import NuTuneResults

/// Merges comparable runs into one.
struct RunMerging {
  /// One run with the models of all.
  let merged: FinishedRun
  /// Remarks on results that had to be left out.
  let notes: [String]

  /// Merges runs that passed ``Comparability``.
  init(runs: [FinishedRun], names: [String]) {
    let first = runs[0]
    var (models, failures): ([String: ModelResults], [String: String]) = ([:], [:])
    var (labels, notes): ([String], [String]) = ([], [])
    var values = first.results.study.values.filter { key, value in
      !key.hasPrefix("models.") && runs.allSatisfy { $0.results.study.values[key] == value }
    }
    var (seeds, seconds): ([String: Int], [String: Double]) = ([:], [:])
    for (name, run) in zip(names, runs) {
      for label in run.labels {
        labels.append("\(name)/\(label)")
        models["\(name)/\(label)"] = run.results.models[label]
      }
      for (label, sentence) in run.results.failures ?? [:] { failures["\(name)/\(label)"] = sentence }
      for (key, value) in run.results.study.values where key.hasPrefix("models.") {
        values["models.\(name)/\(key.dropFirst("models.".count))"] = value
      }
      for (purpose, seed) in run.results.provenance.seeds { seeds["\(name) \(purpose)"] = seed }
      for (stage, time) in run.results.provenance.seconds { seconds["\(name) \(stage)"] = time }
    }

    func common(_ value: (Provenance) -> String) -> String {
      let all = runs.map { value($0.results.provenance) }
      return Set(all).count == 1 ? all[0] : "several"
    }
    var plugins: [PluginLibrary] = []
    for library in runs.flatMap({ $0.results.provenance.plugins ?? [] }) where !plugins.contains(library) {
      plugins.append(library)
    }
    let loaded = plugins.isEmpty ? nil : plugins
    let results = StudyResults(
      study: EffectiveStudy(
        name: names.joined(separator: ", "), title: "Comparison of \(runs.count) runs", models: labels, values: values,
        plugins: loaded),
      provenance: Provenance(
        version: common(\.version), commit: common(\.commit), seeds: seeds,
        libraries: first.results.provenance.libraries,
        started: runs.map(\.results.provenance.started).max() ?? "", seconds: seconds, plugins: loaded),
      truth: first.results.truth, models: models, failures: failures.isEmpty ? nil : failures)

    let (maps, left) = Self.maps(runs, names)
    if !left.isEmpty {
      notes.append("maps of structure functions: not shown for \(left.joined(separator: ", ")), made on other pixels")
    }
    merged = FinishedRun(
      results: results, predictions: Self.predictions(runs, names),
      structureFunctions: maps)
    self.notes = notes
  }

  /// Returns the distributions of all runs, with the names of the runs before the labels.
  private static func predictions(_ runs: [FinishedRun], _ names: [String]) -> Predictions {
    let first = runs[0]
    func gather<Contents>(_ own: (FinishedRun) -> [String: Contents]?) -> [String: Contents] {
      var all: [String: Contents] = [:]
      for (name, run) in zip(names, runs) {
        for (label, contents) in own(run) ?? [:] { all["\(name)/\(label)"] = contents }
      }
      return all
    }
    let samples = first.predictions.samples.map { sample in
      var sample = sample
      let name = sample.name
      sample.models = gather { run in run.predictions.samples.first { $0.name == name }?.models }
      let uncertainties = gather { run in run.predictions.samples.first { $0.name == name }?.uncertainties }
      sample.uncertainties = uncertainties.isEmpty ? nil : uncertainties
      let absolute = gather { run in run.predictions.samples.first { $0.name == name }?.absolute }
      sample.absolute = absolute.isEmpty ? nil : absolute
      return sample
    }
    // Runs of an older version have the components alone.
    let sums = first.predictions.sums?.filter { sum in
      runs.allSatisfy { $0.predictions.sums?.contains { $0.sample.name == sum.sample.name } ?? false }
    }.map { sum in
      var sum = sum
      sum.sample.models = gather { run in
        run.predictions.sums?.first { $0.sample.name == sum.sample.name }?.sample.models
      }
      return sum
    }
    let slices = first.predictions.slices.compactMap { slice -> Predictions.SlicePrediction? in
      func same(_ run: FinishedRun) -> Predictions.SlicePrediction? {
        run.predictions.slices.first { $0.energy == slice.energy && $0.binning == slice.binning }
      }
      guard runs.allSatisfy({ same($0) != nil }) else { return nil }
      var slice = slice
      slice.models = gather { same($0)?.models }
      return slice
    }
    var curves: [String: Predictions.LearningCurve] = [:]
    for (name, run) in zip(names, runs) {
      for (label, curve) in run.predictions.learningCurves { curves["\(name)/\(label)"] = curve }
    }
    var merged = Predictions(samples: samples, slices: slices, learningCurves: curves)
    merged.sums = sums
    return merged
  }

  /// Returns the maps of all runs on the pixels of the first run that has any, and the names of runs with other pixels.
  private static func maps(
    _ runs: [FinishedRun], _ names: [String]
  ) -> (maps: StructureFunctionMaps?, left: [String]) {
    guard var maps = runs.lazy.compactMap(\.structureFunctions).first else { return (nil, []) }
    var left: [String] = []
    for channel in maps.channels.indices {
      maps.channels[channel].models = [:]
      maps.channels[channel].scales = [:]
    }
    for (name, run) in zip(names, runs) {
      guard let own = run.structureFunctions else { continue }
      guard own.channels.map(\.channel) == maps.channels.map(\.channel),
        zip(own.channels, maps.channels).allSatisfy({ $0.x == $1.x && $0.q2 == $1.q2 })
      else {
        left.append(name)
        continue
      }
      for (index, channel) in own.channels.enumerated() {
        for (label, functions) in channel.models {
          maps.channels[index].models["\(name)/\(label)"] = functions
          maps.channels[index].scales["\(name)/\(label)"] = channel.scales[label]
        }
      }
    }
    return (maps, left)
  }
}
