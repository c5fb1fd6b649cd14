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
  case measured(values: [Double], covariance: Matrix)
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
