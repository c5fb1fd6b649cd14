import NuTuneCore
import NuTuneFolding

extension ForwardModel {
  /// The same model with another flux: near and far fluxes changed as the variation says, each where it is.
  ///
  /// Fold tables do not depend on the flux and are shared; only the near operators are collapsed anew.
  ///
  /// - Parameter operators: whether models will be tuned on it; without, the near operators stay nominal.
  package func varied(by variation: FluxVariation, operators: Bool = true) throws -> ForwardModel {
    var model = self
    func factors(_ sample: Sample, _ species: NeutrinoSpecies) -> [Double] {
      variation.factors(site: sample.site, mode: sample.mode, species: species, at: averaging.energies)
    }
    model.near = near.map { $0.multiplyingFlux(by: factors) }
    model.far = far.map { $0.multiplyingFlux(by: factors) }
    if operators { model.nearOperators = try model.near.map { try model.nearOperator($0) } }
    return model
  }

  /// Far samples whose flux is the change of a variation: Φ δ.
  func farFluxChange(_ variation: FluxVariation) -> [FoldedDataset] {
    far.map {
      $0.multiplyingFlux { sample, species in
        variation.changes(site: sample.site, mode: sample.mode, species: species, at: averaging.energies)
      }
    }
  }

  /// Share of each bin of a flux uncertainty in the near and far rates without oscillation under a model, shape [bins]:
  /// how much it matters.
  package func rateShares(of bins: [FluxBin], _ responses: ModelResponses) -> [Double] {
    var shares = [Double](repeating: 0, count: bins.count)
    for (sample, response) in zip(near + far, responses.near + responses.far) {
      // Only its own flavour reaches the near detector; into a far one all of its helicity may oscillate.
      let own = sample.sample.reaction.species
      let fluxes = sample.flux.filter { sample.sample.site == .far || $0.key == own }
      let rates = fluxes.mapValues { response.cellTotals(weights: averaging.means(of: $0)) }
      let total = rates.values.joined().reduce(0, +)
      guard total > 0 else { continue }
      for (index, bin) in bins.enumerated() where bin.site == sample.sample.site && bin.mode == sample.sample.mode {
        guard let rates = rates[bin.species] else { continue }
        for cell in rates.indices {
          let middle = (cells.edges[cell] + cells.edges[cell + 1]) / 2
          if bin.low <= middle, middle < bin.high { shares[index] += rates[cell] / total }
        }
      }
    }
    return shares
  }

  /// The operator of a near sample, from node values to rates.
  func nearOperator(_ sample: FoldedDataset) throws -> CollapsedFold {
    try operation(on: sample, weights: nearWeights(sample))
  }

  /// The operator of a sample for one weight of each cell, from node values to rates, hadronic bins included.
  func operation(on sample: FoldedDataset, weights: [Double]) throws -> CollapsedFold {
    try CollapsedFold(
      tables[sample.table].collapsed(weights: weights, response: sample.response, threads: threads), nodes: nodes,
      hadronic: sample.hadronic)
  }
}

extension ModelResponses {
  /// The same cross section under another flux: its response in each cell does not depend on it.
  package func under(_ folded: ForwardModel) -> ModelResponses { ModelResponses(folded: folded, near: near, far: far) }
}
