import NuTuneResults

/// The first paragraph of the report: the findings, in plain words.
struct StudySummary: Sendable {
  /// Results.
  var results: StudyResults

  /// The paragraph, and one in red for everything that did not converge.
  var html: String {
    var sentences: [String] = []
    if let distance = results.truth.nearFarTv {
      sentences.append(
        "The distributions at the near and the far detector are a total variation distance of "
          + "<b>\(DecimalText.fixed(distance, 3))</b> apart: that is what a model tuned at the near detector has to bridge."
      )
    }
    if let flux = results.study.farFluxSentence { sentences.append(HTML.escaped(flux)) }
    let findings = results.orderedLabels.compactMap { label in results.models[label].map { sentence(label, $0) } }
    // More than two models are easier to read one below the other.
    let list = findings.count > 2 ? "<ul>\n\(findings.map { "<li>\($0)</li>\n" }.joined())</ul>\n" : ""
    if list.isEmpty { sentences += findings }
    let troubles = ResultTable.troubles(results)
    let red = troubles.map { "<p>\(HTML.element("span", $0, class: "bad"))</p>\n" }.joined()
    let warnings = ResultTable.warnings(results).map(HTML.warning).joined()
    return warnings + "<p class=\"lead\">\(sentences.joined(separator: " "))</p>\n\(list)\(red)"
  }

  private func sentence(_ label: String, _ model: ModelResults) -> String {
    let near = "<b>\(DecimalText.typeset(DecimalText.general(model.near.tv, 2)))</b>"
    var text = "<b>\(HTML.escaped(label))</b> "
    text +=
      results.study.hasTruth
      ? "reproduces the near detector to within \(near)"
      : "lies a total variation distance of \(near) from the near data"
    if let far = model.far {
      text += " and predicts the far detector to within <b>\(DecimalText.typeset(DecimalText.general(far.tv, 2)))</b>"
      if let distance = results.truth.nearFarTv, distance > 0 {
        let percent = 100 * far.tv / distance
        text +=
          ", \(percent < 99.5 ? DecimalText.general(percent, 2) : DecimalText.fixed(percent, 0)) % of that distance"
      }
    }
    if let fit = model.oscillation, let bias = fit.biasSigma {
      let parts = fit.parameters.compactMap { name in
        bias[name].map {
          "<b>\(DecimalText.typeset(DecimalText.signed($0, 2))) σ</b> in \(HTML.prose(FittedParameter(name).symbol))"
        }
      }
      if !parts.isEmpty {
        text +=
          "; with it the oscillation fit lands \(parts.joined(separator: " and ")) from where the true cross section "
          + "puts it"
      }
    }
    text += "."
    if let fit = model.near.goodnessOfFit, fit.verdict != .good {
      let what =
        fit.verdict == .poor ? "It does NOT describe the near data" : "It has LEARNED FLUCTUATIONS of the near data"
      let number =
        fit.pValue.map { DecimalText.probability($0) }.map { ", p \($0.hasPrefix("<") ? "" : "= ")\($0)" }
        ?? fit.visibleEvents.map { ", as \(DecimalText.general($0, 2)) events would show" } ?? ""
      text += " \(HTML.element("span", "\(what)\(number).", class: "bad"))"
    }
    if let training = model.training {
      text +=
        training.converged
        ? (training.steps > 1 ? " Its training converged." : " It was \(HTML.escaped(training.verdict)).")
        : " \(HTML.element("span", "Its training has NOT converged.", class: "bad"))"
    }
    if let fit = model.oscillation, !fit.converged {
      text += " \(HTML.element("span", "Its oscillation fit has NOT converged.", class: "bad"))"
    }
    if let reasons = model.oscillationCheck?.reasons, !reasons.isEmpty {
      text += " \(HTML.element("span", "Its oscillation fit is WITHHELD.", class: "bad"))"
    }
    return text
  }
}
