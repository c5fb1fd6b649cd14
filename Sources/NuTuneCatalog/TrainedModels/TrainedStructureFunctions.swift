import NuTuneCore

/// A trained model with structure functions.
struct TrainedStructureFunctions: TrainedFunctions {
  let functions: any StructureFunctionModel
  let scope: TrainedScope

  init(model: any StructureFunctionModel, scope: TrainedScope) {
    functions = model
    self.scope = scope
  }

  init(_ configuration: PluginConfiguration) throws { throw Self.withoutWeights }
}
