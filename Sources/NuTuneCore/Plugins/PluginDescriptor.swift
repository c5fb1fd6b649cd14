/// What a plugin says of itself, once.
public struct PluginDescriptor: Sendable {
  /// Its kind.
  public var kind: PluginKind
  /// Name in studies, `toy-sf`.
  public var name: String
  /// What it is, in one or two sentences.
  public var summary: String
  /// Every parameter a user may set.
  public var parameters: ParameterSchema
  /// Other plugins it can be made of.
  public var components: [ComponentDeclaration]
  /// What to cite when it is used.
  public var citations: [Citation]

  /// A description.
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
