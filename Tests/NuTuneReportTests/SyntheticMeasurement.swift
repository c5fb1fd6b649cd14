import NuTuneCore
import NuTuneResults

/// A run with a measurement in ragged bins, whose truth nobody knows, with numbers for computing by hand.
struct SyntheticMeasurement {
  /// The one model.
  static let label = "neural"
  /// Name of the one sample.
  static let sample = "near-numu"

  /// Three bins of momentum at −1 < cosθ < 0.5, one at 0.5 < cosθ < 0.8, and two by two above.
  static func binning() throws -> Binning {
    func grid(_ momenta: [Double], _ cosines: [Double]) throws -> BinGrid {
      BinGrid(try Axis(.leptonMomentum, edges: momenta), try Axis(.cosTheta, edges: cosines))
    }
    return try Binning([
      grid([0, 1, 2, 4], [-1, 0.5]), grid([0, 2], [0.5, 0.8]), grid([0, 0.5, 3], [0.8, 0.9, 1]),
    ])
  }

  /// The data.
  static let data = [0.1, 0.2, 0.1, 0.2, 0.1, 0.15, 0.1, 0.05]
  /// Measured standard deviations of the data.
  static let errors = [0.02, 0.04, 0.01, 0.05, 0.02, 0.03, 0.01, 0.01]
  /// The model.
  static let model = [0.12, 0.16, 0.12, 0.15, 0.12, 0.18, 0.1, 0.05]

  /// Predictions of the run; with no errors of their own the data are `events` that were counted.
  static func predictions(events: Double? = nil) throws -> Predictions {
    let binning = try Self.binning()
    let sample = Predictions.SamplePrediction(
      name: Self.sample, title: "T2K near detector, ν_μ CC", binning: binning, events: events, data: data, truth: nil,
      errors: events == nil ? errors : nil, models: [label: model])
    let slice = Predictions.SlicePrediction(energy: 1.5, binning: binning, truth: nil, models: [label: model])
    return Predictions(samples: [sample], slices: [slice], learningCurves: [:])
  }

  /// Results of the run.
  static var results: StudyResults {
    var results = SyntheticRun(models: [(label, 0.03)], fitsOscillations: false).results
    results.truth.nearFarTv = nil
    results.study.values = results.study.values.filter { !$0.key.hasPrefix("truth.") }
    results.models[label]?.far = nil
    results.models[label]?.slices = []
    return results
  }
}
