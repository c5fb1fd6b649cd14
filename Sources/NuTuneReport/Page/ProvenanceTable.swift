import NuTuneResults

/// Origin of the numbers of a page: versions, seeds, times.
struct ProvenanceTable: Sendable {
  /// The provenance.
  var provenance: Provenance

  /// The table.
  var html: String {
    func list(_ values: [String: some Any]) -> String {
      values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    let seconds = provenance.seconds.mapValues { DecimalText.fixed($0, 1) }
    let total = DecimalText.fixed(provenance.seconds.values.sorted().reduce(0, +), 1)
    var rows = [
      ("Version", provenance.version), ("Commit", provenance.commit.isEmpty ? "unknown" : provenance.commit),
      ("Started", provenance.started), ("Seeds", list(provenance.seeds)), ("Libraries", list(provenance.libraries)),
    ]
    if !seconds.isEmpty { rows.append(("Seconds", "\(list(seconds)); together \(total)")) }
    for library in provenance.plugins ?? [] { rows.append(("Plugins", "\(library.path), SHA-256 \(library.sha256)")) }
    return "<table><tbody>\n"
      + rows.map { "<tr>\(HTML.element("td", $0.0))\(HTML.element("td", $0.1, class: "words"))</tr>\n" }.joined()
      + "</tbody></table>"
  }
}
