/// A value read from a configuration file, together with the place it came from.
///
/// Scalars stay text until a declaration says what they should be, so that an error can quote what the user wrote.
public struct ConfigurationNode: Sendable, Equatable {
  /// The content of a node.
  public enum Content: Sendable, Equatable {
    /// Nothing was written.
    case null
    /// A single value as written; `quoted` when quotation marks force it to be text.
    case scalar(String, quoted: Bool)
    /// A list.
    case sequence([ConfigurationNode])
    /// Keys with values, in the order of the file.
    case mapping([Entry])
  }

  /// A key with its value.
  public struct Entry: Sendable, Equatable {
    /// The key as written.
    public var key: String
    /// Position of the key in the file.
    public var location: SourceLocation
    /// The value.
    public var value: ConfigurationNode

    /// Creates an entry from its key, its place and its value.
    public init(key: String, location: SourceLocation, value: ConfigurationNode) {
      self.key = key
      self.location = location
      self.value = value
    }
  }

  /// The value.
  public var content: Content
  /// Position of the value in the file.
  public var location: SourceLocation

  /// Creates a node from a value and its place.
  public init(_ content: Content, at location: SourceLocation) {
    self.content = content
    self.location = location
  }

  /// Returns the entries of a mapping; throws an error with the place if the node is not a mapping.
  public func entries(of key: String) throws -> [Entry] {
    switch content {
    case .mapping(let entries): return entries
    case .null: return []
    default:
      throw NuTuneError(.badData, at: location, key: key, found: summary, expected: "a mapping of keys to values")
    }
  }

  /// The entry named `key` of a mapping, if there is one.
  public subscript(key: String) -> ConfigurationNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.last { $0.key == key }?.value
  }

  /// The text of a scalar.
  public var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  /// The elements of a sequence.
  public var elements: [ConfigurationNode]? {
    if case .sequence(let elements) = content { return elements }
    return nil
  }

  /// Summary of the content for an error message.
  public var summary: String {
    switch content {
    case .null: "nothing"
    case .scalar(let text, let quoted): (quoted ? "text " : "") + "“\(PrintableText.line(text, limit: 80))”"
    case .sequence(let elements): "a list of \(elements.count) element\(elements.count == 1 ? "" : "s")"
    case .mapping(let entries):
      "a mapping with key\(entries.count == 1 ? "" : "s") "
        + entries.prefix(8).map { PrintableText.line($0.key, limit: 60) }.joined(separator: ", ")
        + (entries.count > 8 ? " and \(entries.count - 8) more" : "")
    }
  }
}
