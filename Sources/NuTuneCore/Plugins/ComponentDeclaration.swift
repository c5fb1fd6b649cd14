/// Another plugin that a plugin can be made of, a theory prior for instance. In a study it stands under its name as
/// `{model: …, parameter: value, …}`, as the name of a catalog entry, or as that with changes (`{base: …, …}`).
public struct ComponentDeclaration: Sendable, Hashable {
  /// Name as it stands in a study, `prior`.
  public var name: String
  /// Kind of the other plugin.
  public var kind: PluginKind
  /// What it is for, in one line.
  public var meaning: String

  /// A component; a user may leave it out.
  public init(_ name: String, _ kind: PluginKind, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
  }
}
