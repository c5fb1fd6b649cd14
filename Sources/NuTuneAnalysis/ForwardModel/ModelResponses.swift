import NuTuneCore
import NuTuneFolding

/// The rates of one cross-section model in the bins of all datasets, energy cell by energy cell and per unit of flux; an
/// oscillation fit needs nothing else of the model.
public struct ModelResponses: Sendable {
  /// The forward model whose fluxes and datasets these responses are used with.
  public let folded: ForwardModel
  /// One response for each near sample.
  let near: [CellResponse]
  /// One response for each far sample.
  package let far: [CellResponse]

  /// Responses that are known.
  init(folded: ForwardModel, near: [CellResponse], far: [CellResponse]) {
    self.folded = folded
    self.near = near
    self.far = far
  }

  /// Folds a model: through fold tables for a structure-function model, by plain quadrature for any other.
  ///
  /// - Throws: `NuTuneError` when the model refuses a reaction or gives a number that is not finite.
  public init(of model: any CrossSectionModel, in folded: ForwardModel) throws {
    self.folded = folded
    // What true bins give is computed once for all samples that share them.
    typealias Known = (composition: [Dataset.Component], hadronic: HadronicProbabilities?, response: CellResponse)
    var known: [Int: [Known]] = [:]
    func trueResponse(_ sample: FoldedDataset) throws -> CellResponse {
      let composition = sample.dataset.composition
      let same = known[sample.table]?.first { $0.composition == composition && $0.hadronic == sample.hadronic }
      if let same { return same.response }
      let table = folded.tables[sample.table]
      let result: CellResponse
      if let linear = model as? any StructureFunctionModel {
        let values = try folded.nodeValues(of: linear, in: sample.dataset)
        result = table.cellResponse(nodeValues: values, hadronic: sample.hadronic, threads: folded.threads)
      } else {
        try sample.requireHadronicEnergyAlone()
        result = try CellResponse.sum(
          of: Self.reactions(of: sample.dataset, for: model).map { reaction, share in
            (
              try DirectFold.cellResponse(
                of: model, reaction: reaction, quadrature: table.quadrature, cells: folded.cells,
                hadronic: sample.hadronic, threads: folded.threads), share
            )
          })
      }
      known[sample.table, default: []].append((composition, sample.hadronic, result))
      return result
    }
    // Samples that share true bins and detector, as those of both horn modes do, share what is measured too.
    var measured: [(sample: FoldedDataset, response: CellResponse)] = []
    func response(_ sample: FoldedDataset) throws -> CellResponse {
      if let same = measured.first(where: { $0.sample.hasSameResponse(as: sample) }) { return same.response }
      let result =
        try Self.measured(model, sample, in: folded)
        ?? trueResponse(sample).measured(
          through: sample.response, parts: sample.hadronic?.binCount ?? 1, threads: folded.threads)
      measured.append((sample, result))
      return result
    }
    near = try folded.near.map(response)
    far = try folded.far.map(response)
  }

  /// The response of a sample in bins of E_l + E_had, or in bins of E_had that differ between bins of the lepton; nil for others.
  /// Its true bins are of no use to other samples, because measured bins say how they are folded or summed.
  private static func measured(
    _ model: any CrossSectionModel, _ sample: FoldedDataset, in folded: ForwardModel
  ) throws -> CellResponse? {
    guard let hadronic = sample.hadronic, hadronic.reconstruction != nil || hadronic.runs != nil else { return nil }
    let (table, response) = (folded.tables[sample.table], sample.response)
    if let linear = model as? any StructureFunctionModel {
      return table.cellResponse(
        nodeValues: try folded.nodeValues(of: linear, in: sample.dataset), hadronic: hadronic, response: response,
        threads: folded.threads)
    }
    try sample.requireHadronicEnergyAlone()
    return try CellResponse.sum(
      of: reactions(of: sample.dataset, for: model).map { reaction, share in
        (
          try DirectFold.cellResponse(
            of: model, reaction: reaction, quadrature: table.quadrature, cells: folded.cells, hadronic: hadronic,
            response: response, threads: folded.threads), share
        )
      })
  }

  /// The nuclei of a dataset with their shares; the target as a whole for a table of it that knows no parts.
  private static func reactions(
    of dataset: Dataset, for model: any CrossSectionModel
  ) -> [(reaction: Reaction, share: Double)] {
    let parts = dataset.reactions
    guard (try? model.check(parts.map(\.reaction))) == nil, (try? model.check([dataset.sample.reaction])) != nil else {
      return parts
    }
    return [(dataset.sample.reaction, 1)]
  }

  /// Rates in the bins of all near datasets, shape [near datasets][bins], in 10⁻³⁸ cm² per nucleon times the unit of the flux.
  public func nearRates() -> [[Double]] {
    zip(folded.near, near).map { Self.floored($1.rates(weights: folded.nearWeights($0))) }
  }

  /// Rates in the bins of all far datasets after oscillation, shape [far datasets][bins], in the same unit.
  public func farRates(_ oscillation: any OscillationModel) throws -> [[Double]] {
    farRates(weights: try folded.farWeights(oscillation))
  }

  /// Rates in all far bins for the weights of the cells, sample after sample.
  package func farRates(weights: [[Double]]) -> [[Double]] {
    zip(far, weights).map { Self.floored($0.rates(weights: $1)) }
  }

  /// Cubic interpolation leaves about ±10⁻¹⁴ of the rate in bins that no lepton reaches: no bin is left with less than
  /// 10⁻¹² of the rate.
  static func floored(_ rates: [Double]) -> [Double] {
    let least = leastShare * rates.reduce(0, +)
    return rates.map { max($0, least) }
  }

  /// Smallest share of a component's rate in a bin.
  static let leastShare = 1e-12
}

extension ForwardModel {
  /// Node values (a, b, c) of a model in the nuclei of a dataset, each with its share of the nucleons, on the whole grid;
  /// zero on nodes that nothing touches, shape [3][grid nodes].
  func nodeValues(of model: any StructureFunctionModel, in dataset: Dataset) throws -> [[Double]] {
    let parts = try dataset.reactions.map {
      (values: try nodeValues(of: model, reaction: $0.reaction), share: $0.share)
    }
    guard parts.count > 1 || parts[0].share != 1 else { return parts[0].values }
    var sum = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: 3)
    for part in parts {
      for row in 0..<3 { for node in 0..<grid.count { sum[row][node] += part.share * part.values[row][node] } }
    }
    return sum
  }

  /// Node values (a, b, c) of a model on the whole grid, zero on nodes that nothing touches; shape [3][grid nodes].
  func nodeValues(of model: any StructureFunctionModel, reaction: Reaction) throws -> [[Double]] {
    let points = nodes.invariants()
    let functions = try model.structureFunctions(of: reaction, at: points)
    let active = LeptonTensor(reaction.species).nodeValues(of: functions, at: points)
    var values = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: 3)
    for (position, index) in nodes.gridIndices.enumerated() {
      for row in 0..<3 { values[row][index] = active[row][position] }
    }
    for row in 0..<3 {
      if let bad = active[row].firstIndex(where: { !$0.isFinite }) {
        throw NuTuneError(
          .runtime, key: reaction.species.rawValue,
          found: "a structure function of \(active[row][bad]) at ω = \(points.omega[bad]), Q² = \(points.q2[bad])",
          expected: "finite structure functions")
      }
    }
    return values
  }
}
