import NuTuneCore

/// A trained model with structure functions.
struct TrainedStructureFunctions: TrainedPlugin, StructureFunctionModel {
  let model: any StructureFunctionModel
  let scope: TrainedScope

  var restored: any CrossSectionModel { model }

  init(model: any StructureFunctionModel, scope: TrainedScope) {
    self.model = model
    self.scope = scope
  }

  init(_ configuration: PluginConfiguration) throws { throw Self.withoutWeights }

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    try model.crossSection(of: reaction, at: points)
  }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    try model.structureFunctions(of: reaction, at: points)
  }
}
