import NuTuneCore

/// A plugin under test, which can be made with other parameters.
struct Subject {
  let type: any Plugin.Type
  let changes: [String: ParameterValue]
  let directory: String

  /// The declared parameters of the plugin.
  var schema: ParameterSchema { type.descriptor.parameters }

  /// The parameters of the plugin, defaults included.
  var values: ParameterValues { schema.defaults().setting(changes) }

  /// Makes the plugin, with more parameters changed.
  func make(_ more: [String: ParameterValue] = [:]) throws -> any Plugin {
    try type.init(PluginConfiguration(parameters: values.setting(more), directory: directory))
  }
}
