import NuTuneCatalog
import NuTuneStatistics

extension FarLikelihood {
  /// Parameters, samples, nuisance parameters.
  var description: JSONValue {
    [
      "parameters": .list(zip(parameters, values).map(description)),
      "samples": .list(
        fit.samples.map { sample in
          .object(
            [
              "name": .text(sample.name), "bins": .integer(sample.binning.count), "fitted": .boolean(sample.isFitted),
              "compares_numbers": .boolean(sample.comparesNumbers),
            ].merging(sample.binning.description) { $1 })
        }),
      "nuisances": .list(
        zip(fit.nuisanceNames, fit.nuisanceWidths).map { name, width in
          var entry: [String: JSONValue] = ["name": .text(name)]
          entry["width"] = width.map { .number($0) }
          return .object(entry)
        }),
      "analytic_gradient": .boolean(hasAnalyticGradient),
    ]
  }

  private func description(_ parameter: FitParameter, value: Double) -> JSONValue {
    var entry: [String: JSONValue] = [
      "name": .text(parameter.name), "unit": .text(parameter.unit), "value": .number(value),
      "starts": .list(parameter.starts.map { .number($0) }), "scale": .number(parameter.scale),
    ]
    if parameter.bounds.lowerBound.isFinite {
      entry["bounds"] = .list([.number(parameter.bounds.lowerBound), .number(parameter.bounds.upperBound)])
    }
    entry["period"] = parameter.period.map { .number($0) }
    if let prior = fit.priors.first(where: { $0.parameter == parameter.name }) {
      entry["prior"] = ["mean": .number(prior.mean), "sigma": .number(prior.sigma)]
    }
    return .object(entry)
  }
}
