/// The linear map from cross sections at the quadrature points of one sample to the rates in its bins, for models that
/// are not linear in structure functions.
///
///     rates[bin] = Σ weight · d²σ/(dE_l dcosθ) at a point,
///
/// near-detector flux and detector response included. A result does not depend on the number of threads.
public protocol PointOperator: Sendable {
  /// The points, ordered by (E_ν, E_l, cosθ): points with one E_ν, or with one (E_ν, E_l), follow one another. Samples
  /// that differ only in flux or response have the same points.
  var points: KinematicPoints { get }
  /// Number of bins.
  var binCount: Int { get }
  /// Range of neutrino energies of the fold, GeV; all points lie inside.
  var neutrinoEnergies: ClosedRange<Double> { get }

  /// Computes rates, shape [bins], from cross sections, shape [points].
  func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int)
  /// Computes the gradient with respect to cross sections, shape [points] (overwritten), from the gradient with respect
  /// to rates, shape [bins].
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int)
}
