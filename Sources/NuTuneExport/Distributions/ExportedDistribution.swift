import NuTuneCore
import NuTuneReport
import NuTuneResults

/// One distribution of a run: bins, and a curve each for data, truth and every model.
struct ExportedDistribution: Sendable {
  /// One curve.
  struct Curve: Sendable {
    /// `data`, `truth` or the label of a model.
    var name: String
    /// Contents of the bins, flat.
    var values: [Double]
    /// Standard deviations, flat; nil where there are none.
    var errors: [Double]?
  }

  /// Name, `far-numu-fhc`.
  var name: String
  /// Title for people.
  var title: String
  /// The bins.
  var binning: Binning
  /// Whether the contents are numbers of events; otherwise they are shares with sum one.
  var isEvents: Bool
  /// Data first, then truth, then models in the order of the study.
  var curves: [Curve]

  /// Unit of the contents, `events` or empty.
  var unit: String { isEvents ? "events" : "" }

  /// Returns all samples of a run, sums of components, and slices at fixed neutrino energy.
  static func all(of run: FinishedRun, labels: [String]) -> [ExportedDistribution] {
    let samples = run.predictions.samples + (run.predictions.sums ?? []).map(\.sample)
    return samples.map { ExportedDistribution($0, labels: labels) }
      + run.predictions.slices.map { ExportedDistribution($0, labels: labels) }
  }

  private init(_ sample: Predictions.SamplePrediction, labels: [String]) {
    let scale = sample.events ?? 1
    func scaled(_ values: [Double]) -> [Double] { values.map { $0 * scale } }
    (name, title, binning, isEvents) = (sample.name, sample.title, sample.binning, sample.events != nil)
    curves = [Curve(name: "data", values: scaled(sample.data), errors: sample.dataErrors.map(scaled))]
    if let truth = sample.truth { curves.append(Curve(name: "truth", values: scaled(truth))) }
    curves += labels.compactMap { label in
      sample.models[label].map {
        Curve(name: label, values: scaled($0), errors: sample.uncertainties?[label].map { scaled($0.bins) })
      }
    }
  }

  private init(_ slice: Predictions.SlicePrediction, labels: [String]) {
    let energy = ParameterValue.number(slice.energy).description
    (name, title) = ("slice-\(energy)-gev", "Cross section at \(energy) GeV")
    (binning, isEvents) = (slice.binning, false)
    curves =
      (slice.truth.map { [Curve(name: "truth", values: $0)] } ?? [])
      + labels.compactMap { label in slice.models[label].map { Curve(name: label, values: $0) } }
  }

  /// The distribution as CSV: ranges of every bin, then each curve and, where it has some, its standard deviations.
  var csv: String {
    var header = binning.observableNames.flatMap { ["\($0.rawValue)_low", "\($0.rawValue)_high"] }
    for curve in curves { header += [curve.name] + (curve.errors == nil ? [] : ["\(curve.name)_error"]) }
    var text = "# title: \(title)\n# contents: \(isEvents ? "events" : "shares with sum one")\n"
    text += header.joined(separator: ",") + "\n"
    for bin in 0..<binning.count {
      var row = binning.allRanges(of: bin).flatMap { [$0.lowerBound, $0.upperBound] }
      for curve in curves { row += [curve.values[bin]] + (curve.errors.map { [$0[bin]] } ?? []) }
      text += row.map { "\($0)" }.joined(separator: ",") + "\n"
    }
    return text
  }
}
