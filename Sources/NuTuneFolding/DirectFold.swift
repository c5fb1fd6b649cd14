import NuTuneCore
import NuTuneNumerics

/// Folding by plain quadrature, for models that are not linear in structure functions and as a check of fold tables.
public enum DirectFold {
  /// Computes R[cell, bin] of any cross-section model.
  ///
  /// - Complexity: one model evaluation for each quadrature point, about 10⁷ for 780 bins × 220 cells.
  public static func cellResponse(
    of model: any CrossSectionModel, reaction: Reaction, binning: Binning, cells: EnergyCells,
    plan: QuadraturePlan = .init(), response: DetectorResponse = .identity, threads: Int
  ) throws -> CellResponse {
    let quadrature = try BinQuadrature(
      binning: binning, species: reaction.species, cells: cells, plan: plan, threads: threads)
    return try cellResponse(
      of: model, reaction: reaction, quadrature: quadrature, cells: cells, response: response, threads: threads)
  }

  /// Computes R[cell, bin] of any cross-section model with given points, for example the points of a fold table.
  public static func cellResponse(
    of model: any CrossSectionModel, reaction: Reaction, quadrature: BinQuadrature, cells: EnergyCells,
    response: DetectorResponse = .identity, threads: Int
  ) throws -> CellResponse {
    precondition(quadrature.energies.cellCount == cells.count)
    let columns = try Parallel.map(quadrature.binning.count, threads: threads) { bin in
      try column(of: model, reaction: reaction, bin: bin, quadrature: quadrature)
    }
    return CellResponse(cells: cells, columns: columns).measured(through: response, threads: threads)
  }

  /// Computes rates at one fixed neutrino energy, shape [bins].
  public static func slice(
    of model: any CrossSectionModel, reaction: Reaction, binning: Binning, energy: Double,
    plan: QuadraturePlan = .init()
  ) throws -> [Double] {
    var single = plan
    single.fluxes = []
    let quadrature = try BinQuadrature(
      binning: binning, species: reaction.species, energy: energy, plan: single)
    return try (0..<binning.count).map {
      try column(of: model, reaction: reaction, bin: $0, quadrature: quadrature)[0]
    }
  }

  private static func column(
    of model: any CrossSectionModel, reaction: Reaction, bin: Int, quadrature: BinQuadrature
  ) throws -> [Double] {
    var points = KinematicPoints()
    var weights: [Double] = []
    var ends: [Int] = []
    for cell in 0..<quadrature.energies.cellCount {
      quadrature.forEachPoint(bin: bin, cell: cell) { energy, lepton, weight in
        points.append(neutrinoEnergy: energy, leptonEnergy: lepton.energy, cosTheta: lepton.cosTheta)
        weights.append(weight)
      }
      ends.append(weights.count)
    }
    let values = try model.crossSection(of: reaction, at: points)
    var start = 0
    return ends.map { end in
      defer { start = end }
      return (start..<end).reduce(0) { $0 + weights[$1] * values[$1] }
    }
  }
}
