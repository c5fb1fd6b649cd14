/// Resolution of the integration over bins, for a model that is evaluated at every point of a training step.
public struct QuadratureResolution: Sendable, Hashable {
  /// Number of E_ν cells of the study that are merged into one; the flux is averaged over it.
  public var mergedCells: Int
  /// Gauss–Legendre points in each merged cell.
  public var energyPoints: Int
  /// Least number of points along the first observable of a bin.
  public var firstPoints: Int
  /// Least number of points along the second observable of a bin.
  public var secondPoints: Int
  /// Relative error above which a bin gets more points than these.
  public var accuracy: Double

  /// Creates a resolution.
  public init(mergedCells: Int, energyPoints: Int, firstPoints: Int, secondPoints: Int, accuracy: Double) {
    self.accuracy = accuracy
    self.mergedCells = mergedCells
    self.energyPoints = energyPoints
    self.firstPoints = firstPoints
    self.secondPoints = secondPoints
  }
}
