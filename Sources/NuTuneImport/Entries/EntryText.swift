import NuTuneCatalog
import NuTuneCore

/// The YAML text of an imported entry.
struct EntryText {
  let text: String

  /// - Parameter values: keys and values that the kind of entry needs, in order; written unchanged.
  init(_ description: EntryDescription, _ kind: CatalogKind, values: [(key: String, value: String)]) {
    var lines = [
      "# Written by nutune import; source says from what.", "schema: \(kind.schemaName)", "name: \(description.name)",
      "title: \(Self.quoted(description.title))",
    ]
    lines += values.map { "\($0.key): \($0.value)" }
    lines += ["source:", "  format: \(description.format)", "  files:"]
    lines += description.sources.map { "    - {file: \(Self.quoted($0.file)), sha256: \($0.digest)}" }
    if !description.options.isEmpty {
      lines.append("  options:")
      lines += description.options.map { "    \($0.option): \(Self.quoted($0.text))" }
    }
    if !description.citations.isEmpty {
      lines.append("citations:")
      for citation in description.citations {
        lines += ["  - key: \(Self.quoted(citation.key))", "    bibtex: |"]
        lines += citation.bibtex.split(whereSeparator: \.isNewline).map { "      \($0)" }
      }
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Puts a text in double quotes, whose escapes YAML and JSON share.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
