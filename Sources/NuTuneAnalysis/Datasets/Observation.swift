import NuTuneCore
import NuTuneNumerics

/// Where the contents of the bins of a dataset come from.
public enum Observation: Sendable {
  /// A true cross section makes them.
  case simulated
  /// Measured cross sections per nucleon, averaged over the flux and integrated over each bin.
  ///
  /// - Parameters:
  ///   - values: in 10⁻³⁸ cm² per nucleon, shape [bins].
  ///   - covariance: of the values, shape [bins × bins].
  ///   - multiplicative: the part of the covariance that is a fraction of the values, that of flux and norm, shape
  ///     [bins × bins]; nil where no part is known.
  ///   - smearing: matrix A by which a prediction is multiplied before it is compared, shape [bins × bins]; nil for none.
  ///   - threshold: smallest eigenvalue of a correlation matrix that counts, relative to the largest.
  case measured(
    values: [Double], covariance: Matrix, multiplicative: Matrix? = nil, smearing: Matrix? = nil,
    threshold: Double = CovarianceWhitening.standardThreshold)
  /// Events that were counted, or made by a generator.
  ///
  /// - Parameters:
  ///   - contents: events in each bin, weighted ones too, shape [bins].
  ///   - variances: of the contents where they have errors of their own, shape [bins]; nil for counts.
  case events(contents: [Double], variances: [Double]? = nil)

  /// Whether it needs a true cross section.
  var isSimulated: Bool {
    if case .simulated = self { return true }
    return false
  }
}
