import NuTuneCatalog
import NuTuneCore
import NuTuneFolding

extension StudyConfiguration {
  /// The nuisance parameters of a fit with one model; nil when the study has none.
  ///
  /// - Parameters:
  ///   - model: the model as it is fitted.
  ///   - responses: what it gives in the bins.
  ///   - retuned: tunes the model again on a study with shifted flux, for a component (from 1); nil for a model that
  ///     near data do not change.
  func nuisances(
    of model: any CrossSectionModel, _ responses: ModelResponses, _ assembly: StudyAssembly,
    retuned: ((_ folded: FoldedStudy, _ component: Int) throws -> any CrossSectionModel)?
  ) throws -> NuisanceParameters? {
    guard hasNuisances else { return nil }
    var parameters: [NuisanceParameters.Parameter] = []
    let folded = responses.folded
    for (index, variation) in try fluxComponents(responses).enumerated() {
      var parameter = NuisanceParameters.Parameter(name: "flux_\(index + 1)")
      parameter.fluxChange = folded.farFluxChange(variation)
      if let retuned, fit.boolean("nuisance.retune") {
        let shifted = try ModelResponses(of: try retuned(try folded.varied(by: variation), index + 1), in: folded)
        parameter.responseChange = responses.far.indices.map { sample in
          // The scale of a model tuned on shapes is arbitrary: the same rate without oscillation.
          let weights = folded.unoscillatedWeights(folded.far[sample])
          let rates = [responses, shifted].map { $0.far[sample].rates(weights: weights).reduce(0, +) }
          return shifted.far[sample].scaled(by: rates[0] / rates[1]).difference(from: responses.far[sample], times: 1)
        }
      }
      parameters.append(parameter)
    }
    let scale = fit.number("nuisance.energy_scale")
    if scale > 0, let scalable = assembly.far?.detector as? any EnergyScalableDetector {
      let sides = try [1 + scale, 1 - scale].map {
        try ModelResponses(of: model, in: try folded.withFarEnergyScale($0, of: scalable)).far
      }
      parameters.append(
        NuisanceParameters.Parameter(
          name: "energy_scale", responseChange: zip(sides[0], sides[1]).map { $0.difference(from: $1, times: 0.5) }))
    }
    return NuisanceParameters(parameters: parameters)
  }

  /// The leading principal components of the flux covariance, each one standard deviation, ranked by what they do to
  /// near and far rates.
  private func fluxComponents(_ responses: ModelResponses) throws -> [FluxVariation] {
    let count = fit.integer("nuisance.flux")
    guard count > 0, let covariance = try scaledFluxCovariance else { return [] }
    let weights = responses.folded.rateShares(of: covariance.bins, responses)
    return try covariance.principalVariations(count: count, weights: weights).map(\.variation)
  }
}

extension CellResponse {
  /// Every entry times a factor.
  func scaled(by factor: Double) -> CellResponse { mapped { $1 * factor } }

  /// (self − other) · factor.
  func difference(from other: CellResponse, times factor: Double) -> CellResponse {
    mapped { ($1 - other.values[$0]) * factor }
  }

  private func mapped(_ entry: (_ index: Int, _ value: Double) -> Double) -> CellResponse {
    CellResponse(
      cells: cells,
      rows: (0..<cells.count).map { cell in
        (cell * binCount..<(cell + 1) * binCount).map { entry($0, values[$0]) }
      })
  }
}
