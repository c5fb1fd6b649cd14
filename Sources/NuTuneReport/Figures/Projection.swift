import NuTuneCore
import NuTuneResults

/// Densities on one axis: data, truth and models, in events (or in the unit-normalised rate) per unit of the axis.
struct Projection: Sendable {
  /// The axis.
  var axis: Axis
  /// Factor from probability to the density that is shown: the number of events, or 1.
  var scale: Double
  /// Probability of the data in each bin; nil without data.
  var data: [Double]?
  /// Probability of the truth in each bin.
  var truth: [Double]
  /// Probability of each model in each bin, in the order of the labels.
  var models: [[Double]]
  /// Standard deviation of each model's probability in each bin from the posterior modes; nil where it is not known.
  var uncertainties: [[Double]?]
  /// Whether the data are a finite sample, and so have errors.
  var isFinite: Bool

  /// Whether the data are the truth itself.
  var isAsimov: Bool

  /// Returns both projections of a sample.
  static func both(of sample: Predictions.SamplePrediction, labels: [String]) -> [Projection] {
    let binning = sample.binning
    let data = binning.projections(sample.data)
    let truth = binning.projections(sample.truth)
    let models = labels.map { binning.projections(sample.models[$0] ?? []) }
    let open = labels.map { sample.uncertainties?[$0] }
    let scale = sample.events ?? 1
    return [
      Projection(
        axis: binning.first, scale: scale, data: data.first, truth: truth.first, models: models.map(\.first),
        uncertainties: open.map { $0?.first }, isFinite: sample.events != nil, isAsimov: sample.isAsimov),
      Projection(
        axis: binning.second, scale: scale, data: data.second, truth: truth.second, models: models.map(\.second),
        uncertainties: open.map { $0?.second }, isFinite: sample.events != nil, isAsimov: sample.isAsimov),
    ]
  }

  /// Projects a slice at fixed neutrino energy on its first axis.
  init(slice: Predictions.SlicePrediction, labels: [String]) {
    axis = slice.binning.first
    scale = 1
    data = nil
    truth = slice.binning.projections(slice.truth).first
    models = labels.map { slice.binning.projections(slice.models[$0] ?? []).first }
    uncertainties = labels.map { _ in nil }
    isFinite = false
    isAsimov = false
  }

  private init(
    axis: Axis, scale: Double, data: [Double]?, truth: [Double], models: [[Double]], uncertainties: [[Double]?],
    isFinite: Bool, isAsimov: Bool
  ) {
    self.axis = axis
    self.scale = scale
    self.data = data
    self.truth = truth
    self.models = models
    self.uncertainties = uncertainties
    self.isFinite = isFinite
    self.isAsimov = isAsimov
  }

  /// Returns the density of a bin.
  func density(_ probabilities: [Double], _ bin: Int) -> Double { probabilities[bin] * scale / axis.width(bin) }

  /// Returns errors of the data density in a bin; nil without data or with infinitely many events.
  func dataErrors(_ bin: Int) -> (lower: Double, upper: Double)? {
    guard isFinite, let data else { return nil }
    let errors = PoissonInterval.errors(count: data[bin] * scale)
    return (errors.lower / axis.width(bin), errors.upper / axis.width(bin))
  }

  /// Whether the truth in a bin is large enough for a ratio: 10⁻⁵ of the rate.
  func isComparable(_ bin: Int) -> Bool { truth[bin] >= 1e-5 }
}

extension Predictions.SamplePrediction {
  /// Whether the data are the truth itself, to the rounding of their normalisation; no fluctuation is that small.
  var isAsimov: Bool { zip(data, truth).allSatisfy { abs($0 - $1) <= 1e-12 } }
}
