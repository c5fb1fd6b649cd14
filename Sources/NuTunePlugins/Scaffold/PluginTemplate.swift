/// The parts of a plugin package that depend on the kind.
protocol PluginTemplate {
  /// Summary of the model, in a sentence or two.
  static var summary: String { get }
  /// How a study uses the plugin; continues a sentence and ends it.
  static func use(_ name: PluginName) -> String
  /// The source of the type.
  static func source(_ name: PluginName) -> String
  /// A test of a known answer, indented.
  static func test(_ name: PluginName) -> String
}
