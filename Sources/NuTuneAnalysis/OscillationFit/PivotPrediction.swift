import CKernels
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// Products of beams with responses from the oscillation probabilities at a few energies (`PivotEnergies`): flux, averages over
/// cells and response are one matrix for each.
///
/// They are as exact as these probabilities determine those at all energies, which is tested wherever they are computed; and as
/// long as the same cells share a covariance with their neighbours (``CellAveraging/weights(of:)``), which they did at all
/// points where weights were compared when the matrices were made.
struct PivotPrediction: Sendable {
  /// Rates in bins as sums over the probabilities of some transitions.
  private struct Product {
    let transitions: [PivotWeights.Transition]
    /// Shape [transitions × pivots][bins].
    let rows: ReachedRows
  }

  private let probabilities: PivotProbabilities
  /// Shape [components][products].
  private let products: [[Product]]

  /// Number of points of the parameters at which probabilities are sampled to choose pivots.
  private static let samples = 32
  /// Number of further points at which weights of cells are compared with those from probabilities at all energies.
  private static let comparisons = 16
  /// Largest difference of a weight from that, relative to the largest weight.
  private static let accuracy = 1e-11
  /// Largest number of entries of all matrices: more take longer to read than the responses that products share.
  private static let mostEntries = 1 << 21

  /// Makes the matrices of products for the ranges in which a fit varies its parameters; nil where few pivots do not suffice, or
  /// there are too many products for a gain.
  ///
  /// - Parameters:
  ///   - names: the fitted parameters.
  ///   - oscillation: their ranges; values of all others.
  ///   - averaging: averages over the cells.
  ///   - components: the products of each far component.
  init?(
    _ names: [String], _ oscillation: any OscillationModel, _ averaging: CellAveraging,
    _ components: [[FarPrediction.Product]]
  ) {
    let sources = components.joined().flatMap { $0.sources.map(\.source) }
    let ways = sources.reduce(into: [Propagation]()) { if !$0.contains($1.way) { $0.append($1.way) } }
    // A model that refuses a point of its own ranges has no pivots; a fit that gets there says why.
    guard let points = try? Self.points(names, oscillation, ways, at: averaging.energies),
      let probabilities = PivotProbabilities(
        sources, ways, Array(points.prefix(Self.samples)), at: averaging.energies)
    else { return nil }
    func inputs(_ product: FarPrediction.Product) -> Int {
      product.sources.reduce(0) { sum, part in
        let way = ways.firstIndex(of: part.source.way) ?? 0
        return sum + part.source.parts.count * probabilities.pivots[way].count
      }
    }
    guard components.joined().reduce(0, { $0 + inputs($1) * $1.response.binCount }) <= Self.mostEntries else {
      return nil
    }
    var known: [ObjectIdentifier: PivotWeights] = [:]
    for source in sources where known[ObjectIdentifier(source)] == nil {
      guard let weights = Self.weights(source, probabilities, averaging, points) else { return nil }
      known[ObjectIdentifier(source)] = weights
    }
    self.probabilities = probabilities
    products = components.map { products in
      products.map { product in
        let parts = product.sources.compactMap { part in known[ObjectIdentifier(part.source)].map { ($0, part.factor) }
        }
        let weights = parts.flatMap { weights, factor in weights.rows.map { $0.map { factor * $0 } } }
        let matrix = product.response.rates(weights: weights.flatMap { $0 }, several: weights.count)
        return Product(
          transitions: parts.flatMap(\.0.transitions),
          rows: ReachedRows(cellCount: weights.count, binCount: product.response.binCount, matrix: matrix))
      }
    }
  }

  /// Probabilities of some propagations at random points in the ranges of the fitted parameters, shape [points][propagations].
  private static func points(
    _ names: [String], _ oscillation: any OscillationModel, _ ways: [Propagation], at energies: [Double]
  ) throws -> [[OscillationProbabilities]] {
    let ranges = try names.map { try oscillation.fitDomain(of: $0).bounds }
    let random = try RandomStream(seed: 0, purpose: "pivots")
    return try (0..<samples + comparisons).map { _ in
      let values = ranges.map { random.uniform(in: $0) }
      let model = try oscillation.setting(Dictionary(uniqueKeysWithValues: zip(names, values)))
      return try ways.map { try model.probabilities(at: energies, over: $0.baseline, helicity: $0.helicity) }
    }
  }

  /// The weights of a beam; nil where they differ from those that come of the probabilities at all energies, because other cells
  /// share a covariance with their neighbours.
  private static func weights(
    _ source: BeamSource, _ probabilities: PivotProbabilities, _ averaging: CellAveraging,
    _ points: [[OscillationProbabilities]]
  ) -> PivotWeights? {
    guard let way = probabilities.ways.firstIndex(of: source.way), let first = points.first else { return nil }
    let found = PivotWeights(
      source, probabilities, averaging, sharedAs: averaging.means(of: source.values(first[way])))
    for point in points.dropFirst(samples) {
      guard let few = probabilities.probabilities(among: point) else { continue }
      let exact = averaging.weights(of: source.values(point[way]))
      let largest = exact.reduce(0) { max($0, abs($1)) }
      let differences = zip(found.weights(few, probabilities.pivots), exact).map { abs($0 - $1) }
      guard differences.allSatisfy({ $0 <= accuracy * largest }) else { return nil }
    }
    return found
  }

  /// Computes probabilities with derivatives at the pivots, by propagation; nil where these are not enough.
  func gradients(of parameters: [String], _ oscillation: any OscillationModel) throws -> [OscillationGradients]? {
    try probabilities.gradients(of: parameters, oscillation)
  }

  /// Computes the products of every component one after the other, shape [components][products × bins].
  func products(_ gradients: [OscillationGradients]) -> [ArraySlice<Double>] {
    products.map { products in
      let rates = products.map { product in
        product.rows.rates(
          weights: product.transitions.flatMap {
            gradients[$0.way].probabilities.pivotValues(of: $0, probabilities.pivots)
          }, several: 1)
      }
      return ArraySlice(rates.count == 1 ? rates[0] : rates.flatMap { $0 })
    }
  }

  /// Turns derivatives with respect to products into those with respect to oscillation parameters.
  ///
  /// - Parameters:
  ///   - slopes: of every component, shape [components][products × bins].
  ///   - gradients: probabilities at the pivots.
  func gradient(_ slopes: [[Double]], _ gradients: [OscillationGradients]) -> [Double] {
    var sums = [Double](repeating: 0, count: gradients.first?.parameters.count ?? 0)
    for (products, slopes) in zip(products, slopes) {
      let bins = slopes.count / products.count
      for (place, product) in products.enumerated() {
        let own = products.count == 1 ? slopes : Array(slopes[place * bins..<(place + 1) * bins])
        let totals = product.rows.weightSlopes(rateSlopes: own, several: 1)
        totals.withUnsafeBufferPointer { totals in
          guard var next = totals.baseAddress else { return }
          for transition in product.transitions {
            let (count, found) = (probabilities.pivots[transition.way].count, gradients[transition.way])
            found.values.withUnsafeBufferPointer { values in
              guard let values = values.baseAddress else { return }
              for parameter in sums.indices {
                let row = values + (9 * parameter + transition.row) * found.probabilities.count
                sums[parameter] += nutune_beam_dot(next, row, count)
              }
            }
            next += count
          }
        }
      }
    }
    return sums
  }
}
