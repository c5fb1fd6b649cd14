import NuTuneResults

/// The study as run, folded: every value by its path.
struct StudyValues: Sendable {
  /// The study.
  var study: EffectiveStudy

  /// The table.
  var html: String {
    let rows = study.values.sorted { $0.key < $1.key }.map {
      "<tr><td><code>\(HTML.escaped($0.key))</code></td>\(HTML.element("td", $0.value.description, class: "words"))</tr>"
    }
    return """
      <details>
      <summary>Every value, defaults filled in (\(rows.count))</summary>
      <table><tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table>
      </details>
      """
  }
}
