import NuTuneCore
import NuTuneFolding

extension NuisanceParameters {
  /// The nuisance parameters of a fit with one model; nil when the options ask for none.
  ///
  /// - Parameters:
  ///   - model: the model as it is fitted.
  ///   - responses: its rates.
  ///   - retuned: tunes the model again with a shifted flux, for a component (from 1); nil for a model that near data do
  ///     not change.
  init?(
    _ options: NuisanceOptions, of model: any CrossSectionModel, _ responses: ModelResponses,
    retuned: ((_ folded: ForwardModel, _ component: Int) throws -> any CrossSectionModel)?
  ) throws {
    guard options.isAsked else { return nil }
    var parameters: [Parameter] = []
    let folded = responses.folded
    for (index, variation) in try options.components(responses).enumerated() {
      var parameter = Parameter(name: "flux_\(index + 1)")
      parameter.fluxChange = folded.farFluxChange(variation)
      if let retuned, options.retunes {
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
    let scale = options.energyScale
    if scale > 0, folded.hasFarEnergyScale {
      let sides = try [1 + scale, 1 - scale].map {
        try ModelResponses(of: model, in: try folded.withFarEnergyScale($0)).far
      }
      parameters.append(
        Parameter(
          name: "energy_scale", responseChange: zip(sides[0], sides[1]).map { $0.difference(from: $1, times: 0.5) }))
    }
    self.init(parameters: parameters)
  }
}

extension NuisanceOptions {
  /// The leading principal components of the flux covariance, each one standard deviation, ranked by what they do to
  /// near and far rates.
  fileprivate func components(_ responses: ModelResponses) throws -> [FluxVariation] {
    guard fluxComponents > 0, let covariance = fluxCovariance else { return [] }
    let weights = responses.folded.rateShares(of: covariance.bins, responses)
    return try covariance.principalVariations(count: fluxComponents, weights: weights).map(\.variation)
  }
}
