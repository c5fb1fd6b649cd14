import NuTuneCore
import NuTuneNumerics

/// The flux uncertainty of measured values of which the largest principal components are fitted together with a model, and
/// are then left out of their covariance.
public struct FluxUncertainty: Sendable {
  /// Name of the flux; datasets with the same name have one set of pulls.
  public var beam: String
  /// F_ij/(v_i v_j), with F the part of the covariance of the values v that the flux makes, of all bins of the measurement
  /// that datasets hold (``MeasuredPart/whole``), shape [bins × bins].
  public var relative: Matrix
  /// How many components are fitted at most.
  public var count: Int

  /// A flux uncertainty.
  public init(of beam: String, relative: Matrix, count: Int) {
    self.beam = beam
    self.relative = relative
    self.count = count
  }
}
