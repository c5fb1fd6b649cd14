import NuTuneCore

/// One catalog file: what it is, what to cite, and its content.
package struct CatalogEntry: Sendable {
  /// Keys of every entry that describe it and are no values.
  static let descriptiveKeys = descriptions(of: .studies).names

  /// Keys that describe an entry of a kind.
  static func descriptions(of kind: CatalogKind) -> [EntryKey] {
    [
      EntryKey("schema", "`\(kind.schemaName)`", "what the file is", required: true),
      EntryKey("name", "text", "its name, that of the file; may be left out"),
      EntryKey("title", "text", "title for people"),
      EntryKey("description", "text", "what to know before using it"),
      EntryKey("source", "a mapping", "where the numbers come from: address, checksum, what was done to them"),
      EntryKey("citations", "a list of `{key, bibtex}`", "what to cite when it is used"),
    ]
  }

  /// Its kind.
  package let kind: CatalogKind
  /// Its name, which is also the name of its file.
  package let name: String
  /// What it is, for people.
  package let title: String
  /// What to cite when it is used.
  package let citations: [Citation]
  /// Its file.
  package let path: String
  /// Everything in it.
  package let node: ConfigurationNode

  /// The content without the keys that only describe it.
  package var values: ConfigurationNode { node.removing(Set(Self.descriptiveKeys)) }

  /// Reads an entry and checks what every entry has; its values are checked by those who use them.
  package init(_ kind: CatalogKind, path: String) throws {
    let node = try ConfigurationFile.read(path)
    var problems = NuTuneErrors()
    problems.attempt { try node.checkSchema(kind.schemaName) }
    let stem = String(FilePath.name(of: path).dropLast(path.hasSuffix(".yaml") ? 5 : 4))
    if let name = node["name"], name.text != stem {
      problems.add(
        NuTuneError(
          .badData, at: name.location, key: "name", found: name.summary, expected: "“\(stem)”, the name of the file"))
    }
    self.kind = kind
    self.name = stem
    self.title = problems.attempt { try node.title(path: "") ?? stem } ?? stem
    self.citations = problems.attempt { try Self.citations(node["citations"]) } ?? []
    self.path = path
    self.node = node
    try problems.throwIfAny()
  }

  /// Reads a list of `{key, bibtex}`; none when nothing is written.
  static func citations(_ node: ConfigurationNode?) throws -> [Citation] {
    guard let node else { return [] }
    guard let elements = node.elements else {
      throw NuTuneError(
        .badData, at: node.location, key: "citations", found: node.summary, expected: "a list of {key, bibtex}")
    }
    return try elements.map { element in
      guard let key = element["key"]?.text, let bibtex = element["bibtex"]?.text else {
        throw NuTuneError(
          .badData, at: element.location, key: "citations", found: element.summary,
          expected: "a mapping with keys key, bibtex")
      }
      let lines = bibtex.split(separator: "\n").joined(separator: "\n")
      return Citation(key: key, bibtex: lines)
    }
  }
}

extension ConfigurationNode {
  /// The text behind `title:`, nil without one.
  func title(path: String) throws -> String? {
    guard let title = self["title"] else { return nil }
    let key = path.isEmpty ? "title" : "\(path).title"
    guard case .scalar(let text, let isQuoted) = title.content else {
      throw NuTuneError(.badData, at: title.location, key: key, found: title.summary, expected: "text")
    }
    // What YAML takes for a number or a truth value is text only in quotation marks.
    guard isQuoted || !title.isNumberOrTruthValue else {
      throw NuTuneError(
        .badData, at: title.location, key: key, found: title.summary, expected: "text", suggestion: "\"\(text)\"")
    }
    return text
  }

  /// Whether it is a plain word that means a number or a truth value.
  private var isNumberOrTruthValue: Bool {
    guard let text else { return false }
    let word = text.hasPrefix(".") ? String(text.dropFirst()) : text
    return Double(text) != nil || Double(word) != nil || ["true", "false"].contains(text.lowercased())
  }

  /// Refuses a mapping whose `schema:` is not `expected`.
  func checkSchema(_ expected: String) throws {
    let found = self["schema"]
    guard found?.text == expected else {
      throw NuTuneError(
        .badData, at: found?.location ?? location, key: "schema", found: found?.summary ?? "nothing",
        expected: "“\(expected)”")
    }
  }
}
