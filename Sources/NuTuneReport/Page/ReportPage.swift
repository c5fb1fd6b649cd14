import NuTuneCore
import NuTuneResults

/// `report.html`: one file with the findings of a study, with figures inside.
struct ReportPage: Sendable {
  /// The run.
  var run: FinishedRun
  /// Figures with their pictures, in order.
  var figures: [FigureElement]

  /// The origin of the numbers.
  enum Origin: Sendable {
    /// One run.
    case run
    /// Several runs, with their differences apart from the models.
    case comparison(folders: [String], notes: [String])
  }

  /// The origin of the numbers.
  var origin: Origin = .run

  private var results: StudyResults { run.results }

  /// The page.
  var html: String {
    let title = results.study.title.isEmpty ? results.study.name : results.study.title
    let provenance = results.provenance
    return PageDocument(
      title: title,
      byline: "Study <code>\(HTML.escaped(results.study.name))</code> · started \(HTML.escaped(provenance.started)) · "
        + "NuTune \(HTML.escaped(provenance.version))",
      body: """
        \(StudySummary(results: results).html)
        \(overview?.html ?? "")
        \(differences)
        <h2>Figures of merit</h2>
        \(meritTable)
        \(CorrelationTable(results: results).html)
        \(oscillationSection)
        <h2>Figures</h2>
        \(figures.filter { $0.figure.name != overview?.figure.name && !$0.figure.isComponent }.map(\.html)
          .joined(separator: "\n"))
        \(components)
        <h2>The study as it was run</h2>
        \(StudyValues(study: results.study).html)
        <h2>Provenance</h2>
        \(ProvenanceTable(provenance: provenance).html)
        <h2>How to rebuild</h2>
        \(rebuilding)
        """
    ).html
  }

  /// The figures of components of samples.
  private var components: String {
    let own = figures.filter(\.figure.isComponent)
    guard !own.isEmpty else { return "" }
    return """
      <h2>Components of samples</h2>
      <p class="note">What samples are sums of; no detector measures one of them by itself.</p>
      \(own.map(\.html).joined(separator: "\n"))
      """
  }

  /// The differences that a reader of a comparison must know.
  private var differences: String {
    guard case .comparison(_, let notes) = origin else { return "" }
    let list = notes.map { "<li>\(HTML.escaped($0))</li>\n" }.joined()
    return "<h2>What differs beside the models</h2>\n"
      + (notes.isEmpty ? "<p>Nothing.</p>" : "<ul>\n\(list)</ul>")
      + "\n<p class=\"note\">\(results.study.hasTruth ? "Truth" : "Data"), channels, modes, bins, exposure and "
      + "oscillation are the same in all runs.</p>"
  }

  private var rebuilding: String {
    let source: String
    let command: String
    switch origin {
    case .run:
      source =
        "Figures, histograms and this page come from <code>results.json</code>, <code>predictions.json</code> and "
        + "<code>structure_functions.json</code> alone. Where <code>DIR</code> is the folder of this file:"
      command = "nutune report DIR"
    case .comparison(let folders, _):
      source = "This page comes from the results of the runs alone. Where <code>DIR</code> is the folder of this file:"
      command = "nutune compare \(folders.joined(separator: " ")) --out DIR"
    }
    return """
      <p>\(source)</p>
      <pre><code>\(HTML.escaped(command))</code></pre>
      <p class="note">Each figure is in <code>figures/</code> as PDF and SVG, with its numbers as CSV and the gnuplot script
      that draws it; distributions are in <code>histograms/</code> as UHI JSON.</p>
      """
  }

  /// The overview of all models, which comes first if there are several.
  private var overview: FigureElement? {
    run.labels.count > 1 ? figures.first { $0.figure.name == "overview" } : nil
  }

  private var meritTable: String {
    let merit = FiguresOfMerit(results)
    var text =
      "<div class=\"scroll\"><table\(merit.labels.count > 4 ? " class=\"dense\"" : "")>\n<thead><tr><th></th>"
      + (merit.hasTruth ? "<th>truth</th>" : "")
    text += merit.labels.map { HTML.element("th", $0) }.joined() + "</tr></thead>\n<tbody>\n"
    var group = ""
    let columns = merit.labels.count + (merit.hasTruth ? 2 : 1)
    for row in merit.rows {
      if row.group != group {
        group = row.group
        text += "<tr class=\"group\"><th colspan=\"\(columns)\">\(HTML.prose(group))</th></tr>\n"
      }
      let remark = row.remark.isEmpty ? "" : " \(HTML.element("span", row.remark, class: "note"))"
      text += "<tr><td title=\"\(HTML.escaped(row.name)) in results.json\">\(HTML.prose(row.title))\(remark)</td>"
      let leading = merit.hasTruth ? [row.truth] : []
      let best = row.best.map { $0 + leading.count }
      text += (leading + row.models).enumerated().map { column, cell in
        HTML.element(
          "td", DecimalText.typeset(cell.text), class: cell.isBad ? "bad" : best.contains(column) ? "best" : nil)
      }.joined()
      text += "</tr>\n"
    }
    guard merit.hasTruth else {
      return text + """
        </tbody></table></div>
        <p class="note">Shape distance: ½Σ|p−q| between bin probabilities of model and data. A row’s name in \
        <code>results.json</code> shows where the pointer rests on it.\
        \(merit.labels.count > 1 ? " Bold: the best in a row." : "")</p>
        """
    }
    return text + """
      </tbody></table></div>
      <p class="note">Shape distance: ½Σ|p−q| between bin probabilities; deviance: 2NΣp ln(p/q); bias: (best fit − the
      truth’s best fit of the same octant)/σ_stat, σ_stat half the interval of the fit with the truth; overlap of regions:
      intersection over union; overlap of reach: Σ min of near and far importance; not covered: share of the far rate where
      near data hold less than a tenth of its density; near–far: shape distance of the true distributions; structure
      functions: mean |learned/true − 1|, weighted as the row says; posterior/prior width: 1 is nothing learned. A row’s name in <code>results.json</code> shows where the pointer rests on it.\
      \(merit.labels.count > 1 ? " Bold: the best in a row." : "")</p>
      """
  }

  private var oscillationSection: String {
    let table = OscillationTable(results: results)
    return table.isEmpty ? "" : "<h2>Oscillation fit</h2>\n\(table.html)"
  }
}
