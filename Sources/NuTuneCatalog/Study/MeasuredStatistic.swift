import NuTuneAnalysis

/// How a study compares measured values that have a covariance, by the names of `likelihood.measured`.
package enum MeasuredStatistic: String, Sendable, CaseIterable {
  /// χ² with the published covariance.
  case plain
  /// The total with its error, and the shape with its covariance.
  case normShape = "norm-shape"
  /// χ² with the part of flux and norm scaled by the prediction.
  case predictionScaled = "t0"
  /// Logarithms.
  case logNormal = "log-normal"

  /// The statistic of a dataset.
  var statistic: Statistic {
    switch self {
    case .plain: .gaussian
    case .normShape: .normShape
    case .predictionScaled: .predictionScaled
    case .logNormal: .logNormal
    }
  }
}
