import NuTuneResults

/// The first paragraph of an ensemble's report: the sources that vary and their effect, in plain words.
struct EnsembleSummary: Sendable {
  /// The ensemble.
  var ensemble: FinishedEnsemble

  private var results: EnsembleResults { ensemble.results }

  /// The paragraph, and one in red for everything that did not converge.
  var html: String {
    let sentences =
      ensemble.combined.model.map { [scatter($0), largest, regions($0)].compactMap { $0 } }
      ?? ["Fewer than two members with all sources together count, so nothing is combined."]
    let red = EnsembleRows.troubles(results).map { "<p>\(HTML.element("span", $0, class: "bad"))</p>\n" }.joined()
    return "<p class=\"lead\">\(sentences.joined(separator: " "))</p>\n\(red)"
  }

  private func scatter(_ combination: EnsembleResults.Combination) -> String {
    let sources = HTML.escaped(Self.list(ensemble.combined.vary.map(\.noun)))
    let fits = ensemble.parameters.compactMap { parameter -> String? in
      guard let shift = combination.shift[parameter.name], let spread = combination.spread[parameter.name] else {
        return nil
      }
      return "by <b>\(DecimalText.typeset(DecimalText.fixed(spread.value, 2))) σ</b> around "
        + "\(DecimalText.typeset(DecimalText.signed(shift.value, 2))) σ in \(HTML.prose(parameter.symbol))"
    }
    return "The <b>\(combination.members)</b> members of this ensemble differ in \(sources)"
      + "\(ensemble.combined.vary.count > 1 ? " together" : ""); their fits with the learned cross section scatter "
      + "\(Self.list(fits)), seen from the fit with the true one and in units of the statistical error of the far data."
  }

  /// The source with the largest spread, by parameter; nil if no source varies alone.
  private var largest: String? {
    let sets = ensemble.sources.filter { $0.model != nil }
    guard sets.count > 1 else { return nil }
    let largest = ensemble.parameters.compactMap { parameter -> (source: String, place: String, spread: String)? in
      let spreads = sets.compactMap { set in
        set.model?.spread[parameter.name].map { (title: set.vary.first?.noun ?? set.name, value: $0.value) }
      }
      guard let most = spreads.max(by: { $0.value < $1.value }), most.value > 0 else { return nil }
      return (HTML.escaped(most.title), HTML.prose(parameter.symbol), "\(DecimalText.fixed(most.value, 2)) σ")
    }
    guard let first = largest.first else { return nil }
    if largest.allSatisfy({ $0.source == first.source }) {
      return "The largest source is <b>\(first.source)</b>, which alone makes "
        + "\(Self.list(largest.map { "\($0.spread) in \($0.place)" }))."
    }
    let parts = largest.map { "<b>\($0.source)</b> in \($0.place) (\($0.spread) alone)" }
    return "The largest source is \(Self.list(parts))."
  }

  private func regions(_ combination: EnsembleResults.Combination) -> String? {
    let levels = EnsembleResults.levels
    let parts = levels.compactMap { level -> String? in
      combination.holdsTruthRegion[level.key].map { share in
        let words = share > 0.9995 ? "all" : "\(DecimalText.fixed(100 * share, 1)) %"
        return "<b>\(words)</b> of the one at \(DecimalText.general(level.sigmas)) σ"
      }
    }
    guard !parts.isEmpty else { return nil }
    let held = levels.filter { combination.holdsTruth[$0.key] == true }
    let place: String
    switch held.count {
    case levels.count: place = "in both"
    case 0: place = "<b>in neither</b>"
    default: place = "<b>only in that at \(DecimalText.general(held[0].sigmas)) σ</b>"
    }
    return "Of the regions with the true cross section the combined ones contain \(Self.list(parts)); the true values "
      + "lie \(place)."
  }

  /// `a`, `a and b`, `a, b and c`.
  private static func list(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "nothing" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}
