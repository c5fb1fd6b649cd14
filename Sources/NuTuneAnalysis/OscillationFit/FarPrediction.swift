import NuTuneCore
import NuTuneFolding
import NuTuneStatistics

/// Far rates of a model at values of the fitted oscillation parameters, and how they change along the nuisance parameters;
/// with derivatives of both where a fit asks for them.
///
/// Components that have the same response (the same species, nucleus and bins) are multiplied with it in one pass.
package struct FarPrediction: Sendable {
  /// Names of the fitted parameters.
  let names: [String]
  let oscillation: any OscillationModel
  package let responses: ModelResponses
  let nuisances: NuisanceParameters?
  package let sums: SampleSums
  /// Components that share a response, shape [responses][components].
  private let groups: [[Int]]

  package init(
    names: [String], oscillation: any OscillationModel, responses: ModelResponses, nuisances: NuisanceParameters?,
    sums: SampleSums
  ) {
    self.names = names
    self.oscillation = oscillation
    self.responses = responses
    self.nuisances = nuisances
    self.sums = sums
    groups = Self.groups(of: responses.far)
  }

  private static func groups(of responses: [CellResponse]) -> [[Int]] {
    var groups: [[Int]] = []
    for (index, response) in responses.enumerated() {
      if let known = groups.firstIndex(where: { responses[$0[0]].isSame(as: response) }) {
        groups[known].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups
  }

  /// Flux × oscillation at values of the fitted parameters.
  package func beams(at values: [Double]) throws -> Beams {
    Beams(
      responses.folded, nuisances,
      try responses.folded.oscillationProbabilities(try model(at: values), and: nuisances?.others ?? []))
  }

  /// Rates of all measured samples and their changes along the nuisance parameters.
  package func prediction(_ beams: Beams) -> LinearPrediction {
    let (rates, changes) = components(beams)
    return LinearPrediction(rates: sums.sum(rates), directions: sums.sum(changes))
  }

  /// The same with derivatives with respect to the fitted parameters.
  package func differentiable(at values: [Double]) throws -> DifferentiablePrediction {
    let gradients = try responses.folded.oscillationGradients(
      of: names, try model(at: values), and: nuisances?.others ?? [])
    let beams = Beams(responses.folded, nuisances, gradients.mapValues(\.probabilities))
    return DifferentiablePrediction(prediction(beams)) { gradient($0, beams, gradients) }
  }

  private func model(at values: [Double]) throws -> any OscillationModel {
    try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, values)))
  }

  /// Rates of the components, shape [components][bins], and their changes, shape [components][parameters × bins].
  private func components(_ beams: Beams) -> (rates: [[Double]], changes: [[Double]]) {
    let parameters = nuisances?.parameters ?? []
    var products = [[[Double]]](repeating: [], count: responses.far.count)
    for group in groups {
      let weights = group.map(beams.weights(of:))
      var next = responses.far[group[0]].rates(weights: weights.flatMap { $0 })[...]
      for (component, weights) in zip(group, weights) {
        products[component] = Array(next.prefix(weights.count))
        next = next.dropFirst(weights.count)
      }
    }
    let rates = products.map { ModelResponses.floored($0[0]) }
    guard !parameters.isEmpty else { return (rates, rates.map { _ in [] }) }
    let changes = products.indices.map { component in
      var further = products[component].dropFirst()
      return parameters.flatMap { parameter in
        if let norm = parameter.norm { return rates[component].map { norm[component] * $0 } }
        var change = parameter.changesBeam ? further.removeFirst() : rates[component].map { _ in 0 }
        if let response = parameter.responseChange?[component] {
          for (bin, rate) in response.rates(weights: beams.main[component].weights).enumerated() {
            change[bin] += rate
          }
        }
        return change
      }
    }
    return (rates, changes)
  }

  /// Derivatives with respect to the fitted parameters of a function whose derivatives with respect to the rates and changes
  /// of the samples are given: those go back through sums, responses, averages over cells and probabilities.
  private func gradient(
    _ slopes: LinearPrediction, _ beams: Beams, _ gradients: [Propagation: OscillationGradients]
  ) -> [Double] {
    let parameters = nuisances?.parameters ?? []
    let (byRate, byChange) = (sums.parts(of: slopes.rates), sums.parts(of: slopes.directions))
    var back = ProbabilitySlopes(responses.folded)
    for group in groups {
      var rows: [[Double]] = []
      for component in group {
        let bins = byRate[component].count
        var main = byRate[component]
        var further: [[Double]] = []
        for (k, parameter) in parameters.enumerated() {
          let change = byChange[component][k * bins..<(k + 1) * bins]
          if let norm = parameter.norm?[component] {
            guard norm != 0 else { continue }
            for (bin, slope) in change.enumerated() { main[bin] += norm * slope }
          } else if parameter.changesBeam {
            further.append(Array(change))
          }
        }
        rows.append(main)
        rows += further
      }
      var found = responses.far[group[0]].weightSlopes(rateSlopes: rows)[...]
      for component in group {
        var main = found.removeFirst()
        for (k, parameter) in parameters.enumerated() {
          guard let response = parameter.responseChange?[component] else { continue }
          let bins = byRate[component].count
          let change = Array(byChange[component][k * bins..<(k + 1) * bins])
          for (cell, slope) in response.weightSlopes(rateSlopes: [change])[0].enumerated() { main[cell] += slope }
        }
        back.add(beams.main[component], weightSlopes: main)
        for beam in beams.further where !beam.isEmpty {
          let slopes = found.removeFirst()
          for (beam, factor) in beam[component] { back.add(beam, weightSlopes: slopes, times: factor) }
        }
      }
    }
    return back.gradient(names.count, gradients)
  }
}

extension NuisanceParameters.Parameter {
  /// Whether it changes flux or oscillation, so that its change is a product with the response.
  var changesBeam: Bool { fluxChange != nil || density != nil }
}
