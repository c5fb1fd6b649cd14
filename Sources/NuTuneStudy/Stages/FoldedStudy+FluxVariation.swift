import NuTuneCore
import NuTuneFolding

extension FoldedStudy {
  /// The same study with another flux: near and far fluxes changed as the variation says, each where it is.
  ///
  /// Fold tables do not depend on the flux and are shared; only the near operators are collapsed anew.
  func varied(by variation: FluxVariation) throws -> FoldedStudy {
    var study = self
    func changed(_ sample: FoldedSample) -> FoldedSample {
      var flux: [NeutrinoSpecies: [Double]] = [:]
      for (species, density) in sample.flux {
        let factors = variation.factors(
          site: sample.sample.site, mode: sample.sample.mode, species: species, at: averaging.energies)
        flux[species] = zip(density, factors).map { $0 * $1 }
      }
      return FoldedSample(sample: sample.sample, table: sample.table, response: sample.response, flux: flux)
    }
    study.near = near.map(changed)
    study.far = far.map(changed)
    study.nearOperators = try study.near.map { try study.nearOperator($0) }
    return study
  }

  /// The operator of a near sample, from node values to rates.
  func nearOperator(_ sample: FoldedSample) throws -> CollapsedFold {
    try CollapsedFold(
      tables[sample.table].collapsed(weights: nearWeights(sample), response: sample.response, threads: threads),
      nodes: nodes)
  }
}

extension ModelResponses {
  /// The same cross section under another flux: its response in each cell does not depend on it.
  func under(_ folded: FoldedStudy) -> ModelResponses { ModelResponses(folded: folded, near: near, far: far) }
}
