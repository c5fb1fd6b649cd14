import NuTuneCore
import NuTuneResults

/// `report.html` of a scan: one file that says what a value of a study is worth, with its figure inside.
struct ScanPage: Sendable {
  /// The runs.
  var scan: RunScan
  /// The figure with its picture.
  var figures: [FigureElement]

  /// The page.
  var html: String {
    PageDocument(
      title: title, byline: byline,
      body: """
        \(warnings.map(HTML.warning).joined())
        \(findings)
        \(figures.map(\.html).joined(separator: "\n"))
        <h2>\(scan.calibration == nil ? "By value" : "All together")</h2>
        \((scan.calibration?.table ?? scan.table).html)
        <p class="note">\(HTML.escaped(legend)) The numbers are in
        <code>figures/\(scan.calibration == nil ? "scan" : "calibration").csv</code>.</p>
        <h2>Runs</h2>
        <ul>
        \(zip(scan.values, scan.folders).map { "<li>\(HTML.escaped($0.text)): \(place($1))</li>\n" }.joined())</ul>
        <h2>The study as it was run</h2>
        \(scan.results[0].study.farFluxNote)
        <p class="note">Values that all runs have in common.</p>
        \(StudyValues(study: common).html)
        <h2>How to rebuild</h2>
        <p>The figure and this page come from the results of the runs alone. Where <code>DIR</code> is the folder of this
        file:</p>
        <pre><code>\(HTML.escaped(command))</code></pre>
        <p class="note">The figure is in <code>figures/</code> as PDF and SVG, with its numbers as CSV and the gnuplot script
        that draws it.</p>
        """
    ).html
  }

  private var legend: String {
    guard scan.calibration == nil else { return Calibration.legend }
    return
      "tv: total variation distance to the truth; bias: distance of the best fit from the true parameter in standard deviations "
      + "of the fit; in red: models that near data refuse, with a p value below "
      + "\(DecimalText.general(GoodnessOfFit.leastProbability)) or, without fluctuations, a misfit that fewer events show than "
      + "there are."
  }

  private var title: String {
    let study = scan.results[0].study
    guard scan.home != nil else { return "Against \(scan.key)" }
    return study.title.isEmpty ? study.name : study.title
  }

  private var byline: String {
    let provenance = scan.results[0].provenance
    return
      "Study <code>\(HTML.escaped(scan.results[0].study.name))</code> against <code>\(HTML.escaped(scan.key))</code> · "
      + "started \(HTML.escaped(scan.results.map(\.provenance.started).min() ?? provenance.started)) · "
      + "NuTune \(HTML.escaped(provenance.version))"
  }

  private var command: String {
    scan.home == nil
      ? "nutune compare \(scan.folders.joined(separator: " ")) --against \(scan.key) --out DIR" : "nutune report DIR"
  }

  /// The folder of a run: a link to variants, which lie beside the page.
  private func place(_ folder: String) -> String {
    guard let home = scan.home, folder.hasPrefix(FilePath.join(home, "")) else { return HTML.element("code", folder) }
    let path = HTML.escaped(String(folder.dropFirst(FilePath.join(home, "").count)))
    return "<a href=\"\(path)/\"><code>\(path)</code></a>"
  }

  private var warnings: [String] {
    zip(scan.values, scan.results).filter { !$1.converged }.map { value, _ in
      "Not everything converged at \(value.text)"
    }
  }

  /// The values of the study that are the same in all runs.
  private var common: EffectiveStudy {
    var study = scan.results[0].study
    study.values = study.values.filter { key, value in scan.results.allSatisfy { $0.study.values[key] == value } }
    return study
  }

  /// What near data say of each model, and how far its prediction is off, one paragraph each.
  private var findings: String {
    guard scan.calibration == nil else { return "" }
    return scan.labels.compactMap(finding).map { "<p class=\"lead\">\($0)</p>\n" }.joined()
  }

  private func finding(_ label: String) -> String? {
    let points = zip(scan.values, scan.results).compactMap { value, run in
      run.models[label].map { (value: value.text, model: $0) }
    }
    let judged = points.filter { $0.model.near.goodnessOfFit != nil }
    guard !judged.isEmpty else { return nil }
    func most(_ models: [ModelResults]) -> String? {
      models.compactMap { $0.far?.tv }.max().map { "<b>\(DecimalText.typeset(DecimalText.general($0, 2)))</b>" }
    }
    let (refused, accepted) = (judged.filter(\.model.isRefused), judged.filter { !$0.model.isRefused }.map(\.model))
    let name = "<b>\(HTML.escaped(label))</b>"
    guard !refused.isEmpty else {
      let far = most(accepted).map { ", and predicts the far detector to within \($0)" } ?? ""
      return "\(name) describes the near data at every value\(far)."
    }
    let places = refused.map(\.value).joined(separator: ", ")
    let far = most(refused.map(\.model)).map { "; the far prediction would be off by up to \($0)" } ?? ""
    let elsewhere =
      most(accepted).map { " Where near data accept it, it predicts the far detector to within \($0)." } ?? ""
    return
      "\(name) \(HTML.element("span", "does NOT describe the near data at \(places)", class: "bad"))\(far).\(elsewhere)"
  }
}
