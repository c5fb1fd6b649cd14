import NuTuneResults

/// `report.html` of an ensemble: one file about the systematic uncertainties, with figures inside.
struct EnsemblePage: Sendable {
  /// The ensemble.
  var ensemble: FinishedEnsemble
  /// Figures with their pictures, in order.
  var figures: [FigureElement]

  private var results: EnsembleResults { ensemble.results }

  /// The page.
  var html: String {
    let study = results.study
    let provenance = results.provenance
    return PageDocument(
      title: study.title.isEmpty ? study.name : study.title,
      byline:
        "Ensemble of <code>\(HTML.escaped(results.model))</code> in study <code>\(HTML.escaped(study.name))</code> · "
        + "merged \(HTML.escaped(provenance.started)) · NuTune \(HTML.escaped(provenance.version))",
      body: """
        \(results.warnings.map(HTML.warning).joined())
        \(EnsembleSummary(ensemble: ensemble).html)
        \(headline?.html ?? "")
        <h2>By source</h2>
        \(EnsembleRows.sets(results).html)
        <p class="note">Shift and spread: mean and standard deviation over the members of (fit − fit with the true cross
        section, of the same octant)/σ<sub>stat</sub>, with their standard errors; far tv: ½Σ|p−q| to the truth at the far detector,
        mean ± standard deviation; the last columns: whether the true values lie in the combined regions, and which share
        of the regions with the true cross section these contain, at 68.27 and 95.45 %.</p>
        <h2>Combined intervals</h2>
        \(EnsembleRows.intervals(results).html)
        <p class="note">All sources together. σ<sub>stat</sub> is half the Δ(−2lnL) = 1 interval with the true cross section and the
        nominal flux.</p>
        <h2>Figures</h2>
        \(figures.filter { $0.figure.name != headline?.figure.name }.map(\.html).joined(separator: "\n"))
        <h2>How members are combined</h2>
        \(Self.rule)
        \(failures)
        <h2>The study as it was run</h2>
        \(study.farFluxNote)
        \(StudyValues(study: study).html)
        <h2>Provenance</h2>
        \(ProvenanceTable(provenance: provenance).html)
        <h2>How to rebuild</h2>
        <p>Figures and this page come from <code>ensemble.json</code>, and that from the files in <code>members/</code>.
        Where <code>DIR</code> is the folder of this file:</p>
        <pre><code>nutune ensemble merge DIR</code></pre>
        <p class="note">Each figure is in <code>figures/</code> as PDF and SVG, with its numbers as CSV and the gnuplot
        script that draws it.</p>
        """
    ).html
  }

  private var headline: FigureElement? { figures.first { $0.figure.name == "ensemble-contours" } }

  private static let rule = """
    <p>Every member is fitted to the same far data. A point belongs to the combined nσ region when it lies outside at most
    a share f<sub>n</sub> = ½[1 + erf(n/√2)] of the members’ nσ regions: 84.1 % at one σ, 97.7 % at two. Where the members’
    fits scatter like a normal distribution of width σ<sub>sys</sub> and each has the half width
    n σ<sub>stat</sub>, the edge of that region is at n σ<sub>stat</sub> + n σ<sub>sys</sub>: statistical and systematic
    errors add linearly, which is more cautious than adding them in quadrature. A shift that all members have in common
    moves the region and does not widen it.</p>
    """

  private var failures: String {
    let failures = EnsembleRows.failures(results)
    guard !failures.isEmpty else { return "" }
    let rows = failures.map {
      "<tr><td><code>\(HTML.escaped($0.member))</code></td>\(HTML.element("td", $0.reason, class: "words"))</tr>\n"
    }
    return """
      <h2>Members that do not count</h2>
      <table><tbody>
      \(rows.joined())</tbody></table>
      """
  }
}
