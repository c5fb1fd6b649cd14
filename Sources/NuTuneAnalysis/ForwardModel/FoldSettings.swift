/// How finely a forward model folds.
public struct FoldSettings: Sendable {
  /// Relative accuracy to which every bin is integrated; nil integrates with the given points whatever comes out.
  public var accuracy: Double?
  /// Least number of quadrature points in the neutrino energy of a cell.
  public var energyPoints: Int
  /// Least number of quadrature points in the first observable of a bin.
  public var firstPoints: Int
  /// Least number of quadrature points in the second observable of a bin.
  public var secondPoints: Int
  /// Nodes along W².
  public var nodesW2: Int
  /// Nodes along Q².
  public var nodesQ2: Int
  /// Factor on the widths of the cells of neutrino energy.
  public var cellScale: Double
  /// Neutrino energies in GeV at which a flux may jump beside the edges of its own table.
  public var breakpoints: [Double]

  /// Settings; the defaults are those of a study.
  public init(
    accuracy: Double? = 2e-4, energyPoints: Int = 2, firstPoints: Int = 2, secondPoints: Int = 2, nodesW2: Int = 140,
    nodesQ2: Int = 80, cellScale: Double = 1, breakpoints: [Double] = []
  ) {
    self.accuracy = accuracy
    self.energyPoints = energyPoints
    self.firstPoints = firstPoints
    self.secondPoints = secondPoints
    self.nodesW2 = nodesW2
    self.nodesQ2 = nodesQ2
    self.cellScale = cellScale
    self.breakpoints = breakpoints
  }
}
