import Foundation
import NuTuneCore
import NuTuneResults

/// The files from which a report is built, read and checked, so that later code cannot fail on their content.
package struct FinishedRun: Sendable {
  /// `results.json`.
  package var results: StudyResults
  /// `predictions.json`.
  package var predictions: Predictions
  /// `structure_functions.json`; nil without one.
  package var structureFunctions: StructureFunctionMaps?

  /// Labels of the models that have results, in the order of the study.
  package var labels: [String] { results.orderedLabels }

  /// The run with only one of every group of models that differ in their seed only.
  var withoutRepetitions: FinishedRun {
    let kept = results.study.withoutRepetitions(labels)
    guard kept.count < labels.count else { return self }
    var run = self
    run.results.models = results.models.filter { kept.contains($0.key) }
    return run
  }

  /// Creates a run from its parts.
  init(results: StudyResults, predictions: Predictions, structureFunctions: StructureFunctionMaps?) {
    self.results = results
    self.predictions = predictions
    self.structureFunctions = structureFunctions
  }

  /// Reads the files of a run folder.
  package init(folder: String) throws {
    let resultsFile = FilePath.join(folder, "results.json")
    let predictionsFile = FilePath.join(folder, "predictions.json")
    results = try ResultFile.read(StudyResults.self, schema: StudyResults.schemaName, from: resultsFile)
    predictions = try ResultFile.read(Predictions.self, schema: Predictions.schemaName, from: predictionsFile)
    do {
      try checkPredictions()
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: predictionsFile))
    }
    let mapsFile = FilePath.join(folder, "structure_functions.json")
    guard FileManager.default.fileExists(atPath: mapsFile) else { return }
    let maps = try ResultFile.read(StructureFunctionMaps.self, schema: StructureFunctionMaps.schemaName, from: mapsFile)
    do {
      try maps.check()
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: mapsFile))
    }
    structureFunctions = maps
  }

  private func checkPredictions() throws {
    for (index, sample) in predictions.samples.enumerated() { try check(sample, key: "samples.\(index)") }
    for (index, sum) in (predictions.sums ?? []).enumerated() {
      try check(sum.sample, key: "sums.\(index).sample")
      for (position, component) in sum.components.enumerated() {
        try check(component.truth, of: sum.sample.binning, key: "sums.\(index).components.\(position).truth")
      }
    }
    for (index, slice) in predictions.slices.enumerated() {
      let key = "slices.\(index)"
      try check(slice.binning, key: key)
      if let truth = slice.truth { try check(truth, of: slice.binning, key: "\(key).truth") }
      try check(slice.models, of: slice.binning, key: "\(key).models")
    }
    for (label, curve) in predictions.learningCurves where curve.step.count != curve.loss.count {
      throw NuTuneError(
        .badData, key: "learning_curves.\(label)", found: "\(curve.step.count) steps and \(curve.loss.count) losses",
        expected: "as many of one as of the other")
    }
  }

  private func check(_ sample: Predictions.SamplePrediction, key: String) throws {
    try check(sample.binning, key: key)
    if let events = sample.events, !(events.isFinite && events >= 0) {
      throw NuTuneError(
        .badData, key: "\(key).events", found: "\(events)", expected: "a number, not negative, or null for infinite")
    }
    try check(sample.data, of: sample.binning, key: "\(key).data", mayBeNegative: sample.errors != nil)
    if let truth = sample.truth { try check(truth, of: sample.binning, key: "\(key).truth") }
    if let errors = sample.errors { try check(deviations: errors, count: sample.binning.count, key: "\(key).errors") }
    try check(sample.models, of: sample.binning, key: "\(key).models")
    for (label, deviations) in sample.uncertainties ?? [:] {
      try check(deviations, of: sample.binning, key: "\(key).uncertainties.\(label)")
    }
    for (label, prediction) in sample.absolute ?? [:] {
      let key = "\(key).absolute.\(label)"
      try check(prediction.bins, of: sample.binning, key: "\(key).bins", mayBeNegative: true)
      if let deviations = prediction.uncertainty {
        try check(deviations, of: sample.binning, key: "\(key).uncertainty")
      }
    }
  }

  private func check(_ deviations: Predictions.Uncertainty, of binning: Binning, key: String) throws {
    try check(deviations.bins, of: binning, key: "\(key).bins")
    let counts = binning.marginals.map(\.axis.count)
    guard deviations.marginals.count == counts.count else {
      throw NuTuneError(
        .badData, key: "\(key).marginals", found: "\(deviations.marginals.count) lists",
        expected: "\(counts.count), one for each projection or slice of the bins")
    }
    for (position, (values, count)) in zip(deviations.marginals, counts).enumerated() {
      try check(deviations: values, count: count, key: "\(key).marginals.\(position)")
    }
  }

  private func check(_ binning: Binning, key: String) throws {
    for axis in binning.grids.flatMap({ [$0.first, $0.second] }) + (binning.hadronic.map { [$0] } ?? []) {
      try axis.check(key: key)
    }
  }

  private func check(deviations: [Double], count: Int, key: String) throws {
    guard deviations.count == count, deviations.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw NuTuneError(
        .badData, key: key, found: "\(deviations.count) values, or one that is no standard deviation",
        expected: "\(count) standard deviations, one for each bin")
    }
  }

  private func check(_ models: [String: [Double]], of binning: Binning, key: String) throws {
    for label in labels {
      guard let contents = models[label] else {
        throw NuTuneError(
          .badData, key: key, found: "no prediction of the model “\(label)”",
          expected: "one for every model in results.json")
      }
      try check(contents, of: binning, key: "\(key).\(label)")
    }
  }

  /// Tolerance for negative contents of empty bins: interpolation between nodes leaves −1e-14 or so, which no figure
  /// shows.
  private static let leastProbability = -1e-9

  private func check(_ contents: [Double], of binning: Binning, key: String, mayBeNegative: Bool = false) throws {
    guard contents.count == binning.count else {
      throw NuTuneError(
        .badData, key: key, found: "\(contents.count) values",
        expected: "\(binning.count), one for each of "
          + (binning.grid.map { "\($0.first.count) × \($0.second.count) bins" } ?? "the bins"))
    }
    for (bin, value) in contents.enumerated()
    where !(value.isFinite && (mayBeNegative || value >= Self.leastProbability)) {
      throw NuTuneError(
        .badData, key: "\(key).\(bin)", found: "\(value)", expected: "a bin probability, finite and not negative")
    }
  }
}

extension Axis {
  /// Throws for edges that are no axis; `key` is their place in the file.
  func check(key: String) throws {
    do {
      _ = try Axis(observable, edges: edges)
    } catch let error as NuTuneError {
      var located = error
      located.key = "\(key).\(error.key ?? "binning")"
      throw located
    }
  }
}

extension StructureFunctionMaps {
  /// Throws for maps whose shapes do not fit their edges.
  func check() throws {
    for (index, channel) in channels.enumerated() {
      let key = "channels.\(index)"
      for (name, edges) in [("x", channel.x), ("q2", channel.q2)] {
        guard edges.count >= 2, edges[0] > 0, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
          throw NuTuneError(
            .badData, key: "\(key).\(name)", found: "\(edges.count) edges that are no axis",
            expected: "at least two, positive and increasing")
        }
      }
      let count = (channel.x.count - 1) * (channel.q2.count - 1)
      let maps =
        [("near_importance", channel.nearImportance.count), ("far_importance", channel.farImportance?.count ?? count)]
        + ([("truth", channel.truth)] + channel.models.map { ("models.\($0.key)", $0.value) }).flatMap {
          name, functions in
          functions.all.map { (name, $0.count) }
        }
      for (name, found) in maps where found != count {
        throw NuTuneError(
          .badData, key: "\(key).\(name)", found: "\(found) values", expected: "\(count), one for each pixel")
      }
    }
  }
}

extension EffectiveStudy {
  /// Title of the predicted detector, if it is not the experiment's own far detector, `NOvA far`.
  var predictedTitle: String? {
    guard case .text(let title)? = values["predict.experiment.title"], case .text(let place)? = values["predict.at"]
    else { return nil }
    return "\(title) \(place)"
  }
}

extension StudyResults {
  /// Labels of the models that have results: first in the order of the study, then any others by name.
  var orderedLabels: [String] {
    let known = study.models.filter { models[$0] != nil }
    return known + models.keys.filter { !known.contains($0) }.sorted()
  }
}
