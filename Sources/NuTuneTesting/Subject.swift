import NuTuneCore

/// A plugin under test, which can be made with other parameters.
struct Subject {
  let type: any Plugin.Type
  let changes: [String: ParameterValue]
  let directory: String
  /// Types of its components, made with their default parameters, by name.
  var components: [String: any Plugin.Type] = [:]

  /// The declared parameters of the plugin.
  var schema: ParameterSchema { type.descriptor.parameters }

  /// The parameters of the plugin, defaults included.
  var values: ParameterValues { schema.defaults().setting(changes) }

  /// Makes the plugin, with more parameters changed.
  func make(_ more: [String: ParameterValue] = [:]) throws -> any Plugin {
    var configuration = PluginConfiguration(parameters: values.setting(more), directory: directory)
    for (name, component) in components {
      try configuration.addComponent(
        name, component,
        from: PluginConfiguration(parameters: component.descriptor.parameters.defaults(), directory: directory))
    }
    return try type.init(configuration)
  }
}
