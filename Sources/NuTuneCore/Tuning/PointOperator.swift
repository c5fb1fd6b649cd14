/// The linear map from cross sections at the quadrature points of one sample to the rates in its bins, for models that
/// are not linear in structure functions.
///
///     rates[bin] = Σ weight · d²σ/(dE_l dcosθ) at a point,
///
/// near-detector flux and detector response included. A result does not depend on the number of threads.
public protocol PointOperator: Sendable {
  /// The points, ordered by (E_ν, E_l, cosθ): points with one E_ν, or with one (E_ν, E_l), follow one another. Samples
  /// that differ in flux or response only have the same points.
  var points: KinematicPoints { get }
  /// Number of bins.
  var binCount: Int { get }
  /// Neutrino energies that are folded, GeV; all points lie inside.
  var neutrinoEnergies: ClosedRange<Double> { get }

  /// Rates, shape [bins], from cross sections, shape [points].
  func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int)
  /// Gradient by cross sections, shape [points] (overwritten), from the gradient by rates, shape [bins].
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int)
}

/// How finely the bins of a sample are integrated for a model that is evaluated at every point of a training step.
public struct QuadratureResolution: Sendable, Hashable {
  /// How many E_ν cells of the study make one here; the flux is averaged over it.
  public var mergedCells: Int
  /// Gauss–Legendre points in each merged cell.
  public var energyPoints: Int
  /// Least number of points along the first observable of a bin.
  public var firstPoints: Int
  /// Least number of points along the second observable of a bin.
  public var secondPoints: Int
  /// Relative error above which a bin gets more points than these.
  public var accuracy: Double

  /// A resolution.
  public init(mergedCells: Int, energyPoints: Int, firstPoints: Int, secondPoints: Int, accuracy: Double) {
    self.accuracy = accuracy
    self.mergedCells = mergedCells
    self.energyPoints = energyPoints
    self.firstPoints = firstPoints
    self.secondPoints = secondPoints
  }
}
