import NuTuneCore
import NuTuneFolding
import NuTuneStatistics

/// Far rates of a model at values of the fitted oscillation parameters in the parts that its posterior modes move, with the
/// relative changes of the rates by nuisance parameters that have a prior.
struct MarginalPrediction: Sendable {
  let modes: PosteriorModes
  let far: FarPrediction
  /// The term of each sample.
  let terms: [CountTerm]

  /// Rates of all measured samples.
  func rates(at values: [Double]) throws -> [ModeRates] {
    let beams = try far.beams(at: values)
    let components = components(beams)
    return far.nuisances == nil
      ? far.sums.sum(components) : rates(components, far.prediction(beams))
  }

  /// The same with derivatives with respect to the fitted parameters.
  func differentiable(at values: [Double]) throws -> DifferentiablePrediction<[ModeRates]> {
    let (beams, gradients) = try far.differentiableBeams(at: values)
    let components = components(beams)
    let held = far.nuisances == nil ? nil : far.prediction(beams)
    let rates = held.map { self.rates(components, $0) } ?? far.sums.sum(components)
    return DifferentiablePrediction(rates) { slopes in
      let weightSlopes = far.sums.componentSlopes(slopes, of: components).enumerated().map { component, slopes in
        modes.weightSlopes(slopes, sample: component, at: components[component], far.responses.far[component])
      }
      return far.gradient(held.map { pullSlopes(slopes, rates, $0) }, beams, gradients, adding: weightSlopes)
    }
  }

  /// Rates of all components, without pulls.
  private func components(_ beams: Beams) -> [ModeRates] {
    beams.main.indices.map {
      modes.rates(sample: $0, weights: beams.main[$0].weights, far.responses.far[$0])
    }
  }

  /// Rates of samples with their changes by pulls, relative to the rates of the model held as it is.
  private func rates(_ components: [ModeRates], _ held: LinearPrediction) -> [ModeRates] {
    var rates = far.sums.sum(components)
    for sample in rates.indices {
      let own = held.rates[sample]
      let least = least(of: sample, own)
      rates[sample].pulls = (far.nuisances?.constrained(held.directions[sample]) ?? []).enumerated().map {
        index, change in
        change / max(own[index % own.count], least)
      }
    }
    return rates
  }

  /// The rate of a sample that changes of smaller rates are relative to.
  private func least(of sample: Int, _ rates: [Double]) -> Double {
    terms[sample].leastRate(total: rates.reduce(0, +), orEvents: 1)
  }

  /// Turns derivatives with respect to relative changes by pulls into those with respect to rates and changes of the model
  /// held as it is.
  private func pullSlopes(_ slopes: [ModeRates], _ rates: [ModeRates], _ held: LinearPrediction) -> LinearPrediction {
    var back = LinearPrediction(
      rates: held.rates.map { $0.map { _ in 0 } }, directions: held.directions.map { $0.map { _ in 0 } })
    let parameters = far.nuisances?.parameters ?? []
    let constrained = parameters.indices.filter { !parameters[$0].isFree }
    for (sample, own) in held.rates.enumerated() {
      let (bins, total, least) = (own.count, own.reduce(0, +), self.least(of: sample, own))
      var byLeast = 0.0
      for (pull, parameter) in constrained.enumerated() {
        for bin in 0..<bins {
          let slope = slopes[sample].pulls[pull * bins + bin] / max(own[bin], least)
          let byRate = -slope * rates[sample].pulls[pull * bins + bin]
          back.directions[sample][parameter * bins + bin] = slope
          if own[bin] >= least { back.rates[sample][bin] += byRate } else { byLeast += byRate }
        }
      }
      // Where the normalisation is free this rate is a share of the sample's.
      guard terms[sample].normalization == nil else { continue }
      for bin in 0..<bins { back.rates[sample][bin] += byLeast * least / total }
    }
    return back
  }
}
