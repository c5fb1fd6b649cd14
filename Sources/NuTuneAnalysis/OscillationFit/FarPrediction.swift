import CKernels
import NuTuneCore
import NuTuneFolding
import NuTuneStatistics

/// Far rates of a model at values of the fitted oscillation parameters, and how they change along the nuisance parameters;
/// with derivatives of both where a fit asks for them.
///
/// Components that have the same response (the same species, nucleus and bins) are multiplied with it in one pass.
package struct FarPrediction: Sendable {
  /// A product: a beam, or a sum of beams with factors, times a response.
  struct Product {
    let sources: [(source: BeamSource, factor: Double)]
    let response: CellResponse
  }

  /// Names of the fitted parameters.
  let names: [String]
  let oscillation: any OscillationModel
  package let responses: ModelResponses
  let nuisances: NuisanceParameters?
  package let sums: SampleSums
  /// Components that share a response, shape [responses][components].
  private let groups: [[Int]]
  private let sources: BeamSources
  /// What nuisance parameters change in the response of each component, shape [components][parameters that do].
  private let responseChanges: [[CellResponse]]
  /// Sample and factor of each component.
  private let places: [(sample: Int, factor: Double)]
  private let pivots: KnownPivots

  package init(
    names: [String], oscillation: any OscillationModel, responses: ModelResponses, nuisances: NuisanceParameters?,
    sums: SampleSums
  ) {
    self.init(
      names: names, oscillation: oscillation, responses: responses, nuisances: nuisances, sums: sums,
      pivots: KnownPivots())
  }

  /// - Parameter pivots: those of other predictions of the same rates.
  init(
    names: [String], oscillation: any OscillationModel, responses: ModelResponses, nuisances: NuisanceParameters?,
    sums: SampleSums, pivots: KnownPivots
  ) {
    self.names = names
    self.oscillation = oscillation
    self.responses = responses
    self.nuisances = nuisances
    self.sums = sums
    groups = Self.groups(of: responses.far)
    self.pivots = pivots
    sources = BeamSources(responses.folded.far, nuisances)
    let changes = (nuisances?.parameters ?? []).compactMap(\.responseChange)
    responseChanges = responses.far.indices.map { component in changes.map { $0[component] } }
    places = sums.places
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
  package func prediction(_ beams: Beams) -> LinearPrediction { prediction(products(beams)) }

  private func prediction(_ products: [ArraySlice<Double>]) -> LinearPrediction {
    let own = sums.samples.map { parts in sum(of: parts.map { ($0, products[$0.component]) }) }
    return LinearPrediction(
      rates: sums.addingBackgrounds(to: own.map(\.rates)),
      directions: sums.addingBackgrounds(toChanges: own.map(\.changes), of: nuisances?.names ?? []))
  }

  /// The same with derivatives with respect to the fitted parameters: from probabilities at few energies where these determine
  /// those at all, which moves rates by some 10⁻¹³ of their sum.
  package func differentiable(at values: [Double]) throws -> DifferentiablePrediction<LinearPrediction> {
    try differentiableFromPivots(at: values) ?? differentiableFromAllEnergies(at: values)
  }

  /// The prediction with derivatives from probabilities at few energies; nil where these are not enough.
  package func differentiableFromPivots(at values: [Double]) throws -> DifferentiablePrediction<LinearPrediction>? {
    let known = pivots.prediction { PivotPrediction(names, oscillation, responses.folded.averaging, multiplied) }
    guard let known, let gradients = try known.gradients(of: names, try model(at: values)) else { return nil }
    return DifferentiablePrediction(prediction(known.products(gradients))) { slopes in
      known.gradient(responses.far.indices.map { productSlopes(slopes, of: $0) }, gradients)
    }
  }

  /// The prediction with derivatives from probabilities at all energies.
  package func differentiableFromAllEnergies(at values: [Double]) throws -> DifferentiablePrediction<LinearPrediction> {
    let (beams, gradients) = try differentiableBeams(at: values)
    return DifferentiablePrediction(prediction(beams)) { gradient($0, beams, gradients) }
  }

  /// Flux × oscillation at values of the fitted parameters, with the derivatives of the probabilities behind it.
  func differentiableBeams(at values: [Double]) throws -> (Beams, [Propagation: OscillationGradients]) {
    let gradients = try responses.folded.oscillationGradients(
      of: names, try model(at: values), and: nuisances?.others ?? [])
    return (Beams(sources, responses.folded.averaging, gradients.mapValues(\.probabilities)), gradients)
  }

  /// What ``products(_:)`` multiplies for each component.
  private var multiplied: [[Product]] {
    responses.far.indices.map { component in
      let (main, response) = ([(source: sources.main[component], factor: 1.0)], responses.far[component])
      return [Product(sources: main, response: response)]
        + sources.further.filter { !$0.isEmpty }.map { Product(sources: $0[component], response: response) }
        + responseChanges[component].map { Product(sources: main, response: $0) }
    }
  }

  private func model(at values: [Double]) throws -> any OscillationModel {
    try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, values)))
  }

  /// Number of beams of each component: its own, and what nuisance parameters add to it.
  private var beamCount: Int { 1 + sources.further.count { !$0.isEmpty } }

  /// Products of the beams of each component with its response, the main beam first, and of the main beam with what nuisance
  /// parameters change in the response; shape [components][products × bins].
  private func products(_ beams: Beams) -> [ArraySlice<Double>] {
    var products = [ArraySlice<Double>](repeating: [], count: responses.far.count)
    let each = beamCount
    for group in groups {
      var weights: [Double] = []
      weights.reserveCapacity(group.count * each * responses.folded.cells.count)
      for component in group { beams.appendWeights(of: component, to: &weights) }
      let rates = responses.far[group[0]].rates(weights: weights, several: group.count * each)
      let length = each * responses.far[group[0]].binCount
      for (place, component) in group.enumerated() {
        products[component] = rates[place * length..<(place + 1) * length]
        for response in responseChanges[component] {
          products[component] += response.rates(weights: beams.main[component].weights)
        }
      }
    }
    return products
  }

  /// Rates of a sample without its backgrounds, shape [bins], and their changes, shape [parameters × bins].
  private func sum(
    of parts: [(part: SampleSums.Part, products: ArraySlice<Double>)]
  ) -> (rates: [Double], changes: [Double]) {
    let parameters = nuisances?.parameters ?? []
    let bins = responses.far[parts[0].part.component].binCount
    var rates = [Double](repeating: 0, count: bins)
    var changes = [Double](repeating: 0, count: parameters.count * bins)
    for (part, products) in parts {
      let (component, factor) = (part.component, part.factor)
      products.withUnsafeBufferPointer { products in
        guard let main = products.baseAddress else { return }
        var (beam, response) = (main, main + (beamCount - 1) * bins)
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
              beam += bins
              nutune_beam_add_scaled(factor, beam, bins, change)
            }
            if parameter.responseChange != nil {
              response += bins
              nutune_beam_add_scaled(factor, response, bins, change)
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
    let (each, cells) = (beamCount, responses.folded.cells.count)
    for group in groups {
      let response = responses.far[group[0]]
      let bins = response.binCount
      let own = group.map { productSlopes(slopes, of: $0) }
      let found = response.weightSlopes(
        rateSlopes: own.flatMap { $0.prefix(each * bins) }, several: group.count * each)
      var next = 0
      for (component, own) in zip(group, own) {
        var main = Array(found[next..<next + cells])
        next += cells
        for (place, response) in responseChanges[component].enumerated() {
          let change = Array(own[(each + place) * bins..<(each + place + 1) * bins])
          nutune_beam_add_scaled(1, response.weightSlopes(rateSlopes: change, several: 1), cells, &main)
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

  /// Derivatives with respect to the products of one component, of derivatives with respect to the rates and changes of its
  /// sample; shape [products × bins].
  private func productSlopes(_ slopes: LinearPrediction, of component: Int) -> [Double] {
    let (place, bins) = (places[component], responses.far[component].binCount)
    var main = [Double](repeating: 0, count: bins)
    var (beams, changedResponses): ([Double], [Double]) = ([], [])
    nutune_beam_add_scaled(place.factor, slopes.rates[place.sample], bins, &main)
    slopes.directions[place.sample].withUnsafeBufferPointer { changes in
      for (k, parameter) in (nuisances?.parameters ?? []).enumerated() {
        guard let change = changes.baseAddress.map({ $0 + k * bins }) else { return }
        if let norm = parameter.norm?[component] {
          if norm != 0 { nutune_beam_add_scaled_twice(place.factor, norm, change, bins, &main) }
          continue
        }
        if parameter.changesBeam { for bin in 0..<bins { beams.append(place.factor * change[bin]) } }
        if parameter.responseChange != nil {
          for bin in 0..<bins { changedResponses.append(place.factor * change[bin]) }
        }
      }
    }
    return beams.isEmpty && changedResponses.isEmpty ? main : main + beams + changedResponses
  }
}

extension NuisanceParameters.Parameter {
  /// Whether it changes flux or oscillation, so that its change is a product with the response.
  var changesBeam: Bool { fluxChange != nil || density != nil }
}
