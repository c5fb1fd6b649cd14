import NuTuneCore
import NuTuneFolding

extension FoldedStudy {
  /// What makes the quadrature points of a near sample, for models that are not linear in structure functions.
  func nearQuadrature(_ sample: FoldedSample) -> @Sendable (QuadratureResolution) throws -> any PointOperator {
    let (binning, cells, response) = (tables[sample.table].binning, cells, sample.response)
    let flux = nearWeights(sample)
    let measured = sample.sample.binning
    let leptonMass = sample.sample.reaction.species.leptonMass
    return { resolution in
      try PointFold(
        binning: binning, leptonMass: leptonMass, cells: cells.merged(resolution.mergedCells),
        weights: cells.merged(resolution.mergedCells, means: flux),
        plan: QuadraturePlan(
          energyPoints: resolution.energyPoints, firstPoints: resolution.firstPoints,
          secondPoints: resolution.secondPoints, peakWidth: .infinity, measured: measured),
        response: response)
    }
  }
}
