/// A parameter that a plugin had once: who still sets it is told what took its place.
public struct RetiredParameter: Sendable, Hashable {
  /// Name as it stood in studies.
  public var name: String
  /// What to set instead, and why.
  public var replacement: String

  /// A name and what took its place.
  public init(_ name: String, _ replacement: String) {
    self.name = name
    self.replacement = replacement
  }
}
