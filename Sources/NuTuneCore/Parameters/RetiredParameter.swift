/// A parameter of earlier versions; a study that still sets it gets an error with its replacement.
public struct RetiredParameter: Sendable, Hashable {
  /// Name in studies of earlier versions.
  public var name: String
  /// The replacement, and the reason.
  public var replacement: String

  /// Creates a retired parameter with its replacement.
  public init(_ name: String, _ replacement: String) {
    self.name = name
    self.replacement = replacement
  }
}
