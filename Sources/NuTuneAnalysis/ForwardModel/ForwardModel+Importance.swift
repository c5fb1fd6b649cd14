import NuTuneCore
import NuTuneFolding

extension ForwardModel {
  /// What each grid node adds to the rate of a sample through each of the node values a, b, c: the terms A E_ν, B and
  /// C/E_ν of the cross section, summed over the bins. Shape [3][grid nodes]; B is negative where the lepton takes little
  /// of the energy.
  func contributions(
    of model: any StructureFunctionModel, _ sample: FoldedDataset, weights: [Double]
  ) throws -> [[Double]] {
    var parts = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: 3)
    let runs = tables[sample.table].collapsed(weights: weights, response: sample.response, threads: threads)
    let values = try nodeValues(of: model, in: sample.dataset)
    runs.forEachTriple { node, a, b, c in
      parts[0][node] += a * values[0][node]
      parts[1][node] += b * values[1][node]
      parts[2][node] += c * values[2][node]
    }
    if let hadronic = sample.hadronic {
      for node in 0..<grid.count {
        let seen = hadronic.efficiency(atNode: node)
        for part in 0..<3 { parts[part][node] *= seen }
      }
    }
    return parts
  }

  /// Share of each grid node in the rate of a sample: its node values times their weight in the summed bins.
  /// Shape [grid nodes], sum one.
  func importance(
    of model: any StructureFunctionModel, _ sample: FoldedDataset, weights: [Double]
  ) throws -> [Double] {
    Self.shares(try contributions(of: model, sample, weights: weights))
  }

  /// Shares of the nodes from their contributions. Cubic interpolation has small negative weights at the rim of the
  /// region, which are left out.
  static func shares(_ parts: [[Double]]) -> [Double] {
    let positive = parts[0].indices.map { max(parts[0][$0] + parts[1][$0] + parts[2][$0], 0) }
    let total = positive.reduce(0, +)
    return total > 0 ? positive.map { $0 / total } : positive
  }
}

extension NodeRuns {
  /// Calls `body` with every node and its coefficients.
  fileprivate func forEachTriple(_ body: (_ node: Int, _ a: Double, _ b: Double, _ c: Double) -> Void) {
    var offset = 0
    for run in start.indices {
      for i in 0..<Int(length[run]) {
        body(Int(start[run]) + i, a[offset + i], b[offset + i], c[offset + i])
      }
      offset += Int(length[run])
    }
  }
}
