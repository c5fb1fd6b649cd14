/// How predicted rates are compared with the bins of a dataset.
public enum Statistic: String, Sendable, Hashable, CaseIterable {
  /// Their shape: Poisson with a normalisation that is free.
  case shape
  /// Numbers of events: Poisson, with the normalisation of the exposure.
  case poisson
  /// Values with a covariance: plain χ².
  case gaussian
  /// Values with a covariance: their total and their shape, each with its own error.
  case normShape = "norm-shape"
  /// Values with a covariance whose part from flux and norm follows the prediction.
  case predictionScaled = "t0"
  /// Values with a covariance: their logarithms.
  case logNormal = "log-normal"

  /// Whether it compares values with a covariance, and no counts.
  public var comparesValues: Bool {
    switch self {
    case .shape, .poisson: false
    case .gaussian, .normShape, .predictionScaled, .logNormal: true
    }
  }
}
