import NuTuneCore
import NuTuneNumerics

/// What a dataset is of a measurement whose bins several datasets hold: bins below and above an edge, for instance.
///
/// Bins of one measurement share errors, so that datasets which a model learns from together are compared as one vector
/// of data with the covariance of all their bins.
public struct MeasuredPart: Sendable {
  /// Name of the measurement; datasets with the same name are parts of it.
  public var measurement: String
  /// Values and covariance of all bins that its datasets hold, without smearing.
  public var whole: Observation
  /// Places of the dataset's own bins among them, in the order of its bins.
  public var bins: [Int]

  /// A part of a measurement.
  public init(of measurement: String, whole: Observation, bins: [Int]) {
    self.measurement = measurement
    self.whole = whole
    self.bins = bins
  }
}

extension Observation {
  /// The measured values of some bins with their covariance, whatever the others are; anything else as it is.
  public func selecting(_ bins: [Int]) -> Observation {
    guard case .measured(let values, let covariance, let multiplicative, _, let threshold) = self else { return self }
    return .measured(
      values: bins.map { values[$0] }, covariance: covariance.selecting(bins),
      multiplicative: multiplicative?.selecting(bins), threshold: threshold)
  }

  /// Measured values or events, shape [bins]; none of simulated data.
  var contents: [Double] {
    switch self {
    case .simulated: []
    case .measured(let values, _, _, _, _): values
    case .events(let contents, _): contents
    }
  }
}
