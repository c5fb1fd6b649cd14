import NuTuneCore

/// A trained model that passes on its structure functions.
protocol TrainedFunctions: TrainedPlugin, StructureFunctionModel {
  /// The restored model.
  var functions: any StructureFunctionModel { get }
}

extension TrainedFunctions {
  var restored: any CrossSectionModel { functions }

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    try functions.crossSection(of: reaction, at: points)
  }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    try functions.structureFunctions(of: reaction, at: points)
  }
}
