import NuTuneCore

/// A trained model without structure functions, such as a normalizing flow.
struct TrainedCrossSection: TrainedPlugin {
  let model: any CrossSectionModel
  let scope: TrainedScope

  var restored: any CrossSectionModel { model }

  init(model: any CrossSectionModel, scope: TrainedScope) {
    self.model = model
    self.scope = scope
  }

  init(_ configuration: PluginConfiguration) throws { throw Self.withoutWeights }

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    try model.crossSection(of: reaction, at: points)
  }
}
