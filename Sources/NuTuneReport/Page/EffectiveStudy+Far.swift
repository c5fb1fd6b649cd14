import NuTuneResults

extension EffectiveStudy {
  /// The far sample in a line, `DUNE, 6200 far events (3.85e+21 POT, 40 kt)`.
  var farSampleTitle: String {
    let place = predictedTitle ?? farTitles.joined(separator: ", ")
    let path = predictedTitle == nil ? "experiment.far" : "predict.experiment.far"
    guard let events = number("far.events") else { return place }
    var title = "\(place), \(DecimalText.count(events)) far events"
    // An exposure is stated for the experiment's own number of events, and says nothing about another number.
    if number("\(path).events") == events, let pot = number("\(path).exposure.pot"),
      let mass = number("\(path).exposure.mass")
    {
      title += " (\(DecimalText.general(pot)) POT, \(DecimalText.general(mass / 1000)) kt)"
    }
    return title
  }

  /// Titles of the experiments whose far samples are fitted; of the study's own where samples do not say.
  private var farTitles: [String] {
    let samples = values.keys.filter { $0.hasPrefix("far.samples.") && $0.hasSuffix(".mode") }
    let named = samples.map {
      text(String($0.dropLast(".mode".count)) + ".experiment") ?? text("experiment.name") ?? ""
    }
    let own = text("experiment.title") ?? ""
    guard let name = text("experiment.name"), named.contains(where: { $0 != name }) else { return [own] }
    return (named.contains(name) ? [own] : [])
      + Set(named).subtracting([name]).sorted().map { text("joint.\($0).title") ?? $0 }
  }

  /// Sentence about the flux of the far prediction; nil without one, and in older files.
  var farFluxSentence: String? {
    guard let choice = text("far.flux"), number("far.events") != nil else { return nil }
    let path = values["predict.at"] == nil ? "experiment.far.fluxes" : "predict.experiment.far.fluxes"
    let own = choice == "own" || values["predict.at"] != nil
    let names = values.filter { $0.key.hasPrefix(own ? path : "experiment.near.fluxes") && $0.key.hasSuffix(".base") }
      .sorted { $0.key < $1.key }.map(\.value.description)
    let list = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    return own
      ? "Before oscillation the predicted detector sees its own flux\(list)."
      : "Before oscillation the far detector sees the shape of the near flux\(list); far.flux: own takes its own."
  }

  /// `farFluxSentence` as a paragraph; empty without one.
  var farFluxNote: String { farFluxSentence.map { "<p class=\"note\">\(HTML.escaped($0))</p>" } ?? "" }

  private func text(_ key: String) -> String? {
    guard case .text(let text)? = values[key] else { return nil }
    return text
  }
}
