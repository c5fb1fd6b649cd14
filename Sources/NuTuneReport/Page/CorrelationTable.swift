import NuTuneCore
import NuTuneResults

/// The correlations of the fitted parameters of each theory.
struct CorrelationTable: Sendable {
  private let models: [(label: String, correlations: [String: [String: Double]])]

  /// Collects the fits of a study, models in order.
  init(results: StudyResults) {
    models = results.orderedLabels.compactMap { label in
      results.models[label]?.training?.correlations.map { (label, $0) }
    }
  }

  /// One table for each model; empty without fitted parameters. Columns have the numbers of their rows.
  var html: String {
    models.map { label, correlations in
      let names = correlations.keys.sorted()
      var text = "<h3>Correlations of fitted parameters: \(HTML.escaped(label))</h3>\n"
      text += "<div class=\"scroll\"><table class=\"dense\">\n<thead><tr><th></th>"
      text += names.indices.map { "<th>\($0 + 1)</th>" }.joined() + "</tr></thead>\n<tbody>\n"
      for (row, name) in names.enumerated() {
        text += "<tr>\(HTML.element("td", "\(row + 1) \(name)"))"
        text += names.map { other in
          let value = correlations[name]?[other].map { DecimalText.typeset(DecimalText.fixed($0, 2)) }
          return HTML.element("td", value ?? "–")
        }.joined()
        text += "</tr>\n"
      }
      return text + "</tbody></table></div>"
    }.joined(separator: "\n")
  }
}
