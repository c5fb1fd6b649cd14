import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// How the far rates of a model change along the directions that near data left open, as far as the far data can tell:
/// far rates = f + Σ_k η_k D_k with independent standard-normal η.
///
/// Of the many weights of a ``GaussianModel`` only some combinations matter at the far detector: the eigenvectors of
/// their covariance, seen through the far rates in bands of neutrino energy, in units of the far statistics.
struct OpenDirections: Sendable {
  /// Number of directions.
  let count: Int
  /// Whether there are more that matter than are kept.
  let isTruncated: Bool
  /// Neutrino-energy groups in which a direction's rates are kept.
  private let groups: [Range<Int>]
  /// Rates of all directions without oscillation, shape [far samples][groups][directions × bins].
  private let rates: [[[Double]]]
  /// Share of each cell in the rate of its group without oscillation, shape [far samples][cells].
  private let shares: [[Double]]
  /// Near flux in each cell, shape [far samples][cells].
  private let flux: [[Double]]

  /// Largest number of directions that are kept.
  static let most = 64
  /// Directions that change the far rates by less than this many statistical standard deviations (squared) are dropped.
  static let leastEffect = 1e-2
  /// Bands of neutrino energy in which an effect may show.
  static let bands = 4

  /// The directions of a tuned model, for this many far events in all.
  init(of model: any GaussianModel, mean: ModelResponses, events: Double) throws {
    let folded = mean.folded
    flux = folded.far.map { folded.unoscillatedWeights($0) }
    let cellRates = zip(mean.far, flux).map { $0.cellTotals(weights: $1) }
    let totals = (0..<folded.cells.count).map { cell in cellRates.reduce(0) { $0 + $1[cell] } }
    let bands = Self.partition(totals, into: Self.bands)
    let groups = Self.partition(totals, into: 64)
    self.groups = groups
    shares = cellRates.map { rates in
      groups.flatMap { group in
        let total = group.reduce(0) { $0 + rates[$1] }
        return group.map { total > 0 ? rates[$0] / total : 1 / Double(group.count) }
      }
    }

    var kept: [[[[Double]]]] = []  // [directions][far samples][3][grid nodes]
    for (index, group) in model.weightGroups.enumerated() {
      kept += try Self.directions(
        of: model, group: index, factor: group.factor, mean: mean, flux: flux, bands: bands, events: events)
    }
    count = kept.count
    isTruncated = kept.count >= Self.most
    let (flux, directions) = (flux, kept)
    rates = folded.far.indices.map { sample in
      let far = folded.far[sample]
      let perDirection = Parallel.map(directions.count, threads: folded.threads) { direction in
        let response = folded.tables[far.table].cellResponse(
          nodeValues: directions[direction][sample], response: far.response, threads: 1)
        return groups.map { group in response.rates(weights: flux[sample], cells: group) }
      }
      return groups.indices.map { group in perDirection.flatMap { $0[group] } }
    }
  }

  /// D at one set of oscillation weights, shape [directions × bins], row-major.
  ///
  /// - Parameter weights: mean flux × oscillation in each cell of the far sample.
  func changes(sample: Int, weights: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: rates[sample].first?.count ?? 0)
    sum.withUnsafeMutableBufferPointer { sum in
      for (group, cells) in groups.enumerated() {
        // The mean survival of the group's rate.
        var survival = 0.0
        for cell in cells where flux[sample][cell] > 0 {
          survival += shares[sample][cell] * weights[cell] / flux[sample][cell]
        }
        rates[sample][group].withUnsafeBufferPointer { rates in
          for index in 0..<sum.count { sum[index] += survival * rates[index] }
        }
      }
    }
    return sum
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

  /// Node values of the directions of one group of weights that matter, shape [directions][far samples][3][grid nodes].
  private static func directions(
    of model: any GaussianModel, group: Int, factor: Matrix, mean: ModelResponses, flux: [[Double]],
    bands: [Range<Int>], events: Double
  ) throws -> [[[[Double]]]] {
    let folded = mean.folded
    let basis = WeightBasis(model: model, group: group, weights: factor.rows, folded: folded)
    let effects = try basis.farEffects(
      operators: try bandOperators(folded, flux: flux, bands: bands), scales: statisticalScales(mean, flux, events))
    let gram = try effects.gram()
    let eigen = try LeadingEigen(size: factor.columns, count: min(most, factor.columns)) { vectors in
      try factor.transposeMultiplied(by: try gram.multiplied(by: try factor.multiplied(by: vectors)))
    }
    let number = eigen.values.prefix { $0 > leastEffect }.count
    guard number > 0 else { return [] }
    var leading = Matrix(rows: factor.columns, columns: number)
    for i in 0..<factor.columns { for k in 0..<number { leading[i, k] = eigen.vectors[i, k] } }
    return try basis.nodeValues(along: try factor.multiplied(by: leading))
  }

  /// Unoscillated operators of every far sample and band.
  private static func bandOperators(_ folded: FoldedStudy, flux: [[Double]], bands: [Range<Int>]) throws
    -> [[CollapsedFold]]
  {
    try zip(folded.far, flux).map { far, flux in
      try bands.map { band in
        let weights = flux.indices.map { band.contains($0) ? flux[$0] : 0 }
        return try CollapsedFold(
          folded.tables[far.table].collapsed(weights: weights, response: far.response, threads: folded.threads),
          nodes: folded.nodes)
      }
    }
  }

  /// Factors that turn a change of a far rate into statistical standard deviations, shape [far samples][bins].
  private static func statisticalScales(_ mean: ModelResponses, _ flux: [[Double]], _ events: Double) -> [[Double]] {
    let rates = zip(mean.far, flux).map { $0.rates(weights: $1).map { max($0, 0) } }
    let total = rates.joined().reduce(0, +)
    return rates.map { rates in
      rates.map { rate in
        let expected = rate * events / total
        return expected > 0 ? events / total / max(expected, 1e-2).squareRoot() : 0
      }
    }
  }
}
