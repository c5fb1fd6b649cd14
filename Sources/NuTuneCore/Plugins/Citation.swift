/// A work to cite.
public struct Citation: Sendable, Hashable, Codable {
  /// BibTeX key.
  public var key: String
  /// The whole BibTeX entry.
  public var bibtex: String

  /// Creates a BibTeX entry with its key.
  public init(key: String, bibtex: String) {
    self.key = key
    self.bibtex = bibtex
  }
}
