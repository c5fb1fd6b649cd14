import NuTuneNumerics

/// A part of the covariance of a measurement by its origin.
package struct CovarianceComponent: Sendable {
  /// Where the uncertainty comes from.
  package enum Kind: String, Sendable, CaseIterable {
    /// Numbers of events.
    case statistical
    /// The flux: a fraction of the cross section.
    case flux
    /// The norm, the same fraction in every bin.
    case norm
    /// What changes the shape alone.
    case shape
    /// Everything else.
    case other

    /// Whether it is a fraction of the cross section, so that it follows a prediction in the statistic `t0`.
    package var isMultiplicative: Bool { self == .flux || self == .norm }
  }

  /// Where it comes from.
  package var kind: Kind
  /// In the unit of the values squared, shape [bins × bins].
  package var matrix: Matrix
}
