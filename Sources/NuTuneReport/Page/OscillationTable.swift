import Foundation
import NuTuneResults

/// The oscillation fits: every minimum, the intervals, and the outcome of each fit.
struct OscillationTable: Sendable {
  private let fits: [(name: String, results: OscillationResults)]
  private let trueValues: [(parameter: FittedParameter, value: Double)]
  private let parameters: [FittedParameter]

  /// Collects the fits of a study: truth first, then models in order.
  init(results: StudyResults) {
    var fits = results.truth.oscillation.map { [(name: "truth", results: $0)] } ?? []
    for label in results.orderedLabels {
      let model = results.models[label]
      if let fit = model?.oscillation { fits.append((label, fit)) }
      if let fit = model?.oscillationAtPosteriorMean { fits.append(("\(label), held at its mean", fit)) }
    }
    self.fits = fits
    let names = fits.first?.results.parameters ?? []
    parameters = names.map(FittedParameter.init)
    trueValues = names.compactMap { name in results.study.trueValue(name).map { (FittedParameter(name), $0) } }
  }

  /// Whether there is no fit.
  var isEmpty: Bool { fits.isEmpty }

  /// The table.
  var html: String {
    var text = "<div class=\"scroll\"><table class=\"dense\">\n<thead><tr><th>cross section</th><th>minimum</th>"
    text +=
      parameters.map { HTML.element("th", $0.heading.replacing(" eV", with: "\u{A0}eV")) }.joined()
      + "<th>Δ(−2lnL)</th>"
    text +=
      parameters.map { HTML.element("th", "interval in \($0.symbol)") }.joined()
      + "<th>fit</th></tr></thead>\n<tbody>\n"
    for fit in fits { text += rows(fit.name, fit.results) }
    text += "</tbody></table></div>\n<p class=\"note\">"
    if !trueValues.isEmpty {
      let values = trueValues.map { item in
        "\(item.parameter.symbol) = \(item.parameter.text(item.value))\(item.parameter.unit.isEmpty ? "" : " · " + item.parameter.unit)"
      }
      text += HTML.escaped("True values: \(values.joined(separator: ", ")). ")
    }
    return text + """
      The fit compares the shape of every sample for itself; how many events a sample has, and how many electrons come with
      how many muons, is not used. Errors from the Hessian; intervals where Δ(−2lnL) = 1 with the other parameters profiled. Muon disappearance alone
      hardly tells the octants of θ₂₃ apart, so all minima are listed, and a model is compared with the truth in the
      truth’s octant.</p>
      """ + remarks.map { "\n<p class=\"note\">\(HTML.escaped($0))</p>" }.joined()
  }

  /// Remarks on nuisance parameters, and on levels from pseudo-experiments.
  private var remarks: [String] {
    fits.flatMap { name, fit -> [String] in
      var remarks = (fit.remarks ?? []).map { "With \(name): \($0)." }
      if let pulls = fit.pulls, !pulls.isEmpty {
        let list = pulls.sorted { $0.key.localizedStandardCompare($1.key) == .orderedAscending }
          .map { "\($0.key) \(DecimalText.signed($0.value, 2))" }
        remarks.append("Profiled with \(name), in standard deviations: \(list.joined(separator: ", ")).")
      }
      if let scales = fit.scales, !scales.isEmpty {
        let list = scales.sorted { $0.key < $1.key }.map { "\($0.key) \(DecimalText.fixed($0.value, 3))" }
        remarks.append("Free scales with \(name), relative to what near data say: \(list.joined(separator: ", ")).")
      }
      for (question, answers) in (fit.hypotheses ?? [:]).sorted(by: { $0.key < $1.key }) {
        let list = answers.sorted { ($0.value.delta, $0.key) < ($1.value.delta, $1.key) }.map { answer, found in
          "\(answer) \(DecimalText.fixed(found.delta, 2))\(found.converged ? "" : " (NOT converged)")"
        }
        remarks.append("Δ(−2lnL) by \(question) with \(name), everything else fitted: \(list.joined(separator: ", ")).")
      }
      if let priors = fit.priors, !priors.isEmpty, name == "truth" {
        let list = priors.sorted { $0.key < $1.key }.map { parameter, prior in
          let shown = FittedParameter(parameter)
          return "\(shown.symbol) = \(shown.text(prior[0])) ± \(shown.text(prior[1]))"
        }
        remarks.append("All fits have Gaussian priors: \(list.joined(separator: ", ")).")
      }
      let regions = (fit.feldmanCousins ?? [:]).values.sorted { $0.probability < $1.probability }
      if !regions.isEmpty {
        let list = regions.map { region in
          "\(DecimalText.general(100 * region.probability, 4)) %: \(DecimalText.fixed(region.atMinimum[0], 2)) ± "
            + "\(DecimalText.fixed(region.atMinimum[1], 2)) at the best fit, \(DecimalText.fixed(region.criticalValues[0], 2)) "
            + "to \(DecimalText.fixed(region.criticalValues[1], 2)) on the whole scan"
        }
        remarks.append(
          "Critical Δ(−2lnL) after Feldman and Cousins with \(name), \(regions[0].experiments) pseudo-experiments at "
            + "each point: \(list.joined(separator: "; ")).")
      }
      return remarks
    }
  }

  private func rows(_ name: String, _ fit: OscillationResults) -> String {
    var text = ""
    for (number, minimum) in fit.orderedMinima.enumerated() {
      let isCompared = number == 0
      let kind = minimum.delta > 0 ? isCompared ? "nearest the truth’s" : "other" : "best"
      text += isCompared ? "<tr class=\"first\">\(HTML.element("td", name))" : "<tr><td></td>"
      text += HTML.element("td", kind)
      for parameter in parameters {
        let value = minimum.parameters[parameter.name]
        var cell = value.map { parameter.text($0) } ?? "–"
        if isCompared, let error = fit.errors[parameter.name] { cell += " ± \(parameter.text(error))" }
        text += HTML.element("td", cell)
      }
      text += HTML.element("td", DecimalText.fixed(minimum.delta, 2))
      for parameter in parameters {
        text += HTML.element("td", isCompared ? interval(fit.intervals[parameter.name], parameter) : "")
      }
      if isCompared {
        text += HTML.element("td", fit.converged ? "converged" : "NOT converged", class: fit.converged ? nil : "bad")
      } else {
        text += "<td></td>"
      }
      text += "</tr>\n"
    }
    return text
  }

  private func interval(_ interval: OscillationResults.Interval?, _ parameter: FittedParameter) -> String {
    guard let interval else { return "–" }
    var text = "\(parameter.text(interval.lower)) to \(parameter.text(interval.upper))"
    if interval.spansSeveralMinima { text += ", both minima" }
    switch interval.oneSided {
    case .upperLimit: text = "at most \(parameter.text(interval.upper)) (one-sided)"
    case .lowerLimit: text = "at least \(parameter.text(interval.lower)) (one-sided)"
    case nil: if interval.reachesBound { text += ", at bound" }
    }
    return text
  }
}
