import NuTuneCore
import NuTuneFolding

extension ForwardModel {
  /// What makes the quadrature points of a near sample, for models that are not linear in structure functions.
  func nearQuadrature(_ sample: FoldedDataset) -> @Sendable (QuadratureResolution) throws -> any PointOperator {
    let (binning, cells) = (tables[sample.table].binning, cells)
    let (response, hadronic) = (sample.response, sample.hadronic)
    let flux = nearWeights(sample)
    let species = sample.sample.reaction.species
    return { resolution in
      try sample.requireHadronicEnergyAlone()
      return try PointFold(
        binning: binning, species: species, cells: cells.merged(resolution.mergedCells),
        weights: cells.merged(resolution.mergedCells, means: flux),
        plan: QuadraturePlan(
          accuracy: resolution.accuracy, energyPoints: resolution.energyPoints, firstPoints: resolution.firstPoints,
          secondPoints: resolution.secondPoints, hasFixedEnergyPoints: true,
          fluxes: [cells.merged(resolution.mergedCells, means: flux)]),
        response: response, hadronic: hadronic)
    }
  }
}
