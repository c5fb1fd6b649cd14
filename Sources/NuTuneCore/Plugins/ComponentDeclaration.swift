/// Another plugin as a component of a plugin, a theory prior for instance. In a study it stands under its name as
/// `{model: …, parameter: value, …}`, as the name of a catalog entry, or as such a name with changes (`{base: …, …}`).
public struct ComponentDeclaration: Sendable, Hashable {
  /// Name in a study, `prior`.
  public var name: String
  /// Kind of the other plugin.
  public var kind: PluginKind
  /// Purpose of the component, in one line.
  public var meaning: String

  /// Creates a component; a user may leave it out.
  public init(_ name: String, _ kind: PluginKind, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
  }
}
