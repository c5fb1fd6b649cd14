import NuTuneCore
import NuTuneFolding
import NuTuneStatistics
import NuTuneNumerics

/// The posterior modes of a tuned model that the far data can tell, and how the far rates change along them.
///
/// Of the many weights of a `GaussianModel` only some combinations matter at the far detector: the eigenvectors of
/// their covariance, seen through the far rates in bands of neutrino energy, in units of the far statistics. In every bin and
/// narrow group of neutrino energies the rate is positive for any z (`ModeSlopes`),
///
///     R_gb(z) = R_gb exp(Σ_k z_k D_kgb/R_gb),
///
/// with D the derivative of the folded rate; what is left out is how much slopes differ inside a group. Where numbers of
/// events count, near data fix the scale of each neutrino sign and experiment: then D/R is less the relative change of the near rates.
///
/// Where a hadronic response was fitted with the weights and far detectors measure with it, its directions (`ResponseModes`)
/// follow those of the weights at given numbers of the response: along them D is the change by weights and numbers together.
public struct PosteriorModes: Sendable {
  /// Number of directions.
  package let count: Int
  /// What the directions that were left out change of −2lnL by at most, Σ of their eigenvalues.
  let dropped: Double
  /// Combinations F z of the weights for a unit of each direction of a group, shape [groups of weights][weights × directions].
  let combinations: [Matrix]
  /// The directions of the response, after those of all groups; nil for none.
  let response: ResponseModes?
  /// Slopes of the parts (groups of neutrino energy × bins), shape [far samples].
  package let slopes: [ModeSlopes]
  /// Neutrino-energy groups.
  private let groups: [Range<Int>]
  /// Group of each part, shape [far samples][parts].
  private let partGroups: [[Int]]

  /// Directions that change the far rates by less than this many statistical standard deviations (squared) are dropped.
  static let leastEffect = 2e-3
  /// Bands of neutrino energy in which an effect may show.
  static let bands = 6
  /// Groups of neutrino energy inside which slopes count as equal.
  static let groupCount = 32
  /// Parts with less than this share of a sample's rate are not moved: what they are is rounding of the interpolation.
  static let leastPart = 1e-8

  /// The directions of a tuned model.
  ///
  /// - Parameters:
  ///   - mean: its rates at the most probable weights.
  ///   - events: far events in all.
  ///   - fixesScale: whether near data fix the scale, so that far events count as numbers.
  init(of model: any GaussianModel, mean: ModelResponses, events: Double, fixesScale: Bool = false) throws {
    let folded = mean.folded
    let flux = folded.far.map { folded.unoscillatedWeights($0) }
    let cellRates = zip(mean.far, flux).map { $0.cellTotals(weights: $1) }
    let exposures = folded.far.map(\.exposure)
    let totals = (0..<folded.cells.count).map { cell in
      zip(cellRates, exposures).reduce(0) { $0 + $1.1 * $1.0[cell] }
    }
    let bands = Self.partition(totals, into: Self.bands)
    let groups = Self.partition(totals, into: Self.groupCount)
    self.groups = groups

    let response = try ResponseModes(of: model, mean: mean)
    let directions = try Self.directions(
      of: model, mean, operators: try Self.bandOperators(folded, flux: flux, bands: bands),
      scales: Self.statisticalScales(mean, flux, events), fixesScale: fixesScale, response)
    self.response = response
    count = directions.nodeValues.count
    combinations = directions.combinations
    dropped = directions.dropped
    let ofWeights = directions.nodeValues.count - (response?.posterior.count ?? 0)
    let parts = folded.far.indices.map { sample in
      let far = folded.far[sample]
      let perDirection = Parallel.map(directions.nodeValues.count, threads: folded.threads) { direction in
        let byWeights = folded.tables[far.table].cellResponse(
          nodeValues: directions.nodeValues[direction][sample], hadronic: far.hadronic, response: far.response,
          threads: 1)
        let byNumbers = direction < ofWeights ? nil : response?.responseChanges[direction - ofWeights][sample]
        return groups.map { group in
          let changes = byWeights.rates(weights: flux[sample], cells: group)
          return byNumbers.map { zip(changes, $0.rates(weights: flux[sample], cells: group)).map(+) } ?? changes
        }
      }
      return Self.parts(
        rates: groups.map { mean.far[sample].rates(weights: flux[sample], cells: $0) }, changes: perDirection,
        scales: fixesScale ? directions.scaleChanges.map { $0[sample] } : nil)
    }
    slopes = parts.map(\.slopes)
    partGroups = parts.map(\.groups)
  }

  /// Directions and what they do.
  private struct Directions {
    /// Shape [groups of weights][weights × directions]; none for those of the response.
    var combinations: [Matrix] = []
    /// What those that were left out change.
    var dropped = 0.0
    /// Changes of the node values, shape [directions][far samples][3][grid nodes].
    var nodeValues: [[[[Double]]]] = []
    /// Relative changes of the near rates of each far sample's neutrino sign and experiment, shape [directions][far samples];
    /// none where near data fix no scale.
    var scaleChanges: [[Double]] = []
  }

  /// The directions of all groups of weights and then those of the response.
  ///
  /// - Parameters:
  ///   - operators: of every far sample and band.
  ///   - scales: of the bins of every far sample.
  private static func directions(
    of model: any GaussianModel, _ mean: ModelResponses, operators: [[CollapsedFold]], scales: [[Double]],
    fixesScale: Bool, _ response: ResponseModes?
  ) throws -> Directions {
    var (found, ofResponse) = (Directions(), Directions())
    for (index, group) in model.weightGroups.enumerated() {
      let basis = WeightBasis(model: model, group: index, weights: group.count, folded: mean.folded)
      let effects = try basis.farEffects(operators: operators, scales: scales)
      let leading = try leading(effects, factor: response?.conditionalFactors[index] ?? group.factor)
      found.combinations.append(leading.combinations)
      found.dropped += leading.dropped
      if leading.combinations.columns > 0 {
        found.nodeValues += try basis.nodeValues(along: leading.combinations)
        if fixesScale { found.scaleChanges += try scaleChanges(basis, mean, along: leading.combinations) }
      }
      guard let changes = response?.weightChanges[index] else { continue }
      // A response has all groups in common, and what it moves from bin to bin does not change the sum of near rates.
      let values = try basis.nodeValues(along: changes)
      let scales = try fixesScale ? scaleChanges(basis, mean, along: changes) : []
      if ofResponse.nodeValues.isEmpty {
        (ofResponse.nodeValues, ofResponse.scaleChanges) = (values, scales)
        continue
      }
      for direction in values.indices {
        for sample in values[direction].indices {
          for (term, row) in values[direction][sample].enumerated() {
            for (node, value) in row.enumerated() { ofResponse.nodeValues[direction][sample][term][node] += value }
          }
          if fixesScale { ofResponse.scaleChanges[direction][sample] += scales[direction][sample] }
        }
      }
    }
    found.nodeValues += ofResponse.nodeValues
    found.scaleChanges += ofResponse.scaleChanges
    return found
  }

  /// The far rates in parts at one set of oscillation weights.
  ///
  /// - Parameters:
  ///   - weights: mean flux × oscillation in each cell of the far sample.
  ///   - response: of the far sample, to the most probable weights.
  package func rates(sample: Int, weights: [Double], _ response: CellResponse) -> ModeRates {
    let inGroups = groups.map { response.rates(weights: weights, cells: $0) }
    var fixed = [Double](repeating: 0, count: response.binCount)
    for group in inGroups { for bin in fixed.indices { fixed[bin] += group[bin] } }
    // Of a bin without a part that is moved the rate is at least as much as rates are elsewhere.
    let least = 1e-12 * fixed.reduce(0, +)
    var parts = [Double](repeating: 0, count: partGroups[sample].count)
    for (part, group) in partGroups[sample].enumerated() {
      let bin = slopes[sample].bins[part]
      parts[part] = max(inGroups[group][bin], 0)
      fixed[bin] -= inGroups[group][bin]
    }
    return ModeRates(parts: parts, fixed: fixed.map { max($0, least) })
  }

  /// Turns derivatives with respect to the rates in parts into those with respect to the oscillation weights, shape [cells].
  ///
  /// - Parameters:
  ///   - slopes: derivatives with respect to parts and fixed rates.
  ///   - sample: the far sample.
  ///   - rates: its rates in parts; parts that were lifted to zero do not follow the weights.
  ///   - response: of the far sample, to the most probable weights.
  func weightSlopes(_ slopes: ModeRates, sample: Int, at rates: ModeRates, _ response: CellResponse) -> [Double] {
    var inGroups = groups.map { _ in slopes.fixed }
    for (part, group) in partGroups[sample].enumerated() {
      let bin = self.slopes[sample].bins[part]
      inGroups[group][bin] += (rates.parts[part] > 0 ? slopes.parts[part] : 0) - slopes.fixed[bin]
    }
    return zip(groups, inGroups).flatMap { response.weightSlopes(rateSlopes: $1, cells: $0) }
  }

  /// Weights for some directions, shape [groups of weights][weights].
  package func weights(along directions: [Double]) throws -> [[Double]] {
    var first = 0
    return try combinations.enumerated().map { group, matrix in
      defer { first += matrix.columns }
      var weights = [Double](repeating: 0, count: matrix.rows)
      if matrix.columns > 0 {
        weights = try matrix.multiplied(by: Array(directions[first..<first + matrix.columns]))
      }
      guard let response else { return weights }
      let ofResponse = try response.weightChanges[group].multiplied(by: ofResponse(directions))
      return zip(weights, ofResponse).map { $0 + $1 }
    }
  }

  /// The forward model with the numbers of its hadronic responses moved along some directions.
  package func moved(_ folded: ForwardModel, along directions: [Double]) throws -> ForwardModel {
    guard let response else { return folded }
    return try folded.movingHadronicNumbers(by: response.posterior.numberChanges(along: ofResponse(directions)))
  }

  /// The last of all directions, those of the response.
  private func ofResponse(_ directions: [Double]) -> [Double] {
    Array(directions.suffix(response?.posterior.count ?? 0))
  }

  /// Parts of one sample that are moved, with their slopes.
  ///
  /// - Parameters:
  ///   - rates: shape [groups][bins].
  ///   - changes: shape [directions][groups][bins].
  ///   - scales: relative changes that near data take back, shape [directions]; nil for none.
  private static func parts(rates: [[Double]], changes: [[[Double]]], scales: [Double]?) -> (
    slopes: ModeSlopes, groups: [Int]
  ) {
    let bins = rates.first?.count ?? 0
    let least = leastPart * rates.joined().reduce(0, +) / Double(max(bins, 1))
    var (places, groups, slopes): ([Int], [Int], [Double]) = ([], [], [])
    for (group, row) in rates.enumerated() {
      for (bin, rate) in row.enumerated() where rate > least {
        places.append(bin)
        groups.append(group)
        for (direction, change) in changes.enumerated() {
          slopes.append(change[group][bin] / rate - (scales?[direction] ?? 0))
        }
      }
    }
    return (ModeSlopes(binCount: bins, bins: places, slopes: slopes), groups)
  }

  /// Relative changes of the near rates of each far sample's neutrino sign and experiment along some combinations of the weights, shape
  /// [combinations][far samples].
  private static func scaleChanges(_ basis: WeightBasis, _ mean: ModelResponses, along combinations: Matrix) throws
    -> [[Double]]
  {
    let folded = mean.folded
    let changes = try basis.totalChanges(of: folded.near, operators: folded.nearOperators, along: combinations)
    let rates = mean.nearRates().map { $0.reduce(0, +) }
    func sum(_ near: [Int], _ value: (Int) -> Double) -> Double {
      near.reduce(0) { $0 + folded.near[$1].exposure * value($1) }
    }
    let fixed = folded.near.map { folded.groups(fixedBy: $0.dataset) }
    let fixing = folded.far.map { far in fixed.indices.filter { fixed[$0].contains(far.dataset.nearGroup) } }
    return (0..<combinations.columns).map { k in
      fixing.map { near in
        let total = sum(near) { rates[$0] }
        return total > 0 ? sum(near) { changes[$0, k] } / total : 0
      }
    }
  }

  /// Combinations F v of the weights along the eigenvectors v of Fᵀ EᵀE F that matter.
  private static func leading(_ effects: Matrix, factor: Matrix) throws -> (combinations: Matrix, dropped: Double) {
    let gram = try effects.gram()
    let seen = try effects.multiplied(by: factor)
    let trace = seen.elements.reduce(0) { $0 + $1 * $1 }
    var most = 48
    while true {
      let eigen = try LeadingEigen(size: factor.columns, count: min(most, factor.columns), iterations: 6) { vectors in
        try factor.transposeMultiplied(by: try gram.multiplied(by: try factor.multiplied(by: vectors)))
      }
      let number = eigen.values.prefix { $0 > leastEffect }.count
      guard number < eigen.values.count || most >= factor.columns else {
        most *= 2
        continue
      }
      let dropped = max(trace - eigen.values.prefix(number).reduce(0, +), 0)
      guard number > 0 else { return (Matrix(rows: factor.rows, columns: 0), dropped) }
      var leading = Matrix(rows: factor.columns, columns: number)
      for i in 0..<factor.columns { for k in 0..<number { leading[i, k] = eigen.vectors[i, k] } }
      return (try factor.multiplied(by: leading), dropped)
    }
  }

  /// Consecutive cells in at most `count` ranges of about the same rate.
  private static func partition(_ rates: [Double], into count: Int) -> [Range<Int>] {
    let total = rates.reduce(0, +)
    var ranges: [Range<Int>] = []
    var (start, sum) = (0, 0.0)
    for cell in rates.indices {
      sum += rates[cell]
      if sum >= total / Double(count) || cell == rates.count - 1 {
        ranges.append(start..<cell + 1)
        (start, sum) = (cell + 1, 0)
      }
    }
    return ranges
  }

  /// Unoscillated operators of every far sample and band.
  private static func bandOperators(_ folded: ForwardModel, flux: [[Double]], bands: [Range<Int>]) throws
    -> [[CollapsedFold]]
  {
    try zip(folded.far, flux).map { far, flux in
      try bands.map { band in
        let weights = flux.indices.map { band.contains($0) ? flux[$0] : 0 }
        return try folded.operation(on: far, weights: weights)
      }
    }
  }

  /// Factors that turn a change of a far rate into statistical standard deviations of the sample that is measured, shape
  /// [far datasets][bins].
  private static func statisticalScales(_ mean: ModelResponses, _ flux: [[Double]], _ events: Double) -> [[Double]] {
    let far = mean.folded.far
    let rates = zip(zip(mean.far, flux), far).map { part, dataset in
      part.0.rates(weights: part.1).map { dataset.exposure * max($0, 0) }
    }
    let total = rates.joined().reduce(0, +)
    return far.indices.map { index in
      let members = far.indices.filter { far[$0].dataset.measuredAs == far[index].dataset.measuredAs }
      return rates[index].indices.map { bin in
        let expected = members.reduce(0) { $0 + rates[$1][bin] } * events / total
        return rates[index][bin] > 0
          ? far[index].exposure * events / total / max(expected, 1e-2).squareRoot() : 0
      }
    }
  }
}
