/// The description of a plugin: kind, name, parameters, components, citations.
public struct PluginDescriptor: Sendable {
  /// Kind of the plugin.
  public var kind: PluginKind
  /// Name in studies, `toy-sf`.
  public var name: String
  /// Summary in one or two sentences.
  public var summary: String
  /// Every parameter a user may set.
  public var parameters: ParameterSchema
  /// Other plugins as its components.
  public var components: [ComponentDeclaration]
  /// Works to cite when the plugin is used.
  public var citations: [Citation]

  /// Creates a description.
  public init(
    kind: PluginKind, name: String, summary: String, parameters: [ParameterDeclaration],
    retired: [RetiredParameter] = [], components: [ComponentDeclaration] = [], citations: [Citation]
  ) {
    self.kind = kind
    self.name = name
    self.summary = summary
    self.parameters = ParameterSchema(parameters, retired: retired)
    self.components = components
    self.citations = citations
  }
}
