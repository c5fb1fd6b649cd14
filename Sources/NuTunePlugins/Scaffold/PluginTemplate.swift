/// What differs between the kinds.
protocol PluginTemplate {
  /// What the model is, in a sentence or two.
  static var summary: String { get }
  /// How a study uses it; goes on a sentence and ends it.
  static func use(_ name: PluginName) -> String
  /// The source of the type.
  static func source(_ name: PluginName) -> String
  /// A test of a known answer, indented.
  static func test(_ name: PluginName) -> String
}
