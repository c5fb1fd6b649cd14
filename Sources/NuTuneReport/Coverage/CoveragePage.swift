import NuTuneResults

/// `report.html` of coverage: one file that says how far intervals can be trusted, with its figure inside.
struct CoveragePage: Sendable {
  /// The results.
  var results: CoverageResults
  /// Figures with their pictures, in order.
  var figures: [FigureElement]

  /// The page.
  var html: String {
    let study = results.study
    return PageDocument(
      title: "\(study.title.isEmpty ? study.name : study.title): coverage",
      byline: "Study <code>\(HTML.escaped(study.name))</code> · \(DecimalText.count(Double(results.experiments))) "
        + "pseudo-experiments",
      body: """
        \(warnings.map(HTML.warning).joined())
        <p class="lead">\(summary)</p>
        \(figures.map(\.html).joined(separator: "\n"))
        <h2>By model and parameter</h2>
        \(CoverageTable.table(results).html)
        <p class="note">Shares of the experiments whose interval contained the true value, ± the binomial error of a correct
        interval, √(p(1−p)/n); <code>joint</code>: the region of all parameters. Shift and spread: mean and standard
        deviation of fit − truth, in the parameter’s own unit, with the minimum nearest to the truth. Experiments whose fit
        did not converge or whose model could not be tuned have failed and do not count; <code>.at_posterior_mean</code>: a
        model that knows its uncertainty, held at its mean.</p>
        <h2>The study as it was run</h2>
        \(study.farFluxNote)
        \(StudyValues(study: study).html)
        <h2>How to rebuild</h2>
        <p>Figures and this page come from <code>coverage.json</code>, and that from the files in <code>experiments/</code>,
        which the same command reuses. Where <code>DIR</code> is the folder of this file:</p>
        <pre><code>nutune coverage \(HTML.escaped(study.name)) --experiments \(results.experiments) --out DIR</code></pre>
        <p class="note">The figure is in <code>figures/</code> as PDF and SVG, with its numbers as CSV and the gnuplot script
        that draws it.</p>
        """
    ).html
  }

  /// Every fraction with its model, parameter and level.
  private var fractions: [(title: String, name: String, level: String, fraction: CoverageResults.Fraction)] {
    results.orderedModels.flatMap { model in
      results.counted.flatMap { name in
        CoverageResults.levels.compactMap { level in
          level.fractions(model.model)[name].map { (model.title, name, level.title, $0) }
        }
      }
    }
  }

  private var summary: String {
    guard let worst = fractions.max(by: { abs($0.fraction.pull) < abs($1.fraction.pull) }) else {
      return "No experiment counts, so nothing is known about the intervals."
    }
    let parameter = worst.name == "joint" ? "all parameters jointly" : HTML.prose(FittedParameter(worst.name).symbol)
    let good = fractions.count { abs($0.fraction.pull) <= 2 }
    return
      "In <b>\(results.experiments)</b> pseudo-experiments <b>\(good) of \(fractions.count)</b> intervals contained "
      + "the truth as often as they claim, to within two standard deviations. Furthest off is the \(worst.level) interval of "
      + "<b>\(HTML.escaped(worst.title))</b> in \(parameter): <b>\(DecimalText.fixed(100 * worst.fraction.fraction, 1)) %</b>, "
      + "\(DecimalText.typeset(DecimalText.signed(worst.fraction.pull, 1))) standard deviations."
  }

  /// Warnings: significant under-coverage (pull below −3); models with failed fits.
  private var warnings: [String] {
    let short = results.orderedModels.compactMap { model -> String? in
      let parts = fractions.filter { $0.title == model.title && $0.fraction.pull < -3 }.map {
        "\($0.name) at \($0.level) in \(DecimalText.fixed(100 * $0.fraction.fraction, 1)) %"
      }
      guard !parts.isEmpty else { return nil }
      return "\(model.title): intervals contain the truth too seldom: \(parts.joined(separator: ", "))"
    }
    let failed = results.orderedModels.filter { $0.model.failed > 0 }.map {
      "\($0.title): \($0.model.failed) of \($0.model.failed + $0.model.experiments) experiments failed and do not count"
    }
    return short + failed
  }
}
