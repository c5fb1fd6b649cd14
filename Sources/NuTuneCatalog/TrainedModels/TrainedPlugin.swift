import NuTuneCore

/// A model that was trained before and is not trained again. It passes on what it is asked to the model that its plugin
/// restored, whose type could be trained.
protocol TrainedPlugin: CrossSectionModel {
  /// The restored model.
  var restored: any CrossSectionModel { get }
  /// The reactions it may be asked for.
  var scope: TrainedScope { get }
}

extension TrainedPlugin {
  /// What it is; no registry has it.
  static var descriptor: PluginDescriptor {
    PluginDescriptor(
      kind: .crossSection, name: "trained", summary: "A model that was trained before.", parameters: [], citations: [])
  }

  /// The error of making one without weights.
  static var withoutWeights: NuTuneError {
    NuTuneError(.internalError, key: "trained", found: "a trained model without weights", expected: "its files")
  }

  func check(_ reactions: [Reaction]) throws {
    try scope.check(reactions)
    try restored.check(reactions)
  }

  var energyRange: ClosedRange<Double>? { restored.energyRange }
}
