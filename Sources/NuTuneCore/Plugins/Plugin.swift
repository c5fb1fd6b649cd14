/// Anything the registry can make by name. Plugins are values: making one computes nothing long and writes nothing.
public protocol Plugin: Sendable {
  /// What it is and which parameters it takes.
  static var descriptor: PluginDescriptor { get }
  /// Makes one; an error says which parameter or file is wrong.
  init(_ configuration: PluginConfiguration) throws
}
