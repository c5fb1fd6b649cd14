import NuTuneCore
import NuTuneNumerics
import ToyStructureFunctions

/// toy-sf times one plus a weight that is known to 10 %: every cross section has a relative error of 10 %.
struct ScaledToy: GaussianModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "scaled-toy", summary: "", parameters: [], citations: [])
  var toy: ToyStructureFunctions
  var scale = 1.0

  init(_ toy: ToyStructureFunctions, scale: Double = 1) { (self.toy, self.scale) = (toy, scale) }
  init(_ configuration: PluginConfiguration) throws { toy = try ExportFixture.toy() }

  func check(_ reactions: [Reaction]) throws { try toy.check(reactions) }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    var functions = try toy.structureFunctions(of: reaction, at: points)
    functions.w = functions.w.map { $0.map { $0 * scale } }
    return functions
  }

  var weightGroups: [WeightGroup] {
    (try? Matrix(rows: 1, columns: 1, elements: [0.1])).map { [WeightGroup(name: "scale", factor: $0)] } ?? []
  }

  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    try range.map { _ in try toy.structureFunctions(of: reaction, at: points) }
  }

  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel {
    ScaledToy(toy, scale: scale + weights[0][0])
  }
}
