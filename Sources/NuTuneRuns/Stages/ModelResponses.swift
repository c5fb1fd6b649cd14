import NuTuneCore
import NuTuneFolding

/// What one cross-section model gives in the bins of a study, energy cell by energy cell; an oscillation fit needs
/// nothing else of the model.
struct ModelResponses: Sendable {
  let folded: FoldedStudy
  /// One response for each near sample.
  let near: [CellResponse]
  /// One response for each far sample.
  let far: [CellResponse]

  /// Responses that are known.
  init(folded: FoldedStudy, near: [CellResponse], far: [CellResponse]) {
    self.folded = folded
    self.near = near
    self.far = far
  }

  /// Through fold tables for a structure-function model, by plain quadrature for any other.
  init(of model: any CrossSectionModel, in folded: FoldedStudy) throws {
    self.folded = folded
    // What true bins give is computed once for all samples that share them.
    var known: [Int: [(reaction: Reaction, response: CellResponse)]] = [:]
    func trueResponse(_ sample: FoldedStudy.FoldedSample) throws -> CellResponse {
      let reaction = sample.sample.reaction
      if let same = known[sample.table]?.first(where: { $0.reaction == reaction }) { return same.response }
      let table = folded.tables[sample.table]
      let result: CellResponse
      if let linear = model as? any StructureFunctionModel {
        let values = try folded.nodeValues(of: linear, reaction: reaction)
        result = table.cellResponse(nodeValues: values, threads: folded.threads)
      } else {
        result = try DirectFold.cellResponse(
          of: model, reaction: reaction, quadrature: table.quadrature, cells: folded.cells, threads: folded.threads)
      }
      known[sample.table, default: []].append((reaction, result))
      return result
    }
    func response(_ sample: FoldedStudy.FoldedSample) throws -> CellResponse {
      try trueResponse(sample).measured(through: sample.response, threads: folded.threads)
    }
    near = try folded.near.map(response)
    far = try folded.far.map(response)
  }

  /// Rates in all near bins, sample after sample.
  func nearRates() -> [[Double]] {
    zip(folded.near, near).map { Self.floored($1.rates(weights: folded.nearWeights($0))) }
  }

  /// Rates in all far bins, sample after sample.
  func farRates(_ oscillation: any OscillationModel) throws -> [[Double]] {
    farRates(weights: try folded.farWeights(oscillation))
  }

  /// Rates in all far bins for the weights of the cells, sample after sample.
  func farRates(weights: [[Double]]) -> [[Double]] {
    zip(far, weights).map { Self.floored($0.rates(weights: $1)) }
  }

  /// Cubic interpolation leaves about ±10⁻¹⁴ of the rate in bins that no lepton reaches: no bin is left with less than
  /// 10⁻¹² of the rate.
  private static func floored(_ rates: [Double]) -> [Double] {
    let least = 1e-12 * rates.reduce(0, +)
    return rates.map { max($0, least) }
  }
}

extension FoldedStudy {
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
