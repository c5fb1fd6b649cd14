import NuTuneCore
import NuTuneNumerics

/// Folding by plain quadrature, for models that are not linear in structure functions and as a check of fold tables.
public enum DirectFold {
  /// R[cell, bin] of any cross-section model.
  ///
  /// - Complexity: one model evaluation for each quadrature point, about 10⁷ for 780 bins × 220 cells.
  public static func cellResponse(
    of model: any CrossSectionModel, reaction: Reaction, binning: Binning, cells: EnergyCells,
    plan: QuadraturePlan = .init(), response: DetectorResponse = .identity, threads: Int
  ) throws -> CellResponse {
    let quadrature = try BinQuadrature(binning: binning, leptonMass: reaction.species.leptonMass, plan: plan)
    let columns = try Parallel.map(binning.count, threads: threads) { bin in
      try column(of: model, reaction: reaction, bin: bin, quadrature: quadrature, cells: cells)
    }
    return CellResponse(cells: cells, columns: columns).measured(through: response, threads: threads)
  }

  /// Rates at one fixed neutrino energy, shape [bins].
  public static func slice(
    of model: any CrossSectionModel, reaction: Reaction, binning: Binning, energy: Double,
    plan: QuadraturePlan = .init(firstPoints: 12, secondPoints: 8)
  ) throws -> [Double] {
    var single = plan
    single.energyPoints = 1
    let quadrature = try BinQuadrature(binning: binning, leptonMass: reaction.species.leptonMass, plan: single)
    // An interval of length one around the energy whose single Gauss–Legendre point is the energy itself.
    let cells = EnergyCells(edges: [energy - 0.5, energy + 0.5])
    return try (0..<binning.count).map {
      try column(of: model, reaction: reaction, bin: $0, quadrature: quadrature, cells: cells)[0]
    }
  }

  private static func column(
    of model: any CrossSectionModel, reaction: Reaction, bin: Int, quadrature: BinQuadrature, cells: EnergyCells
  ) throws -> [Double] {
    var points = KinematicPoints()
    var weights: [Double] = []
    var ends: [Int] = []
    for cell in 0..<cells.count {
      quadrature.forEachPoint(bin: bin, energies: (cells.edges[cell], cells.edges[cell + 1])) {
        energy, leptonEnergy, _, cosTheta, weight in
        points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta)
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
