/// How predicted rates are compared with the bins of a dataset.
public enum Statistic: String, Sendable, Hashable, CaseIterable {
  /// Their shape: Poisson with a normalisation that is free.
  case shape
  /// Numbers of events: Poisson, with the normalisation of the exposure.
  case poisson
  /// Values with a covariance: χ².
  case gaussian
}
