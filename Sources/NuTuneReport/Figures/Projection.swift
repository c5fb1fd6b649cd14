import NuTuneCore
import NuTuneResults

/// Densities on one axis: data, truth and models, in events (or in the unit-normalised rate) per unit of the axis.
struct Projection: Sendable {
  /// The axis.
  var axis: Axis
  /// The range of the other observable, if this is one of the slices of a ragged binning.
  var slice: Marginal.Slice?
  /// Factor from probability to the density that is shown: the number of events, or 1.
  var scale: Double
  /// Probability of the data in each bin; nil without data.
  var data: [Double]?
  /// Measured standard deviation of the data in each bin, nil for a bin that is a sum of several, whose correlations
  /// are not known; nil for data without errors of their own.
  var errors: [Double?]?
  /// Probability of the truth in each bin; nil without a truth.
  var truth: [Double]?
  /// Probability of each model in each bin, in the order of the labels.
  var models: [[Double]]
  /// Parts of the truth of a sum of components, in order; none for a sample that is measured as it is.
  var components: [[Double]] = []
  /// Standard deviation of each model's probability in each bin from the posterior modes; nil where it is not known.
  var uncertainties: [[Double]?]
  /// Whether the data are a finite sample, and so have errors.
  var isFinite: Bool

  /// Whether the data are the truth itself.
  var isAsimov: Bool

  /// Returns the projections of a sample that show all bins, one for each marginal of its binning.
  static func all(of sample: Predictions.SamplePrediction, labels: [String]) -> [Projection] {
    let open = labels.map { sample.uncertainties?[$0] }
    return sample.binning.marginals.enumerated().map { position, marginal in
      Projection(
        axis: marginal.axis, slice: marginal.slice, scale: sample.events ?? 1, data: marginal.sums(sample.data),
        errors: sample.errors.map { errors in marginal.bins.map { bins in bins.count == 1 ? errors[bins[0]] : nil } },
        truth: sample.truth.map { marginal.sums($0) }, models: labels.map { marginal.sums(sample.models[$0] ?? []) },
        uncertainties: open.map { $0?.marginals[position] }, isFinite: sample.events != nil, isAsimov: sample.isAsimov)
    }
  }

  /// Returns the projections of a sum of components.
  static func all(of sum: Predictions.SumPrediction, labels: [String]) -> [Projection] {
    zip(all(of: sum.sample, labels: labels), sum.sample.binning.marginals).map { projection, marginal in
      var projection = projection
      projection.components = sum.components.map { marginal.sums($0.truth) }
      return projection
    }
  }

  /// Projects a slice at fixed neutrino energy on the axis that all its bins share, the first one of a grid.
  init(slice: Predictions.SlicePrediction, labels: [String]) {
    let (axis, bins) = slice.binning.sharedAxis
    func sums(_ contents: [Double]) -> [Double] { bins.map { $0.reduce(0) { $0 + contents[$1] } } }
    self.init(
      axis: axis, slice: nil, scale: 1, data: nil, errors: nil, truth: slice.truth.map(sums),
      models: labels.map { sums(slice.models[$0] ?? []) }, uncertainties: labels.map { _ in nil }, isFinite: false,
      isAsimov: false)
  }

  private init(
    axis: Axis, slice: Marginal.Slice?, scale: Double, data: [Double]?, errors: [Double?]?, truth: [Double]?,
    models: [[Double]], uncertainties: [[Double]?], isFinite: Bool, isAsimov: Bool
  ) {
    self.axis = axis
    self.slice = slice
    self.scale = scale
    self.data = data
    self.errors = errors
    self.truth = truth
    self.models = models
    self.uncertainties = uncertainties
    self.isFinite = isFinite
    self.isAsimov = isAsimov
  }

  /// Returns the density of a bin.
  func density(_ probabilities: [Double], _ bin: Int) -> Double { probabilities[bin] * scale / axis.width(bin) }

  /// What models are compared with: the truth, or the data where there is none; nil without both.
  var reference: [Double]? { truth ?? data }

  /// Returns errors of the data density in a bin, the measured ones or those of counted events; nil without either.
  func dataErrors(_ bin: Int) -> (lower: Double, upper: Double)? {
    guard let data else { return nil }
    if let errors {
      guard let error = errors[bin] else { return nil }
      let density = error * scale / axis.width(bin)
      return (density, density)
    }
    guard isFinite else { return nil }
    let interval = PoissonInterval.errors(count: data[bin] * scale)
    return (interval.lower / axis.width(bin), interval.upper / axis.width(bin))
  }

  /// Whether any bin of the data has an error.
  var hasErrors: Bool { (0..<axis.count).contains { dataErrors($0) != nil } }

  /// Whether the reference in a bin is large enough for a ratio: 10⁻⁵ of the rate.
  func isComparable(_ bin: Int) -> Bool { reference.map { $0[bin] >= 1e-5 } ?? false }
}

extension Predictions.SamplePrediction {
  /// Whether the data are the truth itself, to the rounding of their normalisation; no fluctuation is that small.
  var isAsimov: Bool { truth.map { zip(data, $0).allSatisfy { abs($0 - $1) <= 1e-12 } } ?? false }
}
