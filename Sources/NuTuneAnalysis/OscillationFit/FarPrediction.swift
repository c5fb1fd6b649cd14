import CKernels
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
  private let sources: BeamSources

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
    sources = BeamSources(responses.folded.far, nuisances)
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
      sources, responses.folded.averaging,
      try responses.folded.oscillationProbabilities(try model(at: values), and: nuisances?.others ?? []))
  }

  /// Rates of all measured samples and their changes along the nuisance parameters.
  package func prediction(_ beams: Beams) -> LinearPrediction {
    let products = products(beams)
    let own = sums.samples.map { parts in
      sum(of: parts.map { ($0, products[$0.component]) }, beams)
    }
    return LinearPrediction(
      rates: sums.addingBackgrounds(to: own.map(\.rates)),
      directions: sums.addingBackgrounds(toChanges: own.map(\.changes), of: nuisances?.names ?? []))
  }

  /// The same with derivatives with respect to the fitted parameters.
  package func differentiable(at values: [Double]) throws -> DifferentiablePrediction<LinearPrediction> {
    let (beams, gradients) = try differentiableBeams(at: values)
    return DifferentiablePrediction(prediction(beams)) { gradient($0, beams, gradients) }
  }

  /// Flux × oscillation at values of the fitted parameters, with the derivatives of the probabilities behind it.
  func differentiableBeams(at values: [Double]) throws -> (Beams, [Propagation: OscillationGradients]) {
    let gradients = try responses.folded.oscillationGradients(
      of: names, try model(at: values), and: nuisances?.others ?? [])
    return (Beams(sources, responses.folded.averaging, gradients.mapValues(\.probabilities)), gradients)
  }

  private func model(at values: [Double]) throws -> any OscillationModel {
    try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, values)))
  }

  /// Products of the beams of each component with its response, the main beam first, shape [components][beams × bins].
  private func products(_ beams: Beams) -> [ArraySlice<Double>] {
    var products = [ArraySlice<Double>](repeating: [], count: responses.far.count)
    let each = 1 + beams.further.count { !$0.isEmpty }
    for group in groups {
      var weights: [Double] = []
      weights.reserveCapacity(group.count * each * responses.folded.cells.count)
      for component in group { beams.appendWeights(of: component, to: &weights) }
      let rates = responses.far[group[0]].rates(weights: weights, several: group.count * each)
      let length = each * responses.far[group[0]].binCount
      for (place, component) in group.enumerated() {
        products[component] = rates[place * length..<(place + 1) * length]
      }
    }
    return products
  }

  /// Rates of a sample without its backgrounds, shape [bins], and their changes, shape [parameters × bins].
  private func sum(
    of parts: [(part: SampleSums.Part, products: ArraySlice<Double>)], _ beams: Beams
  ) -> (rates: [Double], changes: [Double]) {
    let parameters = nuisances?.parameters ?? []
    let bins = responses.far[parts[0].part.component].binCount
    var rates = [Double](repeating: 0, count: bins)
    var changes = [Double](repeating: 0, count: parameters.count * bins)
    for (part, products) in parts {
      let (component, factor) = (part.component, part.factor)
      products.withUnsafeBufferPointer { products in
        guard var row = products.baseAddress else { return }
        let main = row
        let least = ModelResponses.leastShare * nutune_beam_sum(main, bins)
        nutune_beam_add_floored(factor, 1, least, main, bins, &rates)
        for (k, parameter) in parameters.enumerated() {
          changes.withUnsafeMutableBufferPointer { changes in
            guard let change = changes.baseAddress.map({ $0 + k * bins }) else { return }
            if let norm = parameter.norm?[component] {
              if norm != 0 { nutune_beam_add_floored(factor, norm, least, main, bins, change) }
              return
            }
            if parameter.changesBeam {
              row += bins
              nutune_beam_add_scaled(factor, row, bins, change)
            }
            if let response = parameter.responseChange?[component] {
              nutune_beam_add_scaled(factor, response.rates(weights: beams.main[component].weights), bins, change)
            }
          }
        }
      }
    }
    return (rates, changes)
  }

  /// Derivatives with respect to the fitted parameters of a function whose derivatives with respect to the rates and changes
  /// of the samples are given: those go back through sums, responses, averages over cells and probabilities.
  ///
  /// - Parameters:
  ///   - slopes: derivatives with respect to rates and changes; nil for a function that does not depend on them.
  ///   - beams: flux × oscillation.
  ///   - gradients: derivatives of the probabilities.
  ///   - weightSlopes: further derivatives with respect to the weights of the cells of each component, shape
  ///     [components][cells].
  func gradient(
    _ slopes: LinearPrediction?, _ beams: Beams, _ gradients: [Propagation: OscillationGradients],
    adding weightSlopes: [[Double]] = []
  ) -> [Double] {
    var back = ProbabilitySlopes(responses.folded.averaging)
    for (component, slopes) in weightSlopes.enumerated() { back.add(beams.main[component], weightSlopes: slopes) }
    if let slopes { add(slopes, beams, to: &back) }
    return back.gradient(names.count, gradients)
  }

  private func add(_ slopes: LinearPrediction, _ beams: Beams, to back: inout ProbabilitySlopes) {
    let parameters = nuisances?.parameters ?? []
    let places = sums.places
    let cells = responses.folded.cells.count
    for group in groups {
      let response = responses.far[group[0]]
      let bins = response.binCount
      var rows: [Double] = []
      for component in group { appendRateSlopes(slopes, of: component, places[component], bins, to: &rows) }
      let found = response.weightSlopes(rateSlopes: rows, several: rows.count / max(bins, 1))
      var next = 0
      for component in group {
        var main = Array(found[next..<next + cells])
        next += cells
        for (k, parameter) in parameters.enumerated() {
          guard let response = parameter.responseChange?[component] else { continue }
          let (sample, factor) = places[component]
          let change = slopes.directions[sample][k * bins..<(k + 1) * bins].map { factor * $0 }
          let added = response.weightSlopes(rateSlopes: change, several: 1)
          nutune_beam_add_scaled(1, added, cells, &main)
        }
        back.add(beams.main[component], weightSlopes: main)
        for beam in beams.further where !beam.isEmpty {
          found.withUnsafeBufferPointer { found in
            guard let slopes = found.baseAddress.map({ $0 + next }) else { return }
            for (beam, factor) in beam[component] { back.add(beam, weightSlopes: slopes, times: factor) }
          }
          next += cells
        }
      }
    }
  }

  /// Adds derivatives with respect to the products of one component, of derivatives with respect to the rates and changes of
  /// its sample, to a list; shape [beams × bins].
  private func appendRateSlopes(
    _ slopes: LinearPrediction, of component: Int, _ place: (sample: Int, factor: Double), _ bins: Int,
    to rows: inout [Double]
  ) {
    var main = [Double](repeating: 0, count: bins)
    var further: [Double] = []
    nutune_beam_add_scaled(place.factor, slopes.rates[place.sample], bins, &main)
    slopes.directions[place.sample].withUnsafeBufferPointer { changes in
      for (k, parameter) in (nuisances?.parameters ?? []).enumerated() {
        guard let change = changes.baseAddress.map({ $0 + k * bins }) else { return }
        if let norm = parameter.norm?[component] {
          if norm != 0 { nutune_beam_add_scaled_twice(place.factor, norm, change, bins, &main) }
        } else if parameter.changesBeam {
          for bin in 0..<bins { further.append(place.factor * change[bin]) }
        }
      }
    }
    rows += main
    rows += further
  }
}

extension NuisanceParameters.Parameter {
  /// Whether it changes flux or oscillation, so that its change is a product with the response.
  var changesBeam: Bool { fluxChange != nil || density != nil }
}
