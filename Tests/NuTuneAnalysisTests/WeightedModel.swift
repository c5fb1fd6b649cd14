import NuTuneCore
import NuTuneNumerics
import TestSupport

/// toy-sf with three weights η of a given covariance FFᵀ and a prior of unit variance: W₁, W₂ and W₃ times
/// 1 + η₀ + 0.2 η₁ ω/GeV, and W₅ times 1 + η₂.
struct WeightedModel: GaussianModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "weighted", summary: "Weighted.", parameters: [], citations: [])

  let factor: Matrix
  var hasUnitPrior = true
  var weights = [0.0, 0, 0]

  init(_ configuration: PluginConfiguration) throws { factor = Matrix.identity(3) }

  init(factor: Matrix) { self.factor = factor }

  func check(_ reactions: [Reaction]) {}

  var weightGroups: [WeightGroup] { [WeightGroup(name: "all", factor: factor, hasUnitPrior: hasUnitPrior)] }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    var functions = try SmallNearProblem.toy().structureFunctions(of: reaction, at: points)
    for i in 0..<points.count {
      for k in 0..<3 { functions.w[k][i] *= 1 + weights[0] + 0.2 * weights[1] * points.omega[i] }
      functions.w[4][i] *= 1 + weights[2]
    }
    return functions
  }

  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    let toy = try SmallNearProblem.toy().structureFunctions(of: reaction, at: points)
    return range.map { weight in
      var slope = StructureFunctions(count: points.count)
      for i in 0..<points.count {
        if weight == 2 { slope.w[4][i] = toy.w[4][i] }
        guard weight < 2 else { continue }
        for k in 0..<3 { slope.w[k][i] = toy.w[k][i] * (weight == 0 ? 1 : 0.2 * points.omega[i]) }
      }
      return slope
    }
  }

  func displaced(by weights: [[Double]]) -> any StructureFunctionModel {
    var copy = self
    copy.weights = zip(self.weights, weights[0]).map { $0 + $1 }
    return copy
  }
}
