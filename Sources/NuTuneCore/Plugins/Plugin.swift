/// A component that the registry can make by name. Plugins are values: making one is fast and writes nothing.
public protocol Plugin: Sendable {
  /// Name, kind, parameters and citations of the plugin.
  static var descriptor: PluginDescriptor { get }
  /// Creates the plugin; an error names the parameter or file that is wrong.
  init(_ configuration: PluginConfiguration) throws
}
