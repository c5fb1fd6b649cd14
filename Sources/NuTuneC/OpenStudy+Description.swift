import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore

extension OpenStudy {
  /// What a study is, with its samples and data.
  var description: JSONValue {
    let folded = analysis.folded
    var values: [String: JSONValue] = [
      "name": .text(study.name), "title": .text(study.title),
      "models": .list(
        zip(study.models, assembly.models).map { selection, model in
          [
            "label": .text(selection.label), "plugin": .text(selection.name),
            "learns": .boolean(model is any TunableModel),
          ]
        }),
      "has_truth": .boolean(analysis.truth != nil), "fitted": .list(study.oscillation.fit.map { .text($0) }),
      "near": .list(zip(folded.near, nearData).map(Self.description)),
      "far": .list(zip(folded.far, farData).map(Self.description)),
      "seeds": ["data": .integer(study.dataSeed), "network": .integer(study.networkSeed)],
      "warnings": .list(warnings.map { .text($0) }),
    ]
    values["energies"] = .list([.number(folded.energies.lowerBound), .number(folded.energies.upperBound)])
    return .object(values)
  }

  private var warnings: [String] {
    study.unusedValues.map(\.description) + study.trainedRemarks(folding: analysis.folded.energies)
      + (analysis.folded.accuracyWarning.map { [$0] } ?? [])
  }

  private static func description(_ folded: FoldedDataset, _ data: SampleData) -> JSONValue {
    let sample = folded.sample
    var values: [String: JSONValue] = [
      "name": .text(sample.name), "title": .text(folded.title), "channel": .text(sample.reaction.species.rawValue),
      "target": .text(sample.reaction.target.name), "mode": .text(sample.mode),
      "measured_as": .text(folded.dataset.measuredAs), "contents": .list(data.contents.map { .number($0) }),
    ]
    values["events"] = data.events.map { .number($0) }
    values["truth"] = data.truth.map { .list($0.map { .number($0) }) }
    values.merge(sample.binning.description) { $1 }
    return .object(values)
  }
}

extension Binning {
  /// Observables with their units, the edges of every grid, and those of the third observable where there is one.
  var description: [String: JSONValue] {
    var values: [String: JSONValue] = [
      "observables": .list(
        observableNames.map {
          ["name": .text($0.rawValue), "unit": .text($0.unit), "symbol": .text($0.symbol)]
        }),
      "grids": .list(
        grids.map { grid in
          .list([grid.first, grid.second].map { axis in .list(axis.edges.map { .number($0) }) })
        }),
    ]
    values["third"] = hadronic.map { .list($0.edges.map { .number($0) }) }
    return values
  }
}
