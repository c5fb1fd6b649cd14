import NuTuneCore
import NuTuneFolding

extension NuisanceParameters {
  /// The nuisance parameters of a fit with one model; nil when the options ask for none.
  ///
  /// - Parameters:
  ///   - model: the model as it is fitted.
  ///   - responses: its rates.
  ///   - backgrounds: of the far samples, whose norms may be pulls.
  ///   - retuned: tunes the model again with a shifted flux, for a component (from 1); nil for a model that near data do
  ///     not change.
  init?(
    _ options: NuisanceOptions, of model: any CrossSectionModel, _ responses: ModelResponses,
    backgrounds: [Background] = [],
    retuned: ((_ folded: ForwardModel, _ component: Int) throws -> any CrossSectionModel)?
  ) throws {
    guard options.isAsked || backgrounds.contains(where: { $0.pull != nil }) else { return nil }
    var parameters: [Parameter] = []
    let folded = responses.folded
    let comparesNumbers = !backgrounds.isEmpty || folded.far.contains { $0.dataset.statistic == .poisson }
    for (index, variation) in try options.components(responses).enumerated() {
      var parameter = Parameter(name: "flux_\(index + 1)", width: 1)
      parameter.fluxChange = folded.farFluxChange(variation)
      let fixesScale = comparesNumbers && !folded.near.isEmpty
      let varied = try fixesScale || retuned != nil && options.retunes ? folded.varied(by: variation) : folded
      var shifted = responses
      if let retuned, options.retunes {
        shifted = try ModelResponses(of: try retuned(varied, index + 1), in: folded)
      }
      if fixesScale {
        // Near data, which the shifted flux does not change, fix the scale.
        let scales = responses.nearScales(shifted.under(varied))
        parameter.responseChange = responses.far.indices.map { sample in
          let scale = scales[folded.far[sample].dataset.nearGroup] ?? 1
          return shifted.far[sample].scaled(by: scale).difference(from: responses.far[sample], times: 1)
        }
      } else if retuned != nil, options.retunes {
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
          name: "energy_scale", responseChange: zip(sides[0], sides[1]).map { $0.difference(from: $1, times: 0.5) },
          width: scale))
    }
    if options.density > 0 {
      var parameter = Parameter(name: "density", width: options.density)
      parameter.density = (
        more: folded.far.map { $0.behindDensity(times: 1 + options.density) },
        less: folded.far.map { $0.behindDensity(times: 1 - options.density) }
      )
      parameters.append(parameter)
    }
    try parameters += Self.norms(options.norms, backgrounds, of: folded)
    self.init(parameters: parameters)
  }

  /// Norms of charged currents, then those of backgrounds, one for all of a name.
  private static func norms(_ norms: [NormUncertainty], _ backgrounds: [Background], of folded: ForwardModel) throws
    -> [Parameter]
  {
    var parameters = norms.map { norm in
      Parameter(
        name: norm.name, norm: folded.far.map { (norm.sigma ?? 1) * norm.sign(for: $0.dataset) }, width: norm.sigma)
    }
    let ownNames = Set(parameters.map(\.name))
    for name in backgrounds.compactMap(\.pull) where !parameters.contains(where: { $0.name == name }) {
      // The uncertainties of the backgrounds that share a pull may differ from sample to sample.
      parameters.append(Parameter(name: name, width: backgrounds.filter { $0.pull == name }.map(\.sigma).max()))
    }
    if let clash = backgrounds.first(where: { $0.pull.map(ownNames.contains) ?? false }) {
      throw NuTuneError(
        .badData, key: "background \(clash.name) of \(clash.sample)", found: "the name of a norm of charged currents",
        expected: "another name, because norm_\(clash.name) is a pull of that norm")
    }
    guard ownNames.count == norms.count else {
      throw NuTuneError(.badData, key: "norms", found: "two norms of one name", expected: "each of them once")
    }
    return parameters
  }
}

extension ModelResponses {
  /// Near rates over those of other responses, for each neutrino sign and experiment.
  func nearScales(_ other: ModelResponses) -> [NearGroup: Double] {
    let (rates, others) = (nearRates(), other.nearRates())
    return folded.nearScales { index in
      let exposure = folded.near[index].exposure
      return (exposure * rates[index].reduce(0, +), exposure * others[index].reduce(0, +))
    }
  }

  /// The same responses with the far ones scaled, for each neutrino sign and experiment; samples that share one still do.
  package func scalingFar(by scales: [NearGroup: Double]) -> ModelResponses {
    var known: [(scale: Double, response: CellResponse, scaled: CellResponse)] = []
    let scaled = zip(folded.far, far).map { sample, response in
      let scale = scales[sample.dataset.nearGroup] ?? 1
      if let same = known.first(where: { $0.scale == scale && $0.response.isSame(as: response) }) { return same.scaled }
      let scaled = response.scaled(by: scale)
      known.append((scale, response, scaled))
      return scaled
    }
    return ModelResponses(folded: folded, near: near, far: scaled)
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
