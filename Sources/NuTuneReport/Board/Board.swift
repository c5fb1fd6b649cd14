import NuTuneCore
import NuTuneResults

/// Models × measurements: how every model of some finished runs predicts every measurement, those it learned from and
/// those it did not.
package struct Board: Sendable {
  /// One model beside one measurement.
  struct Cell: Sendable {
    /// Place of the model in ``Board/models``.
    var model: Int
    /// Whether the model learned from the measurement.
    var isLearned: Bool
    /// The comparison.
    var comparison: MeasuredComparison
    /// (data − prediction)/√(V + P)_ii, shape [bins]; empty where the distributions do not say.
    var pulls: [Double]

    /// Says that the model learned from the measurement, with the weight that it had; empty where it did not.
    var lesson: String {
      isLearned ? Board.mark + (comparison.weight.map { " × \(DecimalText.general($0, 3))" } ?? "") : ""
    }
  }

  /// A model of a run.
  struct Model: Sendable {
    /// Name of the run; empty where there is one.
    var run: String
    /// Label in the study.
    var label: String
    /// Name of the plugin, `neural-sf`.
    var plugin: String
    /// Names of the measurements it learned from; none for a model that does not learn.
    var learnedFrom: [String]

    /// Distinct name on the board.
    var name: String { run.isEmpty ? label : "\(run)/\(label)" }
  }

  /// One measurement.
  struct Measurement: Sendable {
    /// Name in the catalog.
    var name: String
    /// Number of bins.
    var bins: Int
    /// Models beside it, in order.
    var cells: [Cell]
    /// The measurement with the predictions of one run each, relative to the sum of the data.
    var samples: [(run: String, labels: [String], sample: Predictions.SamplePrediction)]
  }

  /// Models of all runs, in order.
  let models: [Model]
  /// Measurements in the order in which runs have them.
  let measurements: [Measurement]
  /// Tensions between measurements, with the run in which they were found; an empty name where there is one run.
  let tensions: [(run: String, tension: Tension)]
  /// What did not converge or should be known, one sentence each.
  let troubles: [String]
  /// Whether everything converged.
  package let converged: Bool

  /// Reads finished runs; a run without measured data is an error.
  package init(folders: [String]) throws {
    var problems = NuTuneErrors()
    let runs = folders.compactMap { folder in
      problems.attempt { () -> FinishedRun in
        let run = try FinishedRun(folder: folder)
        guard run.results.models.values.contains(where: { !Self.comparisons(of: $0).isEmpty }) else {
          throw NuTuneError(
            .badData, at: SourceLocation(file: FilePath.join(folder, "results.json")), key: "models",
            found: "no comparison with a measurement",
            expected: "a run of a study with `data:`, made by this version of nutune")
        }
        return run
      }
    }
    try problems.throwIfAny()
    try self.init(runs, names: folders.count == 1 ? [""] : RunNames.unique(folders), folders: folders)
  }

  init(_ runs: [FinishedRun], names: [String], folders: [String]) throws {
    var (models, measurements): ([Model], [Measurement]) = ([], [])
    for ((name, folder), run) in zip(zip(names, folders), runs) {
      for label in run.labels {
        guard let results = run.results.models[label] else { continue }
        let learned = results.training == nil ? [] : (results.near.measured ?? []).compactMap(\.measurement)
        let plugin = run.results.study.values["models.\(label).model"]?.description ?? ""
        models.append(Model(run: name, label: label, plugin: plugin, learnedFrom: learned))
        for comparison in Self.comparisons(of: results) {
          guard let measurement = comparison.measurement,
            let sample = run.predictions.samples.first(where: { $0.name == comparison.sample })
          else { continue }
          let place = try Self.place(of: measurement, sample, in: &measurements, SourceLocation(file: folder))
          measurements[place].cells.append(
            Cell(
              model: models.count - 1, isLearned: learned.contains(measurement), comparison: comparison,
              pulls: Self.pulls(of: label, in: sample)))
          if measurements[place].samples.last?.run != name {
            let shown = run.labels.filter { sample.absolute?[$0] != nil }
            measurements[place].samples.append((name, shown, Self.absolute(sample)))
          }
        }
      }
    }
    self.models = models
    self.measurements = measurements
    tensions = zip(names, runs).flatMap { name, run in (run.results.tensions ?? []).map { (name, $0) } }
    troubles = zip(names, runs).flatMap { name, run in
      (ResultTable.troubles(run.results) + ResultTable.warnings(run.results)).map {
        name.isEmpty ? $0 : "\(name): \($0)"
      }
    }
    converged = runs.allSatisfy(\.results.converged)
  }

  /// Comparisons of a model with measurements whose names are known.
  private static func comparisons(of model: ModelResults) -> [MeasuredComparison] {
    ((model.near.measured ?? []) + (model.elsewhere?.measured ?? [])).filter { $0.measurement != nil }
  }

  /// Place of a measurement, which is new or has the same bins and values as in the runs before.
  private static func place(
    of name: String, _ sample: Predictions.SamplePrediction, in measurements: inout [Measurement],
    _ location: SourceLocation
  ) throws -> Int {
    guard let known = measurements.firstIndex(where: { $0.name == name }) else {
      measurements.append(Measurement(name: name, bins: sample.binning.count, cells: [], samples: []))
      return measurements.count - 1
    }
    guard let first = measurements[known].samples.first?.sample else { return known }
    guard first.binning == sample.binning, zip(first.data, sample.data).allSatisfy({ abs($0 - $1) < 1e-9 }) else {
      throw NuTuneError(
        .badData, at: location, key: name, found: "other bins or values than in the runs before",
        expected: "one measurement (has its file changed in between?)")
    }
    return known
  }

  /// A sample whose models have their scale.
  private static func absolute(_ sample: Predictions.SamplePrediction) -> Predictions.SamplePrediction {
    var scaled = sample
    scaled.models = (sample.absolute ?? [:]).mapValues { $0.bins.map { max($0, 0) } }
    scaled.uncertainties = (sample.absolute ?? [:]).compactMapValues(\.uncertainty)
    return scaled
  }

  private static func pulls(of label: String, in sample: Predictions.SamplePrediction) -> [Double] {
    guard let prediction = sample.absolute?[label], let errors = sample.errors else { return [] }
    return errors.indices.map { bin in
      let own = prediction.uncertainty?.bins[bin] ?? 0
      return (sample.data[bin] - prediction.bins[bin]) / (errors[bin] * errors[bin] + own * own).squareRoot()
    }
  }
}
