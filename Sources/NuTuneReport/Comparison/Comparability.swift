import NuTuneCore
import NuTuneResults

/// Tests whether differences between runs can come from their models alone.
enum Comparability {
  /// Largest tv between the truths (or the data without them) of two runs that count as the same: differences of
  /// quadrature or cells stay well below.
  private static let largestTruthDistance = 1e-3

  /// Whether a value must be the same in all runs.
  private static func mustAgree(_ key: String) -> Bool {
    let isOfExperiment = ["experiment.", "joint.", "predict."].contains { key.hasPrefix($0) }
    let isName = isOfExperiment && [".name", ".title", ".base"].contains { key.hasSuffix($0) }
    guard !isName, !["oscillation.preset", "likelihood.pseudo_experiments"].contains(key) else { return false }
    let exact = ["channels", "modes", "near.events", "near.sample", "fold.energy_minimum", "fold.energy_maximum"]
    return isOfExperiment || exact.contains(key)
      || ["truth.", "data.", "far.", "likelihood.", "oscillation."].contains { key.hasPrefix($0) }
  }

  /// Throws one error per difference to the first run.
  static func check(_ runs: [FinishedRun], folders: [String], names: [String]) throws {
    guard let first = runs.first else { return }
    var problems = NuTuneErrors()
    for (index, run) in runs.enumerated().dropFirst() {
      let place = SourceLocation(file: folders[index])
      let (ours, theirs) = (first.results.study.values, run.results.study.values)
      let different = Set(ours.keys).union(theirs.keys).filter { mustAgree($0) && ours[$0] != theirs[$0] }.sorted()
      let differs = !different.isEmpty
      for (section, keys) in sections(different) {
        problems.add(difference(in: section, keys, theirs, from: ours, of: names[0], at: place))
      }
      // Values agree, but the files behind them may not have.
      guard !differs else { continue }
      for sample in first.predictions.samples {
        guard let other = run.predictions.samples.first(where: { $0.name == sample.name }) else {
          problems.add(
            NuTuneError(
              .badData, at: place, key: "samples", found: "no \(sample.name)", expected: "one, as in \(names[0])"))
          continue
        }
        guard other.binning == sample.binning else {
          problems.add(
            NuTuneError(
              .badData, at: place, key: sample.name, found: "other bins", expected: "those of \(names[0])"))
          continue
        }
        if let problem = distance(of: other, to: sample, of: names[0], at: place) { problems.add(problem) }
      }
    }
    try problems.throwIfAny()
  }

  /// Returns an error if a sample's truth, or its data where not both have a truth, are not those of the first run.
  private static func distance(
    of other: Predictions.SamplePrediction, to sample: Predictions.SamplePrediction, of first: String,
    at place: SourceLocation
  ) -> NuTuneError? {
    let truths = sample.truth.flatMap { truth in other.truth.map { (truth, $0) } }
    let (ours, theirs) = truths ?? (sample.data, other.data)
    let distance = zip(ours, theirs).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    guard distance > largestTruthDistance else { return nil }
    return NuTuneError(
      .badData, at: place, key: sample.name,
      found: "\(truths == nil ? "data" : "a true distribution") at a distance of tv \(DecimalText.general(distance)) "
        + "from \(truths == nil ? "those" : "that") of \(first)",
      expected: truths == nil
        ? "the same data (has their file changed in between?)"
        : "the same truth (have flux files or the program changed in between?)")
  }

  /// Groups keys by their first part, in order.
  private static func sections(_ keys: [String]) -> [(name: String, keys: [String])] {
    var sections: [(name: String, keys: [String])] = []
    for key in keys {
      let name = String(key.prefix { $0 != "." })
      if sections.last?.name == name {
        sections[sections.count - 1].keys.append(key)
      } else {
        sections.append((name, [key]))
      }
    }
    return sections
  }

  /// Returns one error for all differences in a section: with the key that determines the others, `truth.model`, or the
  /// first key, and the number of further ones.
  private static func difference(
    in section: String, _ keys: [String], _ theirs: [String: ParameterValue], from ours: [String: ParameterValue],
    of first: String, at place: SourceLocation
  ) -> NuTuneError {
    let leading = ["\(section).model", "\(section).base", "\(section).name"].first(where: keys.contains) ?? keys[0]
    let others = keys.filter { $0 != leading }
    let names = others.prefix(3).joined(separator: ", ")
    let more =
      others.isEmpty
      ? ""
      : "; \(names)\(others.count > 3 ? " and \(others.count - 3) more" : "") \(others.count == 1 ? "differs" : "differ"), too"
    return NuTuneError(
      .badData, at: place, key: leading, found: brief(theirs[leading]),
      expected: "\(brief(ours[leading])), as in \(first)\(more)")
  }

  /// Returns the differences that allow a comparison: seeds, settings of the study, parameters of models of one kind,
  /// version.
  static func notes(_ runs: [FinishedRun], names: [String]) -> [String] {
    let studies = runs.map(\.results.study)
    var notes: [String] = []
    func add(_ what: String, _ values: [(who: String, value: String)]) {
      var groups: [(value: String, who: [String])] = []
      for (who, value) in values {
        if let index = groups.firstIndex(where: { $0.value == value }) {
          groups[index].who.append(who)
        } else {
          groups.append((value, [who]))
        }
      }
      guard groups.count > 1 else { return }
      notes.append(
        "\(what): " + groups.map { "\($0.value) (\($0.who.joined(separator: ", ")))" }.joined(separator: "; "))
    }
    let keys = Set(studies.flatMap(\.values.keys)).filter {
      !mustAgree($0) && !$0.hasPrefix("models.") && !["name", "title", "schema"].contains($0)
        && !$0.hasPrefix("experiment.") && $0 != "oscillation.preset"
    }
    for key in keys.sorted() { add(key, zip(names, studies).map { ($0, brief($1.values[key])) }) }
    for (model, places) in models(runs, names).sorted(by: { $0.key < $1.key }) where places.count > 1 {
      let parameters = Set(places.flatMap(\.parameters.keys)).sorted()
      for parameter in parameters {
        add("\(model), \(parameter)", places.map { ($0.label, brief($0.parameters[parameter])) })
      }
    }
    for sample in runs.first?.predictions.samples ?? [] {
      let drawn = runs.contains { run in
        guard let other = run.predictions.samples.first(where: { $0.name == sample.name }) else { return false }
        return zip(sample.data, other.data).contains { abs($0 - $1) > 1e-9 }
      }
      if drawn { notes.append("data of \(sample.name): drawn differently; figures show those of \(names[0])") }
    }
    add("version", zip(names, runs).map { ($0, $1.results.provenance.version) })
    add("commit", zip(names, runs).map { ($0, String($1.results.provenance.commit.prefix(10))) })
    return notes
  }

  private static func models(
    _ runs: [FinishedRun], _ names: [String]
  ) -> [String: [(label: String, parameters: [String: ParameterValue])]] {
    var models: [String: [(label: String, parameters: [String: ParameterValue])]] = [:]
    for (name, run) in zip(names, runs) {
      for label in run.labels {
        let prefix = "models.\(label)."
        var parameters: [String: ParameterValue] = [:]
        for (key, value) in run.results.study.values where key.hasPrefix(prefix) {
          parameters[String(key.dropFirst(prefix.count))] = value
        }
        let model = parameters.removeValue(forKey: "model")?.description ?? "model"
        models[model, default: []].append(("\(name)/\(label)", parameters))
      }
    }
    return models
  }

  /// Returns the text of a value, shortened for a long list.
  private static func brief(_ value: ParameterValue?) -> String {
    guard let text = value?.description else { return "nothing" }
    return text.isEmpty ? "“”" : FigureText.shortened(text, to: 80)
  }
}
